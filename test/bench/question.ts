import { deepStrictEqual } from 'node:assert';
import { statSync } from 'node:fs';
import { addDays } from '../../src/core/time.ts';
import { findOverview } from '../../src/query/find-overview.ts';
import { listGrowth } from '../../src/query/list-growth.ts';
import { listHashtags } from '../../src/query/list-hashtags.ts';
import { listLatest } from '../../src/query/list-latest.ts';
import { listPosts } from '../../src/query/list-posts.ts';
import { listRisingPosts } from '../../src/query/list-rising-posts.ts';
import { listTrends } from '../../src/query/list-trends.ts';
import { listUsage } from '../../src/query/list-usage.ts';
import type { Store } from '../../src/store/open.ts';
import type { SqliteStore } from '../../src/store/sqlite/open.ts';
import { megabytes, type Board } from './board.ts';
import * as byHand from './by-hand.ts';
import { BIN, runNode, writeByHandScript, writePeakReporter } from './child.ts';
import { LAST_DAY, openBenchStore } from './history.ts';
import { compare, median } from './ratio.ts';
import type { References } from './reference.ts';

const ROUNDS = 21;
const WEEK_AGO = addDays(LAST_DAY, -7);

/** A question, through the program. */
export interface Question {
  name: string;
  ask(store: Store): Promise<unknown>;
}

/** A question, and the same by hand. */
interface Subject extends Question {
  byHand(store: SqliteStore): unknown;
}

const SUBJECTS: readonly Subject[] = [
  { name: 'listLatest', ask: ({ db }) => listLatest(db), byHand: ({ connection }) => byHand.latest(connection) },
  {
    name: 'listGrowth',
    ask: ({ db }) => listGrowth(db, 30),
    byHand: ({ connection }) => byHand.growth(connection, 30),
  },
  {
    name: 'listTrends',
    ask: ({ db }) => listTrends(db, [7, 30]),
    byHand: ({ connection }) => byHand.trends(connection, [7, 30]),
  },
  {
    name: 'listRisingPosts',
    ask: ({ db }) => listRisingPosts(db, 30, 5),
    byHand: ({ connection }) => byHand.risingPosts(connection, 30, 5),
  },
  { name: 'listPosts', ask: ({ db }) => listPosts(db), byHand: ({ connection }) => byHand.posts(connection, 10) },
  {
    name: 'listHashtags',
    ask: ({ db }) => listHashtags(db, 10),
    byHand: ({ connection }) => byHand.hashtags(connection, 10),
  },
  {
    name: 'listUsage',
    ask: ({ db }) => listUsage(db, WEEK_AGO),
    byHand: ({ connection }) => byHand.usage(connection, WEEK_AGO),
  },
  { name: 'findOverview', ask: ({ db }) => findOverview(db), byHand: ({ connection }) => byHand.overview(connection) },
];

/** Every question that is measured. */
export const QUESTIONS: readonly Question[] = SUBJECTS;

/** The questions over a year of 200 accounts x 100 posts: beside hand-written SQL, and as the history grows. */
export async function benchQuestions(board: Board, references: References): Promise<void> {
  const full = await references.full();
  const tenth = await references.tenth();
  board.note(
    'size of the database of 7.3 M rows',
    `${statSync(full).size.toLocaleString('en-US')} bytes, ${megabytes(statSync(full).size)}`,
  );
  await benchAgainstHand(board, full);
  await benchGrowth(board, full, tenth);
  await benchViews(board, full, references);
  await benchCommands(board, full, references);
  benchMemory(board, full, references);
}

async function benchAgainstHand(board: Board, full: string): Promise<void> {
  const store = await openBenchStore(full);
  for (const { name, ask, byHand: answer } of SUBJECTS) {
    deepStrictEqual(await ask(store), answer(store), `${name} answers something else by hand`);
    const start = performance.now();
    await ask(store);
    // What takes a millisecond is told apart by more of them.
    const rounds = performance.now() - start < 8 ? 10 * ROUNDS : ROUNDS;
    const ms = await compare(rounds, { ask: () => discard(ask(store)), hand: () => discard(answer(store)) });
    board.atMost(`${name}: of the best SQL by hand`, 1.3, ms.ask / ms.hand);
    board.note('  ms', `${ms.ask.toFixed(2)}, ${ms.hand.toFixed(2)}`);
  }
  await store.close();
}

/** The question for the shorter history: trends look back twice their longest window. */
export function askWithin(name: string, ask: Question['ask']): Question['ask'] {
  return name === 'listTrends' ? ({ db }) => listTrends(db, [7, 15]) : ask;
}

/** A question costs what it asks about, not what is kept: the windows fit into the shorter history. */
async function benchGrowth(board: Board, full: string, tenth: string): Promise<void> {
  const [long, short] = [await openBenchStore(full), await openBenchStore(tenth)];
  for (const { name, ask } of SUBJECTS) {
    const within = askWithin(name, ask);
    const ms = await compare(ROUNDS, { long: () => discard(within(long)), short: () => discard(within(short)) });
    board.atMost(`${name}: a year, of a tenth of it`, 1.5, ms.long / ms.short);
  }
  await long.close();
  await short.close();
}

async function benchViews(board: Board, full: string, references: References): Promise<void> {
  const plain = await openBenchStore(full);
  const analyzed = await openBenchStore(references.copy(full, 'analyzed'));
  analyzed.connection.exec('ANALYZE');
  const read = ({ connection }: SqliteStore, sql: string) => void connection.prepare(sql).all();
  const view = 'SELECT * FROM post_performance_trends';
  const ms = await compare(5, { plain: () => read(plain, view), analyzed: () => read(analyzed, view) });
  board.atMost('post_performance_trends without statistics, of with', 1.3, ms.plain / ms.analyzed);
  board.atMost('post_performance_trends with statistics, of without', 1.3, ms.analyzed / ms.plain);
  for (const { name, ask } of SUBJECTS) {
    const each = await compare(5, { plain: () => discard(ask(plain)), analyzed: () => discard(ask(analyzed)) });
    board.note(`  ${name} with statistics, of without`, `${(each.analyzed / each.plain).toFixed(2)}x`);
  }
  const day = `FROM social_media_post_analytics WHERE snapshot_date = '${LAST_DAY}'`;
  const top = await compare(ROUNDS, {
    top: () => read(plain, `SELECT * ${day} ORDER BY views_count DESC LIMIT 10`),
    sum: () => read(plain, `SELECT sum(views_count) ${day}`),
  });
  board.atMost('top 10 posts of a day, of sum() over the day', 3, top.top / top.sum);
  await plain.close();
  await analyzed.close();
}

/** Commands over the whole year, beside scripts that print what the same questions give by hand. */
const COMMANDS: Record<string, { byHand: string; gate: boolean }> = {
  posts: { byHand: 'posts(db, 10)', gate: true },
  trends: {
    byHand: '{ trends: trends(db, [7, 30]), rising: [7, 30].map((days) => risingPosts(db, days, 5)) }',
    gate: true,
  },
  growth: { byHand: 'growth(db, 30)', gate: false },
  overview: { byHand: 'overview(db)', gate: false },
};

async function benchCommands(board: Board, full: string, { directory }: References): Promise<void> {
  const reporter = writePeakReporter(directory);
  for (const [name, { byHand: expression, gate }] of Object.entries(COMMANDS)) {
    const script = await writeByHandScript(directory, name, full, expression);
    const env = { SMSTATS_HOME: directory, SMSTATS_TIMEZONE: 'UTC' };
    const ms = await compare(7, {
      command: () => runNode([BIN, 'report', name, '--json', '--db', full], env).ms,
      table: () => runNode([BIN, 'report', name, '--db', full], env).ms,
      hand: () => runNode([script]).ms,
    });
    const title = `report ${name} --json, of a script with SQL by hand`;
    if (gate) board.atMost(title, 1.7, ms.command / ms.hand);
    else board.note(title, `${(ms.command / ms.hand).toFixed(2)}x`);
    const asTable = `report ${name} as a table, of the same script`;
    if (gate) board.atMost(asTable, 1.7, ms.table / ms.hand);
    else board.note(asTable, `${(ms.table / ms.hand).toFixed(2)}x`);
    const peaks = Array.from(
      { length: 3 },
      () => runNode([...reporter, BIN, 'report', name, '--db', full], env).peakMb,
    );
    board.atMost(`report ${name}: peak memory`, MOST_MB, median(peaks), ' MB');
  }
}

/** Of a report over the whole history. */
const MOST_MB = 110;

/** Questions that nobody answers in SQL alone. The posts of the history are years old by the time that this runs. */
const LONG_QUESTIONS = [
  'monthly',
  'best-times --days 3650',
  'hashtags --days 3650',
  'decay --days 3650',
  'anomalies',
  'anomalies --backtest',
  'forecast',
];

function benchMemory(board: Board, full: string, { directory }: References): void {
  const reporter = writePeakReporter(directory);
  const env = { SMSTATS_HOME: directory, SMSTATS_TIMEZONE: 'UTC' };
  for (const question of LONG_QUESTIONS) {
    const command = [...reporter, BIN, 'report', ...question.split(' '), '--db', full];
    const runs = Array.from({ length: 3 }, () => runNode(command, env));
    board.atMost(`report ${question}: peak memory`, MOST_MB, median(runs.map(({ peakMb }) => peakMb)), ' MB');
    board.note('  s', (median(runs.map(({ ms }) => ms)) / 1000).toFixed(2));
    const asJson = runNode([...command, '--json'], env).peakMb;
    board.note(`report ${question} --json: peak memory`, `${asJson.toFixed(0)} MB`);
  }
}

async function discard(work: unknown): Promise<void> {
  await work;
}
