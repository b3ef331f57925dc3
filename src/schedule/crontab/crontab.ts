import { chmodSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeFailure, readFile } from '../apply.ts';
import { ScheduleError } from '../error.ts';
import type { Machine } from '../machine.ts';
import type { Found, Plan, Scheduler, Step, Task } from '../scheduler.ts';
import { refuseSudo } from '../sudo.ts';
import { putBlock, removeBlock, splitTable, toBytes, toTable, type Table } from './block.ts';
import { isCronMissing } from './daemon.ts';
import { quoteForCron, quoteForShell } from './quote.ts';

/** The user's table as `crontab` has it, and what lies beside it. */
interface State {
  id: string;
  directory: string;
  /** Undefined when the user has none. */
  table: Table | undefined;
  /** What `crontab -l` prints for a table: not always the same bytes. */
  list: (table: Table) => Table;
  /** The exit code of `crontab -l` without a table. */
  emptyCode: number;
  /** Of earlier changes, oldest first. */
  backups: readonly string[];
  /** The script that holds a command too long for a table. */
  script: Buffer | undefined;
  isCronMissing: boolean;
  stamp: string;
}

const LIST = ['crontab', '-l'];
const WRITE = ['crontab', '-'];
const BACKUPS_KEPT = 5;
/** Debian's and Apple's crons refuse or cut commands of 1000 bytes. */
const LONGEST_COMMAND = 900;

/** The user's crontab: one marked block in it, and everything else byte for byte as it was. */
export const crontab: Scheduler = {
  name: 'crontab',
  async look(machine, id, directory): Promise<Found> {
    refuseSudo(machine);
    const state = await readState(machine, id, directory);
    const isThere = state.table !== undefined && splitTable(state.table, id).block !== '';
    return {
      place: isThere ? `the crontab of ${machine.user}` : undefined,
      ...(isThere && state.isCronMissing && { problem: 'no cron daemon seems to be running' }),
      planInstall: (task) => planInstall(state, task),
      planRemoval: () => planRemoval(state),
    };
  },
};

function planInstall(state: State, task: Task): Plan {
  const script = scriptPath(state);
  const command = task.argv.map(quoteForCron).join(' ');
  const isLong = Buffer.byteLength(command) > LONGEST_COMMAND;
  const scheduled = isLong ? quoteForCron(script) : command;
  if (Buffer.byteLength(scheduled) > LONGEST_COMMAND) {
    throw new ScheduleError(`${script} is too long for a crontab.`, {
      ending: 'usage',
      hint: 'set SMSTATS_HOME to a shorter path',
    });
  }
  const before = state.table ?? '';
  const after = putBlock(before, task.id, `${task.times.expression} ${scheduled}`);
  const text = `#!/bin/sh\nexec ${task.argv.map(quoteForShell).join(' ')}\n`;
  const isSameScript = isLong ? state.script?.equals(Buffer.from(text)) === true : !state.script;
  const remarks = state.isCronMissing
    ? ['no cron daemon seems to be running here: until one does, nothing is fetched']
    : [];
  if (after === before && isSameScript) return { change: 'unchanged', steps: [], remarks };
  const writeScript: Step[] = isLong ? [{ do: 'write', path: script, bytes: Buffer.from(text), mode: 0o700 }] : [];
  return {
    change: splitTable(before, task.id).block === '' ? 'added' : 'changed',
    steps: [
      ...writeScript,
      ...(after === before ? [] : replaceTable(state, after)),
      ...(state.script && !isLong ? [{ do: 'remove', path: script } as const] : []),
    ],
    rescue: describeRescue(state),
    remarks,
  };
}

function planRemoval(state: State): Plan {
  const before = state.table ?? '';
  const after = removeBlock(before, state.id);
  if (after === before) return { change: 'absent', steps: [], remarks: [] };
  return {
    change: 'removed',
    steps: [
      ...replaceTable(state, after),
      ...(state.script ? [{ do: 'remove', path: scriptPath(state) } as const] : []),
    ],
    rescue: describeRescue(state),
    remarks: [],
  };
}

/** Keeps the old table, writes the new one and looks whether it arrived. An empty table is none. */
function replaceTable(state: State, after: Table): Step[] {
  const { table, directory, list, emptyCode, backups } = state;
  const backup = (text: Table): Step => ({
    do: 'write',
    path: backupPath(state),
    bytes: toBytes(text),
    mode: 0o600,
    isKept: true,
  });
  const expectTable = (text: Table | undefined): Step =>
    text === undefined
      ? { do: 'expect', argv: LIST, stdout: Buffer.alloc(0), code: emptyCode }
      : { do: 'expect', argv: LIST, stdout: toBytes(list(text)) };
  return [
    ...(table === undefined ? [] : [backup(table)]),
    // Another program may have changed it since it was read.
    expectTable(table),
    { ...writeTable(after), undo: (machine) => findUndo(machine, state, after) },
    expectTable(after === '' ? undefined : after),
    ...backups
      .slice(0, Math.max(0, backups.length - BACKUPS_KEPT + 1))
      .map((name) => ({ do: 'remove', path: join(directory, name) }) as const),
  ];
}

/**
 * The old table, unless another program has changed the new one meanwhile: what it wrote stays, and only the block goes.
 */
async function findUndo(machine: Machine, { id, table: before = '' }: State, after: Table): Promise<Step | undefined> {
  const now = (await readTable(machine)).table ?? '';
  const isRemoval = splitTable(after, id).block === '';
  if (now === after) return writeTable(before);
  let rest: Table;
  try {
    rest = removeBlock(now, id);
  } catch {
    return writeTable(before);
  }
  const isOursIn = rest !== now;
  if (isRemoval) return isOursIn || !now.includes(after) ? writeTable(before) : undefined;
  return isOursIn && rest !== removeBlock(before, id) ? writeTable(rest) : writeTable(before);
}

function backupPath({ directory, stamp }: State): string {
  return join(directory, `crontab.${stamp}.bak`);
}

function describeRescue(state: State): string | undefined {
  return state.table === undefined
    ? undefined
    : `your crontab as it was is in ${backupPath(state)}: crontab ${backupPath(state)}`;
}

function writeTable(table: Table): Step & { do: 'run' } {
  return table === '' ? { do: 'run', argv: ['crontab', '-r'] } : { do: 'run', argv: WRITE, input: toBytes(table) };
}

async function readState(machine: Machine, id: string, directory: string): Promise<State> {
  const { table, list, emptyCode } = await readTable(machine);
  const stamp = machine.now().toISOString().replaceAll(/[-:.]/g, '');
  return {
    id,
    directory,
    table,
    list,
    emptyCode,
    backups: listBackups(directory),
    script: readFile(scriptPath({ directory, id }))?.bytes,
    isCronMissing: isCronMissing(machine),
    stamp,
  };
}

function scriptPath({ directory, id }: Pick<State, 'directory' | 'id'>): string {
  return join(directory, `crontab-${id}.sh`);
}

function listBackups(directory: string): string[] {
  try {
    return readdirSync(directory)
      .filter((name) => /^crontab\.\d{8}T\d{9}Z\.bak$/.test(name))
      .toSorted();
  } catch {
    return [];
  }
}

/** What crons say when the user has no table: Vixie's and its children, and BusyBox. */
const NO_TABLE = /^(?:crontab: )?(?:no crontab for .*|can't open '[^']*': No such file or directory)$/m;

/**
 * Reads the user's table.
 * @throws ScheduleError when what `crontab -l` said leaves any doubt: what is not read would be lost on writing.
 */
async function readTable(machine: Machine): Promise<Pick<State, 'table' | 'list' | 'emptyCode'>> {
  const ran = await machine.run(LIST);
  const same = (table: Table) => table;
  if (ran.isMissing) {
    throw new ScheduleError('There is no program "crontab" on this machine.', {
      isAbsent: true,
      hint: 'install cron, or use --systemd',
    });
  }
  if (ran.code !== 0) {
    const isEmpty = ran.code !== null && ran.stdout.length === 0 && NO_TABLE.test(ran.stderr);
    if (isEmpty) return { table: undefined, list: same, emptyCode: ran.code as number };
    throw new ScheduleError(`Your crontab could not be read, so nothing was changed: ${describeFailure(LIST, ran)}`, {
      hint: 'crontab -l must work first; or use --systemd',
    });
  }
  const listed = toTable(ran.stdout);
  if (!/\\[rb]/.test(listed)) return { table: listed, list: same, emptyCode: 1 };
  // Debian lists a carriage return as `\r` and a backspace as `\b`; an editor gets to see what is there.
  const table = await readByEditor(machine);
  if (table === listed) return { table, list: same, emptyCode: 1 };
  if (table !== undefined && listWithEscapes(table) === listed) return { table, list: listWithEscapes, emptyCode: 1 };
  throw new ScheduleError(
    'Your crontab seems to hold carriage returns or backspaces, which crontab -l does not show as they are: nothing was changed.',
    { hint: 'remove them with crontab -e, or use --systemd' },
  );
}

/** What `crontab -e` hands to an editor. This one fails after it has printed that, so that nothing is written back. */
async function readByEditor(machine: Machine): Promise<Table | undefined> {
  const directory = mkdtempSync(join(tmpdir(), 'smstats-crontab-'));
  try {
    const editor = join(directory, 'print');
    writeFileSync(editor, '#!/bin/sh\ncat "$1"\nexit 1\n');
    chmodSync(editor, 0o700);
    const ran = await machine.run(['crontab', '-e'], { env: { ...machine.env, EDITOR: editor, VISUAL: editor } });
    return ran.code === null ? undefined : toTable(ran.stdout);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function listWithEscapes(table: Table): Table {
  return table.replaceAll('\r', String.raw`\r`).replaceAll('\b', String.raw`\b`);
}
