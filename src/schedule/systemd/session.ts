import { existsSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { describeFailure } from '../apply.ts';
import { ScheduleError } from '../error.ts';
import type { Machine } from '../machine.ts';
import { refuseSudo } from '../sudo.ts';

const HINT = 'cron does without systemd: --crontab';

/** The user's service manager, ready to be asked. */
export interface Session {
  /** Where it looks for units of the user's own. */
  unitDirectory: string;
  /** The words that call one of its programs, such as `systemctl`. */
  call(program: string, ...args: string[]): readonly string[];
  /**
   * Asks `systemctl` something that changes nothing.
   * @throws ScheduleError when it fails.
   */
  ask(...args: string[]): Promise<string>;
}

/**
 * Finds the user's service manager.
 * @param runtimeRoot where the directories of users who are logged in are.
 * @throws ScheduleError when none answers.
 */
export async function openSession(machine: Machine, runtimeRoot = '/run/user'): Promise<Session> {
  refuseSudo(machine);
  const environment = machine.env['XDG_RUNTIME_DIR'] ? [] : [findRuntimeDirectory(machine, runtimeRoot)];
  const call: Session['call'] = (program, ...args) => [
    ...(environment.length > 0 ? ['/usr/bin/env', ...environment] : []),
    program,
    '--user',
    ...args,
  ];
  const ask: Session['ask'] = async (...args) => {
    const argv = call('systemctl', ...args);
    const ran = await machine.run(argv);
    if (ran.code !== 0) {
      throw new ScheduleError(describeFailure(argv, ran), {
        hint: HINT,
        isAbsent: ran.isMissing || isUnreachable(ran.stderr),
      });
    }
    return ran.stdout.toString('utf8');
  };
  await ask('show-environment');
  return { unitDirectory: await findUnitDirectory(machine, ask), call, ask };
}

/** cron, su and some shells over ssh leave the variable out. */
function findRuntimeDirectory({ uid, user }: Machine, root: string): string {
  const path = join(root, `${uid}`);
  if (existsSync(path)) return `XDG_RUNTIME_DIR=${path}`;
  throw new ScheduleError(`systemd runs nothing for ${user} now: there is no ${path}.`, {
    hint: `log in as ${user}, or use --crontab`,
    isAbsent: true,
  });
}

async function findUnitDirectory({ env, home }: Machine, ask: Session['ask']): Promise<string> {
  const usual = join(home, '.config/systemd/user');
  const own = env['XDG_CONFIG_HOME'] ?? '';
  if (!isAbsolute(own) || join(own, 'systemd/user') === usual) return usual;
  // A variable that a shell sets is none of the service manager's.
  const paths = (await ask('show', '--property=UnitPath'))
    .trim()
    .replace(/^UnitPath=/, '')
    .split(' ');
  const isUsual = paths.includes(usual) && !paths.includes(join(own, 'systemd/user'));
  return isUsual ? usual : join(own, 'systemd/user');
}

/** What the person should know about the time they are not logged in, or undefined when the schedule runs then as well. */
export async function describeLinger(machine: Machine): Promise<string | undefined> {
  const { user } = machine;
  const argv = ['loginctl', 'show-user', user, '-p', 'Linger'];
  const ran = await machine.run(argv);
  const answer = ran.code === 0 ? /^Linger=(yes|no)$/m.exec(ran.stdout.toString('utf8'))?.[1] : undefined;
  if (answer === 'yes') return undefined;
  if (answer === 'no') return `it runs only while ${user} is logged in; loginctl enable-linger changes that`;
  const said = ran.code === 0 ? 'loginctl does not say it' : describeFailure(argv, ran).replace(/\.$/, '');
  return `whether it runs while ${user} is not logged in cannot be told: ${said}; loginctl enable-linger makes sure`;
}

/** What `systemctl --user` says where no manager of the user runs. */
function isUnreachable(text: string): boolean {
  return /Failed to connect to bus|not been booted with systemd/.test(text);
}
