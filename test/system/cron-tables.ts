import { existsSync, readFileSync, statSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { apply } from '../../src/schedule/apply.ts';
import { toBytes, toTable } from '../../src/schedule/crontab/block.ts';
import { crontab } from '../../src/schedule/crontab/crontab.ts';
import { createMachine, type Machine } from '../../src/schedule/machine.ts';
import type { Task } from '../../src/schedule/scheduler.ts';
import { parseTimeOfDay } from '../../src/schedule/times.ts';

/** What came of many tables that a schedule was put into and taken out of again. */
export interface Checked {
  /** Tables that Debian's crontab took. */
  accepted: number;
  refused: number;
  /** How many of the accepted ones are of a kind. */
  kinds: Record<string, number>;
  /** What was not as it should be. */
  faults: string[];
}

interface Case {
  /** Undefined for none at all. Each character is a byte. */
  table: string | undefined;
  /** What another program writes behind our block. */
  later: string;
  id: string;
  argument: string;
}

const WANTED = 200;
const LOOKING_MS = 6000;
const SEED = 20_261_122;

const field = (last: number) => fc.oneof(fc.constant('*'), fc.integer({ min: 0, max: last }).map(String));
const time = fc.tuple(field(59), field(23)).map(([minute, hour]) => `${minute} ${hour} * * *`);
/** Any byte but the line feed. */
const anyBytes = fc
  .array(fc.integer({ min: 0, max: 255 }), { maxLength: 40 })
  .map((codes) => String.fromCharCode(...codes).replaceAll('\n', ''));
// prettier-ignore
const words = fc.constantFrom(
  'echo hello', 'cd /tmp && ls', 'date +\\%F', "printf 'a\\\\b'", 'caf\xe9', '\xc3\xa9t\xc3\xa9', '\xff\xfe\x80',
  'a\tb', 'a\fb', 'a\bb', 'a\rb', String.raw`tr -d '\r'`, String.raw`grep '\bword\b'`, 'true  ', '$HOME/x; y | z',
);
const marks = fc.constantFrom(
  '# BEGIN other tool\n5 5 * * * other\n# END other tool',
  '# >>> smstats cafe0123 >>> managed block; do not edit\n7 3 * * * other-id\n# <<< smstats cafe0123 <<<',
  '# >>> smstats default-2 >>> managed block; do not edit\n7 3 * * * other-id\n# <<< smstats default-2 <<<',
  // Another one's, and broken: that is no business of ours.
  '# <<< smstats cafe0123 <<<',
  '# >>> smstats defaul >>> managed block; do not edit',
  '# smstats default',
  '1 1 * * * echo "# >>> smstats default >>>"',
);
const line = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(time, words).map(([at, command]) => `${at} ${command}`) },
  { weight: 3, arbitrary: anyBytes.map((text) => `#${text}`) },
  { weight: 2, arbitrary: words.map((text) => `# ${text}`) },
  { weight: 2, arbitrary: marks },
  { weight: 2, arbitrary: fc.constantFrom('', '', ' ', '\t', ' \t  ') },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      'MAILTO=""',
      'MAILTO=anna@example.com',
      'PATH = /usr/bin:/bin',
      'CAFE="caf\xe9"',
      'A=b  ',
    ),
  },
  { weight: 1, arbitrary: fc.tuple(time, anyBytes).map(([at, text]) => `${at} true ${text}`) },
  { weight: 1, arbitrary: fc.integer({ min: 2, max: 30 }).map((count) => '\n'.repeat(count)) },
);
const lines = fc
  .tuple(
    fc.array(line, { minLength: 1, maxLength: 12 }),
    fc.constantFrom('\n', '\n', '\n', '\r\n'),
    // Without a break at its end Debian takes a table whose last line is a comment.
    fc.integer({ min: 0, max: 4 }),
  )
  .map(([all, lineBreak, dice]) => {
    const text = all.map((each) => `${each}\n`).join('');
    return (dice === 0 ? text.replace(/\n$/, '') : text).replaceAll('\n', lineBreak);
  });
const cases: fc.Arbitrary<Case> = fc.record({
  table: fc.oneof(
    { weight: 1, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: fc.constant('') },
    { weight: 18, arbitrary: lines },
  ),
  later: fc.oneof(fc.constant(''), fc.constant(''), fc.constantFrom('9 9 * * * later\n', '\n\n# later  \n')),
  id: fc.constantFrom('default', '0a1b2c3d'),
  argument: fc.constantFrom('fetch', '100% \\\\ \\b \\r', "d'Anna", 'é 漢 🙂', 'x'.repeat(1200)),
});

/** Puts a schedule into the tables of this user, and takes it out. Everything goes through the real `crontab`. */
export async function checkTables(home: string): Promise<Checked> {
  const machine = createMachine(process.env, () => new Date('2026-11-22T10:00:00Z'));
  const checked: Checked = { accepted: 0, refused: 0, kinds: {}, faults: [] };
  for (const each of fc.sample(cases, { seed: SEED, numRuns: WANTED * 5 })) {
    if (checked.accepted === WANTED) break;
    if (!(await setTable(machine, each.table))) {
      checked.refused++;
      continue;
    }
    checked.accepted++;
    for (const kind of KINDS.filter((name) => IS[name]?.(each.table)))
      checked.kinds[kind] = (checked.kinds[kind] ?? 0) + 1;
    const fault = await findFault(machine, each, join(home, 'state', String(checked.accepted))).catch(String);
    if (fault !== undefined) checked.faults.push(`${fault}: ${JSON.stringify({ ...each, argument: undefined })}`);
  }
  if (await isWrittenByLooking(machine, home)) checked.faults.push('looking wrote the table');
  return checked;
}

/**
 * Looks at a table that has to be read with care, for some seconds. An editor that `crontab -e` starts changed the table,
 * as far as Debian's can tell, whenever the clock went on to the next second in between.
 */
async function isWrittenByLooking(machine: Machine, home: string): Promise<boolean> {
  await setTable(machine, "1 1 * * * tr -d '\\r'\n");
  const before = readState();
  for (const end = Date.now() + LOOKING_MS; Date.now() < end && readState() === before;) {
    await crontab.look(machine, 'default', join(home, 'state', 'looking'));
  }
  return readState() !== before;
}

async function findFault(
  machine: Machine,
  { table, later, id, argument }: Case,
  directory: string,
): Promise<string | undefined> {
  const task = (at: string): Task => ({
    id,
    argv: ['/usr/bin/node', argument],
    times: parseTimeOfDay(at, false),
    directory,
  });
  const change = async (at: string | undefined, expected: string) => {
    const found = await crontab.look(machine, id, directory);
    const plan = at === undefined ? found.planRemoval() : found.planInstall(task(at));
    if (plan.change !== expected) throw new Error(`${plan.change} instead of ${expected}`);
    await apply(machine, plan);
  };
  const before = table ?? '';
  // The line is ours; what stands around it is not.
  const around = (now: string) =>
    now.replace(/# >>> smstats (default|0a1b2c3d) >>> m[^\n]*\n[^\n]*\n# <<<[^\n]*\n/, '');

  await change('03:00', 'added');
  const installed = readTable();
  if (installed === undefined || !installed.startsWith(before)) return 'the other lines changed on installing';
  const broken = before !== '' && !before.endsWith('\n') ? '\n' : '';
  if (around(installed) !== before + broken) return `there is more than the block: ${JSON.stringify(installed)}`;

  const state = readState();
  await change('03:00', 'unchanged');
  if (readState() !== state) return 'it was written although nothing changed';

  if (!(await setTable(machine, installed + later))) return 'crontab refuses what stands behind the block';
  await change('04:30', 'changed');
  const updated = readTable() ?? '';
  if (around(updated) !== before + broken + later) return 'the other lines changed on updating';
  if (!updated.includes('\n30 4 * * * ')) return 'the time was not changed';

  await change(undefined, 'removed');
  const left = readTable();
  // An empty table is taken away: cron makes no difference.
  const expected = before + (later === '' ? '' : broken + later);
  if (left !== (expected === '' ? undefined : expected)) return `removing left ${JSON.stringify(left)}`;

  const stateAfter = readState();
  await change(undefined, 'absent');
  return readState() === stateAfter ? undefined : 'it was written although there was nothing to remove';
}

/** @returns false when Debian's crontab does not take it. */
async function setTable(machine: Machine, table: string | undefined): Promise<boolean> {
  const argv = ['crontab', table === undefined ? '-r' : '-'];
  // Without a table there is nothing to take away.
  return (await machine.run(argv, { input: toBytes(table ?? '') })).code === 0 || table === undefined;
}

/** The table as it lies in the spool, without the three lines that Debian puts before it. */
function readTable(): string | undefined {
  const path = spoolPath();
  return existsSync(path) ? toTable(readFileSync(path)).split('\n').slice(3).join('\n') : undefined;
}

/** Changes whenever the table is written, also with the same bytes. */
function readState(): string {
  const found = statSync(spoolPath(), { bigint: true, throwIfNoEntry: false });
  return found ? `${found.ino} ${found.mtimeNs} ${found.ctimeNs}` : 'none';
}

function spoolPath(): string {
  return join('/var/spool/cron/crontabs', userInfo().username);
}

/** What a table can be like. */
const IS: Record<string, (table: string | undefined) => boolean> = {
  none: (table) => table === undefined,
  empty: (table) => table === '',
  'other bytes than UTF-8': (table = '') => !Buffer.from(toBytes(table).toString()).equals(toBytes(table)),
  'carriage returns': (table = '') => table.includes('\r\n'),
  backspaces: (table = '') => table.includes('\b'),
  'form feeds': (table = '') => table.includes('\f'),
  tabs: (table = '') => table.includes('\t'),
  'zero bytes': (table = '') => table.includes('\0'),
  'a backslash and r or b': (table = '') => /\\[rb]/.test(table),
  'blocks of others': (table = '') => table.includes('# >>> smstats cafe0123'),
  MAILTO: (table = '') => /^MAILTO/m.test(table),
  'blank lines': (table = '') => table.includes('\n\n\n'),
  'trailing blanks': (table = '') => /[ \t]\n/.test(table),
  'no line break at the end': (table = '') => table !== '' && !table.endsWith('\n'),
};

/** The kinds of tables; a table can be of several. */
export const KINDS = Object.keys(IS);
