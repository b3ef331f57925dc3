import { existsSync } from 'node:fs';
import { posix } from 'node:path';
import { describeFailure, readFile } from '../apply.ts';
import { ScheduleError } from '../error.ts';
import type { Machine, Ran } from '../machine.ts';
import type { Found, Plan, Scheduler, Step, Task } from '../scheduler.ts';
import { refuseSudo } from '../sudo.ts';
import { renderPlist } from './plist.ts';
import { refuseProtectedPaths } from './protected-path.ts';

/** What `launchctl` ends with. `launchctl error <code>` says them in words. */
const CODE = { noSuchProcess: 3, inputOutput: 5, inProgress: 36, notFound: 113 };

/** launchd kills a job 20 seconds after it asked it to end. */
const END_SECONDS = 30;

const SETTINGS = 'System Settings > General > Login Items';

/** What launchd knows of one job. */
interface State {
  label: string;
  /** Where the job belongs: the session at the screen if there is one, else what a user has without. */
  domain: string;
  hasScreen: boolean;
  /** The domains that the job is loaded in. A login at the screen can follow an installation without one. */
  loaded: readonly string[];
  /** The user switched it off, and launchd keeps that in mind. */
  isDisabled: boolean;
  path: string;
  file: { bytes: Buffer; mode: number } | undefined;
  /** macOS is reported to start nothing whose log has no directory. */
  hasDirectory: boolean;
}

/** launchd, which starts programs on a Mac: one property list in the user's home, loaded with `launchctl`. */
export const launchd: Scheduler = {
  name: 'launchd',
  async look(machine, id, directory): Promise<Found> {
    const state = await readState(machine, `com.smstats.${id}`, directory);
    // A job outlives its file until the next logout, and is to be found and removed until then.
    const isThere = state.file !== undefined || state.loaded.length > 0;
    return {
      place: isThere ? state.path : undefined,
      problem: isThere ? describeProblem(state) : undefined,
      planInstall: (task) => planInstall(state, task, machine.home),
      planRemoval: () => planRemoval(state),
    };
  },
};

async function readState(machine: Machine, label: string, directory: string): Promise<State> {
  refuseSudo(machine);
  const [screen, background] = [`gui/${machine.uid}`, `user/${machine.uid}`];
  const hasScreen = (await ask(machine, ['print', screen], () => true)).code === 0;
  const domain = hasScreen ? screen : background;
  const loaded: string[] = [];
  for (const each of hasScreen ? [screen, background] : [background]) {
    const isTelling = (code: number) => each !== domain || [0, CODE.notFound].includes(code);
    const { code } = await ask(machine, ['print', `${each}/${label}`], isTelling);
    if (code === 0) loaded.push(each);
  }
  const disabled = await ask(machine, ['print-disabled', domain], (code) => code === 0);
  const path = posix.join(machine.home, 'Library/LaunchAgents', `${label}.plist`);
  return {
    label,
    domain,
    hasScreen,
    loaded,
    isDisabled: isListedAsDisabled(disabled.stdout.toString('utf8'), label),
    path,
    file: readPlist(path),
    hasDirectory: existsSync(directory),
  };
}

/** Asks launchctl something that changes nothing. */
async function ask(machine: Machine, args: readonly string[], isTelling: (code: number) => boolean): Promise<Ran> {
  const argv = ['launchctl', ...args];
  const ran = await machine.run(argv);
  if (ran.code !== null && isTelling(ran.code)) return ran;
  throw new ScheduleError(describeFailure(argv, ran), {
    hint: 'cron does without launchd: --crontab',
    isAbsent: ran.isMissing,
  });
}

/** Reads lines such as `"com.example.job" => disabled`; older systems say `=> true` for the same. */
function isListedAsDisabled(text: string, label: string): boolean {
  return [...text.matchAll(/^\s*"([^"]*)" => (\w+)/gm)].some(
    ([, name, word]) => name === label && (word === 'disabled' || word === 'true'),
  );
}

function readPlist(path: string): State['file'] {
  try {
    return readFile(path);
  } catch (cause) {
    throw new ScheduleError(`${path} cannot be read: ${(cause as Error).message}.`, { cause });
  }
}

function describeProblem({ file, loaded, isDisabled, hasDirectory }: State): string | undefined {
  if (isDisabled) return `it is switched off in ${SETTINGS}`;
  if (!file) return 'its file is gone, so it ends when you log out';
  if (loaded.length === 0) return 'launchd has not loaded it';
  return hasDirectory ? undefined : 'the directory that launchd is to log into is gone';
}

/** @throws ScheduleError when launchd would not run it, or not at these times. */
function planInstall(state: State, task: Task, home: string): Plan {
  const { label, domain, hasScreen, loaded, isDisabled, path, file, hasDirectory } = state;
  refuseProtectedPaths(task, home);
  const bytes = renderPlist(label, task, hasScreen ? undefined : 'Background');
  const remarks = hasScreen ? [] : [`you are not logged in at the screen: it is kept in the domain ${domain} instead`];
  const isSame = file?.bytes.equals(bytes) === true && loaded.includes(domain) && !isDisabled && hasDirectory;
  if (isSame) return { change: 'unchanged', steps: [], remarks };
  remarks.push('launchd runs it right away too, and each time you log in');
  if (isDisabled) remarks.push(`it was switched off: if it still does not run, switch it on in ${SETTINGS}`);
  return {
    change: file ? 'changed' : 'added',
    steps: [
      { do: 'run', argv: ['/bin/mkdir', '-p', '-m', '700', task.directory] },
      ...unload(label, loaded),
      { do: 'write', path, bytes, mode: 0o600 },
      ...load(label, domain, path),
      { do: 'run', argv: ['launchctl', 'print', `${domain}/${label}`] },
    ],
    recover: recover(state),
    remarks,
  };
}

/** A switch that the user has set stays: `launchctl disable` would leave one for ever. */
function planRemoval(state: State): Plan {
  const { label, loaded, path, file } = state;
  if (!file && loaded.length === 0) return { change: 'absent', steps: [], remarks: [] };
  return {
    change: 'removed',
    steps: [...unload(label, loaded), ...(file ? [{ do: 'remove', path } as const] : [])],
    recover: recover(state),
    remarks: [],
  };
}

/** `bootout` comes back before the job has ended, and until then nothing can be loaded in its place. */
function unload(label: string, domains: readonly string[]): Step[] {
  return domains.flatMap((domain): Step[] => [
    {
      do: 'run',
      argv: ['launchctl', 'bootout', `${domain}/${label}`],
      ok: [0, CODE.noSuchProcess, CODE.inProgress, CODE.notFound],
    },
    {
      do: 'wait',
      argv: ['launchctl', 'print', `${domain}/${label}`],
      code: CODE.notFound,
      seconds: END_SECONDS,
    },
  ]);
}

/** A job that is switched off, or has only just ended, is refused with the same code. */
function load(label: string, domain: string, path: string): Step[] {
  return [
    { do: 'run', argv: ['launchctl', 'enable', `${domain}/${label}`] },
    {
      do: 'run',
      argv: ['launchctl', 'bootstrap', domain, path],
      retry: { codes: [CODE.inputOutput], times: 3, milliseconds: 1000 },
    },
  ];
}

/** Back to what was loaded, and to what was switched off. */
function recover({ label, domain, loaded, isDisabled, path, file }: State): Step[] {
  return [
    ...unload(label, [...new Set([domain, ...loaded])]),
    ...(file ? loaded.flatMap((each) => load(label, each, path)) : []),
    ...(isDisabled ? [{ do: 'run', argv: ['launchctl', 'disable', `${domain}/${label}`] } as const] : []),
  ];
}
