import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Board } from './board.ts';
import { BIN, cleanEnvironment } from './child.ts';
import { fire, type Load, type Shot } from './load.ts';
import { median } from './ratio.ts';
import { FULL, type References } from './reference.ts';

const CONNECTIONS = 16;
const REQUESTS = 2_000;
const ROUNDS = 5;
const MANY = { connections: 64, requests: 10_000 };
const METRICS = '/api/social-media/metrics';

/** What is asked, and how slow it may be beside a route of the same framework that has its answer already. */
const SUBJECTS = [
  { name: 'summary', path: (id: number) => `${METRICS}/summary?account_id=${id}&platform=tiktok`, least: 0.05 },
  {
    name: 'content',
    path: (id: number) => `${METRICS}/content?account_id=${id}&platform=tiktok&limit=10`,
    least: 0.05,
  },
];

/** The API over a year of numbers: how many requests a second, how long the slowest take, and while a fetch writes. */
export async function benchServe(board: Board, references: References): Promise<void> {
  const database = references.copy(await references.full(), 'serve');
  const home = join(references.directory, 'serve-home');
  const tikwm = fork(join(import.meta.dirname, 'tikwm-process.ts'), [FULL.accounts, FULL.posts, 5].map(String), {
    env: cleanEnvironment(),
  });
  const [tikwmUrl] = (await once(tikwm, 'message')) as [string];
  configure(home, tikwmUrl);
  const server = await startServer(home, database);
  try {
    for (const subject of SUBJECTS) await benchRoute(board, server.url, subject);
    await benchWhileFetching(board, server.url, home, database);
  } finally {
    server.child.kill('SIGTERM');
    tikwm.disconnect();
  }
  const [code] = (await once(server.child, 'exit')) as [number | null];
  if (code !== 143) board.fail('the server ends when it is told to', `it ended with ${code}`);
}

function configure(home: string, tikwmUrl: string): void {
  mkdirSync(home, { recursive: true });
  writeFileSync(
    join(home, 'config.toml'),
    `[api]
rate_limit = 10000000
[fetch]
delay_ms = 0
[platforms.tiktok]
providers = ["tiktok-scraper7"]
[providers.tiktok-scraper7]
base_url = "${tikwmUrl}"
requests_per_second = 1000
`,
  );
}

const environmentOf = (home: string) => ({
  ...cleanEnvironment(),
  SMSTATS_HOME: home,
  SMSTATS_TIMEZONE: 'UTC',
  RAPIDAPI_KEY: 'bench',
});

/** The program as it is installed, with its log going nowhere, as behind a supervisor that drops it. */
async function startServer(home: string, database: string): Promise<{ url: string; child: ChildProcess }> {
  const child = spawn(process.execPath, [BIN, 'serve', '--port', '0', '--db', database, '--json', '--quiet'], {
    env: environmentOf(home),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  for await (const chunk of child.stdout as NodeJS.ReadableStream) {
    text += String(chunk);
    if (text.endsWith('}\n')) break;
  }
  return { url: (JSON.parse(text) as { data: { url: string } }).data.url, child };
}

async function benchRoute(board: Board, url: string, { name, path, least }: (typeof SUBJECTS)[number]): Promise<void> {
  const reply = await fetch(`${url}${path(1)}`);
  const body = await reply.text();
  if (reply.status !== 200) throw new Error(`${name} answers ${reply.status}: ${body}`);
  const bare = fork(join(import.meta.dirname, 'hono-process.ts'), [], { env: cleanEnvironment() });
  bare.send(body);
  const [bareUrl] = (await once(bare, 'message')) as [string];
  const shotsOf = (make: (at: number) => string) => Array.from({ length: REQUESTS }, (_, at) => ({ url: make(at) }));
  const [ours, theirs]: [Load[], Load[]] = [[], []];
  for (let round = 0; round <= ROUNDS; round++) {
    const own = await fire(
      shotsOf((at) => `${url}${path((at % FULL.accounts) + 1)}`),
      CONNECTIONS,
    );
    const other = await fire(
      shotsOf(() => bareUrl),
      CONNECTIONS,
    );
    // The first turn warms up.
    if (round > 0) {
      ours.push(own);
      theirs.push(other);
    }
  }
  bare.disconnect();
  const of = (loads: readonly Load[], key: 'perSecond' | 'p50' | 'p99') => median(loads.map((load) => load[key]));
  board.atLeast(`${name}: requests a second, of a bare route`, least, of(ours, 'perSecond') / of(theirs, 'perSecond'));
  for (const [label, loads] of [
    ['ours', ours],
    ['bare', theirs],
  ] as const) {
    const [p50, p99] = [of(loads, 'p50').toFixed(2), of(loads, 'p99').toFixed(2)];
    board.note(`  ${label}`, `${of(loads, 'perSecond').toFixed(0)} requests/s, p50 ${p50} ms, p99 ${p99} ms`);
  }
  board.atMost(`${name}: p99, of a bare route`, 2 / least, of(ours, 'p99') / of(theirs, 'p99'));
  const failed = ours.flatMap(({ statuses }) => [...statuses.keys()]).filter((status) => status !== 200);
  if (failed.length > 0) board.fail(`${name}: every request is answered`, failed.join(', '));
}

/** Reads and records of every kind, while another process fetches every account, again and again. */
async function benchWhileFetching(board: Board, url: string, home: string, database: string): Promise<void> {
  const over = new AbortController();
  const fetching = (async () => {
    const failures: string[] = [];
    let fetches = 0;
    for (; !over.signal.aborted; fetches++) failures.push(...(await fetchAll(home, database)));
    return { fetches, failures };
  })();
  const load = await fire(
    Array.from({ length: MANY.requests }, (_, at) => makeShot(url, at)),
    MANY.connections,
  );
  over.abort();
  const { fetches, failures } = await fetching;
  const title = `${MANY.requests} mixed requests over ${MANY.connections} connections while a fetch writes`;
  const answered = load.statuses.get(200) ?? 0;
  board.atMost(`${title}: failed`, 0, MANY.requests - answered, '');
  board.atMost(`${title}: fetches that failed`, 0, failures.length, '');
  for (const failure of failures) board.note('  a fetch', failure);
  board.note(
    '  requests/s, p50, p99, longest',
    `${load.perSecond.toFixed(0)}, ${load.p50.toFixed(1)} ms, ${load.p99.toFixed(1)} ms, ${load.longest.toFixed(0)} ms`,
  );
  board.note('  statuses; fetches', `${JSON.stringify(Object.fromEntries(load.statuses))}; ${fetches}`);
}

/** @returns why it failed, if it did. */
async function fetchAll(home: string, database: string): Promise<string[]> {
  const child = spawn(process.execPath, [BIN, 'fetch', '--db', database, '--quiet'], {
    env: environmentOf(home),
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (text) => (said += String(text)));
  const [code] = (await once(child, 'close')) as [number | null];
  return code === 0 ? [] : [`ended with ${code}: ${said.trim()}`];
}

function makeShot(url: string, at: number): Shot {
  const id = (at * 7) % FULL.accounts || FULL.accounts;
  const whose = `account_id=${id}&platform=tiktok`;
  switch (at % 10) {
    case 0: {
      const record = { account_id: String(id), platform: 'tiktok', reach: at, clicks: at % 9 };
      return { url: `${url}${METRICS}/daily`, body: JSON.stringify(record) };
    }
    case 1:
      return { url: `${url}/healthz` };
    case 2:
    case 3:
      return { url: `${url}${METRICS}/content?${whose}` };
    case 4:
    case 5:
      return { url: `${url}${METRICS}/daily?${whose}&days=30` };
    default:
      return { url: `${url}${METRICS}/summary?${whose}` };
  }
}
