import { spawn } from 'node:child_process';
import { createWriteStream, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, expect, test } from 'vitest';
import { queryRows } from '../helper/query-database.ts';
import { makeDirectory, run, start } from './process.ts';

const BIN = resolve(import.meta.dirname, '../../bin/smstats.js');
const ROWS = 100_000;
const HEADER = 'id,title,description,hashtags,duration,published_at,url\n';
/** A kilobyte a row: whoever holds 100,000 of them holds 100 MB. */
const DESCRIPTION = 'It says what happens, and in ""quotes"" what was said. '.repeat(19);
/** What V8 may keep of them. */
const HEAP_MB = 64;

/** Writes a list of videos. @returns its path. */
async function makeList(directory: string, rows: number, broken?: number): Promise<string> {
  const path = join(directory, `list-${rows}-${broken ?? 'good'}.csv`);
  const lines = function* () {
    yield HEADER;
    for (let n = 1; n <= rows; n++) {
      const duration = n === broken ? 'abc' : n % 600;
      yield `video-${n},"Episode ${n}","${DESCRIPTION}${n}",#ep${n},${duration},2026-01-31,https://example.org/v/${n}\n`;
    }
  };
  await pipeline(Readable.from(lines()), createWriteStream(path));
  return path;
}

interface Measured {
  code: number | null;
  stdout: string;
  stderr: string;
  /** The most memory it had, in kilobytes. */
  peak: number;
}

/** Runs the program and watches its memory, with little room for what it wants to keep. */
async function measure(args: readonly string[], home: string, stdin?: string): Promise<Measured> {
  const env = { PATH: process.env['PATH'], SMSTATS_HOME: home, NODE_OPTIONS: `--max-old-space-size=${HEAP_MB}` };
  const child = spawn(process.execPath, [BIN, ...args], { env, stdio: ['pipe', 'pipe', 'pipe'] });
  const result: Measured = { code: null, stdout: '', stderr: '', peak: 0 };
  child.stdout.on('data', (text) => (result.stdout += String(text)));
  child.stderr.on('data', (text) => (result.stderr += String(text)));
  const watch = setInterval(() => (result.peak = Math.max(result.peak, readPeak(child.pid))), 20);
  if (stdin === undefined) child.stdin.end();
  else void pipeline(Readable.from(readInPieces(stdin)), child.stdin).catch(() => {});
  result.code = await new Promise((done) => void child.on('close', done));
  clearInterval(watch);
  return result;
}

function readPeak(pid: number | undefined): number {
  try {
    const [, kilobytes = '0'] = /^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return Number(kilobytes);
  } catch {
    return 0;
  }
}

function* readInPieces(path: string): Generator<Buffer> {
  const bytes = readFileSync(path);
  for (let at = 0; at < bytes.length; at += 100_000) yield bytes.subarray(at, at + 100_000);
}

const countVideos = (home: string) => queryRows(home, 'SELECT count(*) FROM videos')[0]?.[0];
const isSound = (home: string) => queryRows(home, 'PRAGMA integrity_check')[0]?.[0] === 'ok';

let lists: { small: string; large: string; broken: string };
beforeAll(async () => {
  const directory = mkdtempSync(join(tmpdir(), 'smstats-lists-'));
  lists = {
    small: await makeList(directory, 1000),
    large: await makeList(directory, ROWS),
    broken: await makeList(directory, ROWS, 70_001),
  };
  return () => rmSync(directory, { recursive: true, force: true });
});

test('100,000 rows take little more memory than 1,000, and show how far they are', async () => {
  const small = await measure(['content', 'import', lists.small], makeDirectory());
  expect(small, small.stderr).toMatchObject({ code: 0 });
  const home = makeDirectory();
  const large = await measure(['content', 'import', lists.large, '--json'], home);
  expect(large, large.stderr).toMatchObject({ code: 0 });
  expect(JSON.parse(large.stdout)).toMatchObject({ data: { videos: { new: ROWS, changed: 0, unchanged: 0 } } });
  expect(countVideos(home)).toBe(ROWS);
  expect(large.stderr).toMatch(/^checked [\d,]+ rows$/m);
  expect(large.stderr).toMatch(/^wrote [\d,]+ of 100,000 rows$/m);
  expect(large.stderr).not.toContain('\u001B');
  // The file is 108 MB: as text and as rows it would be more than twice that. What may grow is the heap that V8 is
  // given, its young part (48 MB), and the 2 MB of SQLite's pages.
  expect(large.peak - small.peak).toBeLessThan((HEAP_MB + 48 + 8) * 1024);

  const again = await measure(['content', 'import', '-', '--json'], home, lists.large);
  expect(JSON.parse(again.stdout)).toMatchObject({ data: { videos: { new: 0, changed: 0, unchanged: ROWS } } });
  expect(again.peak - small.peak).toBeLessThan((HEAP_MB + 48 + 8) * 1024);
});

test('with row 70,001 broken nothing is imported, and the row is named', async () => {
  const home = makeDirectory();
  const ended = await measure(['content', 'import', lists.broken], home);
  expect(ended.code).toBe(2);
  expect(ended.stderr).toContain('line 70002, column "duration": "abc" is no duration');
  expect(ended.stderr).toContain('1 broken row; nothing was imported');
  expect(countVideos(home)).toBe(0);
  expect(queryRows(home, 'SELECT count(*) FROM audit_log')).toEqual([[0]]);
});

test('kill -9 in the middle of the writing leaves nothing half, and the next import completes', async () => {
  const home = makeDirectory();
  await run(['content', 'add', 'before', '--title', 'Was there'], { home });
  const started = start(['content', 'import', lists.large], { home });
  const wal = join(home, 'smstats.db-wal');
  // A transaction of 100 MB does not fit into the page cache: it spills into the WAL long before it is committed.
  while ((statSync(wal, { throwIfNoEntry: false })?.size ?? 0) < 20_000_000) await sleep(20);
  started.kill('SIGKILL');
  expect((await started.ended).signal).toBe('SIGKILL');
  expect(isSound(home)).toBe(true);
  expect(queryRows(home, 'SELECT id FROM videos')).toEqual([['before']]);
  expect(queryRows(home, `SELECT count(*) FROM audit_log WHERE action = 'import'`)).toEqual([[0]]);
  const next = await run(['content', 'import', lists.large, '--json'], { home });
  expect(JSON.parse(next.stdout)).toMatchObject({ data: { videos: { new: ROWS, changed: 0, unchanged: 0 } } });
  expect(countVideos(home)).toBe(ROWS + 1);
  expect(isSound(home)).toBe(true);
});
