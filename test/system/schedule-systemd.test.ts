import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { toCalendarEvents } from '../../src/schedule/systemd/calendar.ts';
import { parseCron, type Times } from '../../src/schedule/times.ts';
import { startUserManager, type UserManager } from './systemd-user.ts';

let manager: UserManager;
beforeAll(async () => {
  manager = await startUserManager();
});
afterAll(() => manager?.close());

/** What `systemctl --user` or another program prints; it must end well. */
async function say(script: string): Promise<string> {
  const { code, stdout, stderr } = await manager.run(script);
  expect(code, `${script}: ${stderr}`).toBe(0);
  return stdout.trim();
}

const sleep = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

interface Request {
  action: 'look' | 'install' | 'remove';
  id: string;
  argv?: readonly string[];
  cron?: string;
  /** The length of one more argument. */
  padding?: number;
  /** Adds a step at the end that fails. */
  isToFail?: boolean;
}

interface Answer {
  place?: string;
  problem?: string;
  change?: string;
  steps?: { argv?: string[] }[];
  error?: string;
}

/** Installs, removes and looks as the user, in a process of its own. */
const SCHEDULE = `
import { apply } from './src/schedule/apply.ts';
import { createMachine } from './src/schedule/machine.ts';
import { systemd } from './src/schedule/systemd/systemd.ts';
import { parseCron } from './src/schedule/times.ts';

const { action, id, argv = ['/bin/true'], padding = 0, cron = '0 3 * * *', isToFail } = JSON.parse(process.env.REQUEST);
const machine = createMachine(process.env, () => new Date());
const answer = {};
try {
  const directory = machine.home + '/directory';
  const found = await systemd.look(machine, id, directory);
  Object.assign(answer, { place: found.place, problem: found.problem });
  if (action !== 'look') {
    const plan = action === 'install'
      ? found.planInstall({ id, argv: padding ? [...argv, 'x'.repeat(padding)] : argv, times: parseCron(cron), directory })
      : found.planRemoval();
    Object.assign(answer, { change: plan.change, steps: plan.steps });
    const more = isToFail ? [{ do: 'run', argv: ['/bin/false'] }] : [];
    await apply(machine, { ...plan, steps: [...plan.steps, ...more] });
  }
} catch (error) {
  answer.error = error.message;
}
console.log(JSON.stringify(answer));
`;

async function schedule(request: Request, env: Record<string, string | undefined> = {}): Promise<Answer> {
  const { code, stdout, stderr } = await manager.run(
    `cd ${manager.project} && exec node --import tsx --input-type=module --eval "$SCHEDULE"`,
    { SCHEDULE, REQUEST: JSON.stringify(request), ...env },
  );
  expect(code, stderr).toBe(0);
  return JSON.parse(stdout) as Answer;
}

/** Writes a program into the user's home. */
function writeProgram(name: string, text: string): string {
  const path = join(manager.home, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  chmodSync(path, 0o755);
  return path;
}

/** A program that writes a line each time it runs, and how many there are. */
function writeCounter(id: string): { argv: string[]; count: () => number } {
  const counted = join(manager.home, `${id}.runs`);
  return {
    argv: [writeProgram(`${id}.sh`, '#!/bin/sh\necho ran >>"$HOME/$1.runs"\n'), id],
    count: () => (existsSync(counted) ? readFileSync(counted, 'utf8').split('\n').length - 1 : 0),
  };
}

/** Each day at so many hours before now: far from any moment in which these tests run. */
async function daily(hoursAgo: number): Promise<string> {
  const hour = Number(await say('date +%H'));
  return `0 ${(hour - hoursAgo + 24) % 24} * * *`;
}

/** Lets the timer believe that its last run was then, while it is stopped. */
function setLastRun(id: string, when: string): Promise<string> {
  const directory = '"$HOME/.local/share/systemd/timers"';
  return say(`mkdir -p ${directory} && touch -d '${when}' ${directory}/stamp-smstats-${id}.timer`);
}

/** Everything that systemd has of one schedule: files, units, timers. */
function findTraces(id: string): Promise<string> {
  return say(`
    for directory in .config .local /run/user; do find "$directory" -name '*smstats-${id}.*' 2>/dev/null; done
    systemctl --user list-units --all --plain --no-legend 'smstats-${id}.*'
    systemctl --user list-timers --all --no-legend 'smstats-${id}.*' | grep -o 'smstats-.*' || true
  `);
}

function findNextRun(id: string): Promise<string> {
  return say(`systemctl --user show smstats-${id}.timer -p NextElapseUSecRealtime`);
}

const BASE = '2026-01-15 12:34:00';

/** The next runs by what cron makes of the fields, day by day. */
function matchCron({ expression, minutes, hours, daysOfMonth, months, daysOfWeek }: Times, count: number): string[] {
  const [, , dayOfMonth, , dayOfWeek] = expression.split(' ');
  const isEither = dayOfMonth !== '*' && dayOfWeek !== '*';
  const runs: string[] = [];
  for (let day = new Date(`${BASE.slice(0, 10)}T00:00:00Z`); runs.length < count;) {
    const fits = [daysOfMonth.includes(day.getUTCDate()), daysOfWeek.includes(day.getUTCDay())];
    if (months.includes(day.getUTCMonth() + 1) && (isEither ? fits.some(Boolean) : fits.every(Boolean))) {
      for (const hour of hours) {
        for (const minute of minutes) {
          const time = [hour, minute].map((number) => `${number}`.padStart(2, '0')).join(':');
          const run = `${day.toISOString().slice(0, 10)} ${time}:00`;
          if (run > BASE) runs.push(run);
        }
      }
    }
    day = new Date(day.getTime() + 86_400_000);
  }
  return runs.slice(0, count);
}

/** Runs a program of the system, in English and by the world's clock. */
function call(program: string, ...args: string[]): string {
  const env = { ...process.env, TZ: 'UTC', LC_ALL: 'C' };
  return execFileSync(program, args, { encoding: 'utf8', env, timeout: 20_000 });
}

/** The next runs by what systemd makes of the lines of a timer. */
function askCalendar(events: readonly string[], count: number): string[] {
  const options = [`--iterations=${count}`, `--base-time=${BASE} UTC`];
  const text = call('systemd-analyze', 'calendar', ...options, ...events);
  const runs = [...text.matchAll(/(?:Next elapse|Iter\S* #\d+): \w{3} (\S+ \S+) UTC$/gm)].map(
    ([, run]) => run as string,
  );
  return [...new Set(runs)].toSorted().slice(0, count);
}

function expectSameRuns(expression: string): void {
  const times = parseCron(expression);
  const events = toCalendarEvents(times);
  expect(askCalendar(events, 12), `${expression}: ${events.join(' | ')}`).toEqual(matchCron(times, 12));
}

test.each(
  [
    ['0 3 * * *', '* * * * *', '17 6 * * 1-5', '*/15 8-18 * * *', '30 4 1,15 * 5', '0 0 1 1 *', '5 4 * * sun'],
    ['0 12 */2 * *', '0 3 * jan,jun mon', '0 3 29 2 *', '0 9 1-7 * 1', '@weekly', '0 6,18 * * 0,6', '0 0 31 2 1'],
    ['59 23 31 12 *', '0 0 29-31 * *', '34 12 15 1 *', '33,35 12 * * *', '0 0 * 2 7', '0 12 * 4 1', '@monthly'],
    ['0 0 15-31 2 3', '1-59/2 */5 * * */3', '0 0 1-31 4 2', '15 6 28-31 2,4 0'],
    ['0 1 31 * *', '0 0 30 * 6-7', '45 22 1-31/9 3-11/4 2,4', '@hourly', '@yearly'],
  ].flat(),
)('systemd runs %s when cron does', (expression) => {
  expectSameRuns(expression);
});

/** One field of an expression. */
function field(least: number, largest: number): fc.Arbitrary<string> {
  const number = fc.integer({ min: least, max: largest });
  const range = fc.tuple(number, number).map((ends) => ends.toSorted((a, b) => a - b).join('-'));
  const step = fc.integer({ min: 1, max: largest });
  return fc.oneof(
    fc.constant('*'),
    step.map((each) => `*/${each}`),
    fc
      .array(
        fc.oneof(
          number.map(String),
          range,
          fc.tuple(range, step).map((pair) => pair.join('/')),
        ),
        {
          minLength: 1,
          maxLength: 4,
        },
      )
      .map((parts) => parts.join(',')),
  );
}

test('systemd runs any expression when cron does', () => {
  const expressions = fc
    .tuple(field(0, 59), field(0, 23), field(1, 31), field(1, 12), field(0, 7))
    .map((fields) => fields.join(' '))
    // What means different times to different crons, or none, is refused.
    .filter((expression) => {
      try {
        return parseCron(expression) !== undefined;
      } catch {
        return false;
      }
    });
  fc.assert(fc.property(expressions, expectSameRuns), { numRuns: 80 });
});

const DIFFICULT = [
  ['', ' ', '  a  b ', ';', '\\;', '--', '-x', '#', '"', "'", '\\', '\\\\"', '\\n', '$', '$$', '$HOME', '${HOME}'],
  ['%', '%%', '%h', '%n%i', '*', '~', '`id`', '$(id)', '!', '&', '|', '>x', '\n', '\n\n#x\n', '\r', '\r\n', '\t'],
  ['@x', '+x', '-/x', ':x', 'a=b', '=', '\u0001', '\u001b[31m', '\u007f', '\u0085', '\u2028', '\ufeff', '漢é🙂'],
  ['é', 'e\u0301', '\\x41', '\\u0041', '\\s', "it's", 'line \\\nbreak', 'a'.repeat(3000)],
].flat();

test.each(['', 'with = '])('arguments arrive unharmed, from a program with a difficult path %s', async (more) => {
  const characters = fc.constantFrom(...`ab '"\\%$\`{}()[]<>|&;*?#~!=+@:,-\t\n\r\u0007é漢🙂`);
  const strings = fc.oneof(
    fc.string({ unit: characters, maxLength: 16 }),
    fc.string({ unit: 'binary', maxLength: 8 }).filter((text) => !/[\0\p{Noncharacter_Code_Point}]/u.test(text)),
  );
  const sent = [...DIFFICULT, ...fc.sample(strings, 300)];
  const id = more === '' ? 'quote' : 'assign';
  const program = writeProgram(
    `${more}we "ird" 100% $x \${y} 'é' \`z\` \\n ;#\n\t漢/${id}-\u0001~*?.sh`,
    `#!/bin/sh\nprintf '%s\\0' "$@" >"$HOME/${id}"\n`,
  );
  expect((await schedule({ action: 'install', id, argv: [program, ...sent] })).error).toBeUndefined();
  await say(`systemctl --user start smstats-${id}.service`);
  const arrived = readFileSync(join(manager.home, id), 'utf8').split('\0').slice(0, -1);
  expect(arrived.map((text) => JSON.stringify(text))).toEqual(sent.map((text) => JSON.stringify(text)));
  expect(await schedule({ action: 'install', id, argv: [program, ...sent] })).toMatchObject({ change: 'unchanged' });
  await schedule({ action: 'remove', id });
});

test('a new schedule waits for its time, and catches up once on what it has missed', async () => {
  const { argv, count } = writeCounter('fresh');
  const cron = await daily(3);
  expect(await schedule({ action: 'look', id: 'fresh' })).toEqual({});
  expect(await schedule({ action: 'install', id: 'fresh', argv, cron })).toMatchObject({ change: 'added' });
  await sleep(2000);
  expect(count()).toBe(0);
  expect(await say('systemctl --user list-timers --no-legend smstats-fresh.timer')).toContain('smstats-fresh.service');

  await say('systemctl --user stop smstats-fresh.timer');
  await setLastRun('fresh', '2 days ago');
  expect((await schedule({ action: 'look', id: 'fresh' })).problem).toBe('smstats-fresh.timer is not active');
  await say('systemctl --user start smstats-fresh.timer');
  await vi.waitFor(() => expect(count()).toBe(1), { timeout: 20_000, interval: 100 });
  await sleep(2000);
  expect(count()).toBe(1);
  const service = await say('systemctl --user show smstats-fresh.service -p Result -p ExecMainStatus -p UMask -p Nice');
  expect(service.split('\n').toSorted()).toEqual(['ExecMainStatus=0', 'Nice=10', 'Result=success', 'UMask=0077']);
});

test('installed twice it is unchanged, looked at it is well', async () => {
  const request: Request = { action: 'install', id: 'twice' };
  expect((await schedule(request)).change).toBe('added');
  const before = await findTraces('twice');
  expect(await schedule(request)).toMatchObject({ change: 'unchanged', steps: [] });
  expect(await findTraces('twice')).toBe(before);
  expect(await schedule({ action: 'look', id: 'twice' })).toEqual({
    place: join(manager.home, '.config/systemd/user/smstats-twice.timer'),
  });
});

test('another time counts from now on, also when it has just passed', async () => {
  const { argv, count } = writeCounter('change');
  const cron = await daily(3);
  await schedule({ action: 'install', id: 'change', argv, cron });
  await say('systemctl --user stop smstats-change.timer');
  await setLastRun('change', '2 hours ago');
  await say('systemctl --user start smstats-change.timer');
  const passed = await daily(1);
  expect(await schedule({ action: 'install', id: 'change', argv, cron: passed })).toMatchObject({ change: 'changed' });
  await sleep(2000);
  expect(count()).toBe(0);
  const hour = passed.split(' ')[1]?.padStart(2, '0');
  expect(await findNextRun('change')).toContain(` ${hour}:00:00 `);
});

test('a change that systemd has not read is read', async () => {
  await schedule({ action: 'install', id: 'unread', cron: await daily(3) });
  const hour = (await daily(5)).split(' ')[1]?.padStart(2, '0');
  await say(`sed -i 's/^OnCalendar=.*/OnCalendar=*-*-* ${hour}:00:00/' ~/.config/systemd/user/smstats-unread.timer`);
  const cron = await daily(5);
  expect((await schedule({ action: 'look', id: 'unread' })).problem).toContain('systemd has not read them');
  expect((await schedule({ action: 'install', id: 'unread', cron })).change).toBe('changed');
  expect(await schedule({ action: 'look', id: 'unread' })).not.toHaveProperty('problem');
  expect(await findNextRun('unread')).toContain(` ${hour}:00:00 `);
});

test('uninstalled, nothing of it is left, and a later installation does not catch up on the time between', async () => {
  const { argv, count } = writeCounter('gone');
  const request: Request = { action: 'install', id: 'gone', argv, cron: await daily(3) };
  await schedule(request);
  expect(await findTraces('gone')).toContain('stamp-smstats-gone.timer');
  expect(await schedule({ action: 'remove', id: 'gone' })).toMatchObject({ change: 'removed' });
  expect(await findTraces('gone')).toBe('');
  expect(await schedule({ action: 'remove', id: 'gone' })).toEqual({ change: 'absent', steps: [] });

  // As a removal by hand would leave it.
  await setLastRun('gone', '2 days ago');
  expect((await schedule(request)).change).toBe('added');
  await sleep(2000);
  expect(count()).toBe(0);
});

test('a schedule whose service failed, and one whose files were deleted, are removed as well', async () => {
  await schedule({ action: 'install', id: 'failed', argv: ['/bin/false'] });
  expect((await manager.run('systemctl --user start smstats-failed.service')).code).toBe(1);
  expect(await schedule({ action: 'look', id: 'failed' })).not.toHaveProperty('problem');
  expect((await schedule({ action: 'remove', id: 'failed' })).error).toBeUndefined();
  expect(await findTraces('failed')).toBe('');

  await schedule({ action: 'install', id: 'deleted' });
  await say('rm ~/.config/systemd/user/smstats-deleted.*');
  expect(await schedule({ action: 'remove', id: 'deleted' })).toMatchObject({ change: 'removed' });
  // A stamp, which only a timer with a file can be asked to clean, does no harm to the next installation.
  expect((await findTraces('deleted')).split('\n')).toEqual([
    '.local/share/systemd/timers/stamp-smstats-deleted.timer',
  ]);
});

test('when the last step fails, a new schedule is gone, and an old one as it was', async () => {
  const { argv, count } = writeCounter('undone');
  const late: Request = { action: 'install', id: 'undone', argv, cron: await daily(3), isToFail: true };
  expect((await schedule(late)).error).toBe('/bin/false failed with 1. All is as it was before.');
  expect((await findTraces('undone')).split('\n')).toEqual(['.local/share/systemd/timers/stamp-smstats-undone.timer']);
  expect(await schedule({ action: 'remove', id: 'undone' })).toMatchObject({ change: 'absent' });

  await schedule({ ...late, isToFail: false });
  const before = await findTraces('undone');
  const next = await findNextRun('undone');
  expect((await schedule({ ...late, cron: await daily(1) })).error).toBeDefined();
  expect(await findTraces('undone')).toBe(before);
  expect(await findNextRun('undone')).toBe(next);
  expect(await schedule({ ...late, isToFail: false })).toMatchObject({ change: 'unchanged' });

  expect((await schedule({ action: 'remove', id: 'undone', isToFail: true })).error).toBeDefined();
  expect(await findTraces('undone')).toBe(before);
  expect(await findNextRun('undone')).toBe(next);
  expect(await schedule({ ...late, isToFail: false })).toMatchObject({ change: 'unchanged' });
  await sleep(1000);
  expect(count()).toBe(0);
});

test('what systemd refuses to load is not installed', async () => {
  const { error } = await schedule({ action: 'install', id: 'refused', padding: 1_200_000 });
  expect(error).toMatch(/^systemd-analyze --user verify .* failed with 1: /);
  expect(await findTraces('refused')).toBe('');
});

test('without XDG_RUNTIME_DIR the manager is found where it should be', async () => {
  const env = { XDG_RUNTIME_DIR: undefined };
  const { change, steps } = await schedule({ action: 'install', id: 'bare' }, env);
  expect(change).toBe('added');
  const calls = steps?.flatMap(({ argv }) => (argv ? [argv.slice(0, 2).join(' ')] : []));
  expect(new Set(calls)).toEqual(
    new Set([expect.stringMatching(/^\/usr\/bin\/env XDG_RUNTIME_DIR=\/run\/user\/\d+$/)]),
  );
  expect(await schedule({ action: 'install', id: 'bare' }, env)).toMatchObject({ change: 'unchanged' });
  expect(await schedule({ action: 'remove', id: 'bare' }, env)).toMatchObject({ change: 'removed' });
  expect(await findTraces('bare')).toBe('');
});

test('XDG_CONFIG_HOME of a shell that systemd does not know of is not followed', async () => {
  const env = { XDG_CONFIG_HOME: join(manager.home, 'elsewhere') };
  expect((await schedule({ action: 'install', id: 'config' }, env)).error).toBeUndefined();
  expect((await schedule({ action: 'look', id: 'config' }, env)).place).toContain('/.config/systemd/user/');
  rmSync(join(manager.home, '.config/systemd/user/smstats-config.service'));
  expect((await schedule({ action: 'look', id: 'config' }, env)).problem).toBe('smstats-config.service is missing');
});
