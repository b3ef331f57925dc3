import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { makeAccount, sendJson, startTikwmServer, type TikwmServer } from '../helper/tikwm-server.ts';
import { findRemains, startCronMachine, waitFor, type CronMachine, type Done } from './cron-daemon.ts';
import { makeNastyCalls, pathOfArrival } from './cron-paths.ts';
import { KINDS, type Checked } from './cron-tables.ts';
import { PASSWORD, startPostgres } from './postgres.ts';
import { TIMEZONE } from './process.ts';

/** Lines of somebody else, one of them in another encoding. */
const OTHERS = Buffer.from('# caf\xe9\nMAILTO=anna\n\n1 1 * * * true\t \n', 'latin1');
const SPOOL = '/var/spool/cron/crontabs';
const COMMAND = ['install-schedule'];
const STATUS = ['install-schedule', '--status'];
const UNINSTALL = ['install-schedule', '--uninstall'];

let machine: CronMachine;
let outside: string[];
beforeAll(async () => {
  outside = readdirSync(SPOOL);
  machine = await startCronMachine();
});
afterEach(() => machine.clear());
afterAll(async () => {
  await machine.close();
  expect(findRemains(machine.user)).toEqual([]);
  expect(readdirSync(SPOOL)).toEqual(outside);
});

/** Runs the program, which must succeed. */
async function succeed(args: readonly string[], env?: Record<string, string>, input?: string): Promise<Done> {
  const options = { ...(env && { env }), ...(input !== undefined && { input: Buffer.from(input) }) };
  const ended = await machine.call([machine.node, machine.script, ...args], options);
  expect(ended.code, `${args.join(' ')}: ${ended.stderr}`).toBe(0);
  return ended;
}

/** Sets the sample up, with numbers of today. */
async function makeSample(env?: Record<string, string>): Promise<void> {
  await succeed(['init', '--sample', '--yes', '--no-fetch'], env);
  await succeed(['config', 'set', 'timezone', TIMEZONE], env);
  await succeed(['fetch', '--provider', 'sample'], env);
}

/** Where a user's schedule keeps its files. */
const scheduleOf = (id = 'default') => `${machine.home}/.local/share/smstats/schedule/${id}`;

function readSeen(path: string): string {
  return readFileSync(machine.see(path), 'utf8');
}

function readHeartbeat(directory: string): Record<string, unknown> | undefined {
  const path = machine.see(join(directory, 'last-run.json'));
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>) : undefined;
}

/** Lets cron's clock pass three o'clock, and waits for the run's end and what follows it. */
async function passThree(directory: string): Promise<Record<string, unknown>> {
  const before = readHeartbeat(directory)?.['started_at'];
  const cron = await machine.startCron('02:58:30');
  await waitFor('the scheduled run to end', () => {
    const heartbeat = readHeartbeat(directory);
    return heartbeat?.['started_at'] !== before && typeof heartbeat?.['ended_at'] === 'string';
  });
  await cron.stop();
  return readHeartbeat(directory) as Record<string, unknown>;
}

/** The user's table, each byte as a character. */
const tableText = () => machine.readTable()?.toString('latin1');

describe('from the command to the numbers', () => {
  test('cron starts it at three, the numbers land, and everything says so', async () => {
    await makeSample();
    const database = `${machine.home}/.local/share/smstats/smstats.db`;
    await moveToYesterday(database);
    const [yesterday, today] = [-1, 0].map((days) => ({ day: dayHere(days), provider_name: 'sample', posts: 36 }));
    expect(await readDays(database)).toEqual([yesterday]);
    await machine.setTable(OTHERS);

    const installed = await succeed(COMMAND);
    expect(installed.stdout).toMatch(/^when +At 03:00 \(0 3 \* \* \*\)/m);
    expect(machine.readTable()?.subarray(0, OTHERS.length)).toEqual(OTHERS);
    expect((await machine.smstats(STATUS)).stdout).toMatch(/^last start +—/m);

    const cron = await machine.startCron('02:58:00');
    await waitFor('the scheduled run to end', () => readHeartbeat(scheduleOf())?.['ended_at'] != null);
    const status = await machine.smstats(STATUS);
    await cron.stop();

    expect(await readDays(database)).toEqual([yesterday, today]);
    expect(readHeartbeat(scheduleOf())).toMatchObject({ exit_code: 0, node: process.version });
    expect(status.code, status.stdout).toBe(0);
    expect(status.stdout).toMatch(/^last start +\w{3} \d{4}-\d\d-\d\d \d\d:\d\d, just now$/m);
    expect(status.stdout).toMatch(/^last end +\w{3} \d{4}-\d\d-\d\d \d\d:\d\d, just now$/m);
    expect(status.stdout).toMatch(/^last exit +0/m);
    expect(status.stdout).toMatch(/^problems +none$/m);
    expect(status.stdout).toMatch(/^tiktok +isaiah_dupree +\d{4}-/m);
    const log = `${scheduleOf()}/fetch.log`;
    expect(statSync(machine.see(log)).mode & 0o777).toBe(0o600);
    expect(readSeen(log)).toMatch(
      /Z started\n(.*\n)*.*stored with 36 posts from sample\n(.*\n)*.*Z ended with 0 after \d+ s\n$/,
    );
    expect(machine.mails()).toEqual([]);

    await succeed(UNINSTALL);
    expect(machine.readTable()).toEqual(OTHERS);
    expect(existsSync(machine.see(log))).toBe(true);
  });

  test('a run that fails is one mail with the reason', async () => {
    await makeSample();
    await succeed(COMMAND);
    writeFileSync(machine.see(`${machine.home}/.local/share/smstats/smstats.db`), 'This is no database. '.repeat(500));
    const heartbeat = await passThree(scheduleOf());
    expect(heartbeat['exit_code']).toBe(2);
    expect(heartbeat['message']).toMatch(/^smstats: /);
    const [mail = '', ...more] = machine.mails();
    expect(more).toEqual([]);
    expect(mail).toContain(`To: ${machine.user}\n`);
    expect(mail).toContain(`\n${String(heartbeat['message'])}\n`);
  });
});

test('200 tables are as they were after the schedule came and went', async () => {
  const { accepted, kinds, faults } = (await machine.work('tables')) as Checked;
  expect(faults).toEqual([]);
  expect(accepted).toBe(200);
  // The tables are random, but each kind is among them.
  expect(KINDS.filter((kind) => !kinds[kind])).toEqual([]);
});

test('300 nasty paths and arguments arrive as they are', async () => {
  const { installed, scripts } = (await machine.work('paths')) as { installed: number; scripts: number };
  const calls = makeNastyCalls(machine.home);
  expect(installed).toBe(300);
  expect(scripts).toBeGreaterThan(30);
  expect(scripts).toBeLessThan(270);
  const arrivals = () => calls.map((_, i) => machine.see(pathOfArrival(machine.home, i)));
  const cron = await machine.startCron('02:58:00');
  await waitFor('all programs to be called', () => arrivals().every((path) => existsSync(path)));
  await cron.stop();
  const wrong = arrivals()
    .map((path, i) => ({ expected: calls[i], arrived: readFileSync(path, 'utf8').split('\0') }))
    .filter(
      ({ expected, arrived }) =>
        arrived.join('\0') !== `${[expected?.program, ...(expected?.args ?? [])].join('\0')}\0`,
    );
  expect(wrong).toEqual([]);
  expect(machine.mails()).toEqual([]);
});

/** What stands first on the user's path instead of `crontab`. Its first argument is what it is asked to do. */
function replaceCrontab(script: string): Record<string, string> {
  const directory = machine.see(`${machine.home}/fake`);
  mkdirSync(directory, { recursive: true });
  // The script may make files here to count its calls.
  chmodSync(directory, 0o777);
  writeFileSync(join(directory, 'crontab'), `#!/bin/sh\ncd "$HOME/fake"\n${script}\nexec /usr/bin/crontab "$@"\n`, {
    mode: 0o755,
  });
  return { PATH: `${machine.home}/fake:${machine.home}/node/bin:/usr/bin:/bin` };
}

/** Does something as root; `undo` takes it back with the test. */
async function asRoot(script: string, undo?: string): Promise<Record<string, string>> {
  const sh = async (text: string) => {
    const { code, stderr } = await machine.call(['sh', '-c', text], { as: 'root' });
    expect(code, `${text}: ${stderr}`).toBe(0);
  };
  if (undo !== undefined) onTestFinished(() => sh(undo));
  await sh(script);
  return {};
}

/** The user's file in the spool, with all that stands in it. */
const readSpool = () => readFileSync(machine.see(`${SPOOL}/${machine.user}`));

/** How a crontab fails, what brings that about, and what is said about it. */
const FAILURES: [string, () => Record<string, string> | Promise<Record<string, string>>, RegExp][] = [
  [
    'the user stands in cron.deny',
    () => asRoot(`echo ${machine.user} >/etc/cron.deny`, 'rm /etc/cron.deny'),
    /could not be read, so nothing was changed: .*not allowed to use this program/,
  ],
  [
    'the table cannot be opened',
    () => asRoot(`chown root: ${SPOOL}/${machine.user}`),
    /could not be read, so nothing was changed: .*Permission denied/,
  ],
  [
    'the disk is full',
    () => asRoot(`mount -o remount,size=4k ${SPOOL}`, `mount -o remount,size=1m ${SPOOL}`),
    /crontab - failed with 1: .*No space left on device/,
  ],
  ['there is none', () => ({ PATH: `${machine.home}/node/bin` }), /There is no program "crontab" on this machine/],
  [
    'reading fails',
    () => replaceCrontab('[ "$1" = -l ] && { echo "crontabs/anna: Input/output error" >&2; exit 1; }'),
    /could not be read, so nothing was changed: .*Input\/output error/,
  ],
  [
    'reading fails and says nothing',
    () => replaceCrontab('[ "$1" = -l ] && exit 1'),
    /could not be read, so nothing was changed: crontab -l failed with 1/,
  ],
  [
    'reading fails after the first lines',
    () => replaceCrontab('[ "$1" = -l ] && { echo "# caf"; echo "no crontab for anna" >&2; exit 1; }'),
    /could not be read, so nothing was changed: /,
  ],
  [
    'reading is ended by a signal',
    () => replaceCrontab('[ "$1" = -l ] && { echo "no crontab for anna" >&2; kill -9 $$; }'),
    /could not be read, so nothing was changed: .*ended by a signal/,
  ],
  [
    'writing fails',
    () => replaceCrontab('[ "$1" = - ] && { echo "crontab: Disk quota exceeded" >&2; exit 1; }'),
    /crontab - failed with 1: .*Disk quota exceeded/,
  ],
  [
    'writing is ended by a signal',
    () => replaceCrontab('[ "$1" = - ] && kill -9 $$'),
    /crontab - was ended by a signal/,
  ],
  [
    'writing ends well and writes nothing',
    () => replaceCrontab('[ "$1" = - ] && { cat >/dev/null; exit 0; }'),
    /does not print what was written/,
  ],
];

describe('a table is left alone when crontab does not work as it should', () => {
  test.each(FAILURES)('%s', async (_, fail, message) => {
    await makeSample();
    await machine.setTable(OTHERS);
    await succeed(COMMAND);
    const record = readSeen(`${scheduleOf()}/installed.json`);
    const before = readSpool();
    const env = await fail();
    for (const args of [[...COMMAND, '--at', '05:00'], UNINSTALL]) {
      const { code, stderr } = await machine.smstats(args, env);
      expect(code, stderr).toBe(1);
      expect(stderr).toMatch(/^smstats: /);
      expect(stderr).toMatch(message);
      expect(readSpool()).toEqual(before);
      expect(readSeen(`${scheduleOf()}/installed.json`)).toBe(record);
    }
  });

  test('a table that the new lines make too long for Debian', async () => {
    await makeSample();
    await machine.setTable(Buffer.from('#\n'.repeat(9998)));
    const before = readSpool();
    const { code, stderr } = await machine.smstats(COMMAND);
    expect(code).toBe(1);
    expect(stderr).toMatch(/crontab - failed with 1: .*too long/);
    expect(readSpool()).toEqual(before);
  });

  test('what another program wrote in the meantime stays, and ours is not added', async () => {
    await makeSample();
    await machine.setTable(OTHERS);
    const other = '2 2 * * * other';
    const env = replaceCrontab(
      `[ "$1" = -l ] && [ -e read ] && [ ! -e written ] && { (/usr/bin/crontab -l; echo '${other}') | /usr/bin/crontab -; >written; }; >read`,
    );
    const { code, stderr } = await machine.smstats(COMMAND, env);
    expect(code).toBe(1);
    expect(stderr).toMatch(/crontab -l does not print what was/);
    expect(existsSync(machine.see(`${machine.home}/fake/written`))).toBe(true);
    expect(tableText()).toBe(`${OTHERS.toString('latin1')}${other}\n`);
    expect(existsSync(machine.see(`${scheduleOf()}/installed.json`))).toBe(false);
  });

  test('a table that does not arrive as it was written is put back', async () => {
    await makeSample();
    await machine.setTable(OTHERS);
    const env = replaceCrontab(`[ "$1" = - ] && { sed 's/--if-due//' | /usr/bin/crontab -; exit 0; }`);
    const { code, stderr } = await machine.smstats(COMMAND, env);
    expect(code).toBe(1);
    expect(stderr).toMatch(/does not print what was written/);
    expect(machine.readTable()).toEqual(OTHERS);
    expect(existsSync(machine.see(`${scheduleOf()}/installed.json`))).toBe(false);
  });
});

describe('a block that was damaged is left alone', () => {
  const begin = '# >>> smstats default >>> managed block; do not edit\n';
  const line = '0 3 * * * true\n';
  const end = '# <<< smstats default <<<\n';
  const damages: [string, string, string][] = [
    ['without an end', `${begin}${line}`, '(marker in line 5)'],
    ['without a begin', `${line}${end}`, '(marker in line 6)'],
    ['twice', `${begin}${line}${end}${begin}${line}${end}`, '(markers in lines 5, 7, 8, 10)'],
    ['with its end first', `${end}${line}${begin}`, '(markers in lines 5, 7)'],
    ['with a line more', `${begin}${line}${line}${end}`, '(markers in lines 5, 8)'],
  ];
  const damage = (block: string) => machine.setTable(Buffer.concat([OTHERS, Buffer.from(`${block}3 3 * * * true\n`)]));

  test.each(damages)('%s', async (_, block, where) => {
    await makeSample();
    await succeed(COMMAND);
    await damage(block);
    const before = readSpool();
    for (const args of [COMMAND, UNINSTALL, [...COMMAND, '--dry-run'], STATUS]) {
      const { code, stdout, stderr } = await machine.smstats(args);
      expect(code, args.join(' ')).toBe(1);
      expect(stdout + stderr, args.join(' ')).toContain(`The smstats block in your crontab is damaged ${where}`);
      expect(readSpool()).toEqual(before);
    }
  });

  test('also when it is not on record what was installed', async () => {
    await makeSample();
    const [, block, where] = damages[0] as (typeof damages)[0];
    await damage(block);
    const before = readSpool();
    for (const args of [COMMAND, UNINSTALL, STATUS]) {
      const { code, stdout, stderr } = await machine.smstats(args);
      expect(code, args.join(' ')).toBe(1);
      expect(stdout + stderr, args.join(' ')).toContain(`The smstats block in your crontab is damaged ${where}`);
      expect(readSpool()).toEqual(before);
    }
  });
});

describe('what is told when something is gone', () => {
  test.each([
    ['node', 'node', '/run/node'],
    ['the script', 'smstats', undefined],
  ])('%s', async (_, part, node) => {
    await makeSample();
    await succeed(COMMAND);
    const copy = `${machine.home}/copy`;
    await asRoot(
      `cp -r ${machine.home}/smstats ${copy} && mv ${machine.home}/${part} /run/gone`,
      `mv /run/gone ${machine.home}/${part}`,
    );
    const { code, stdout } = await machine.call([node ?? machine.node, `${copy}/bin/smstats.js`, ...STATUS]);
    expect(code).toBe(1);
    const [, problems = ''] = stdout.split('\nproblems ');
    expect(problems).toContain(part === 'node' ? machine.node : machine.script);
  });

  test('a run that was killed: what it was at, and the next one makes up for it', async () => {
    const server = await startServer();
    const env = { SMSTATS_HOME: `${machine.home}/killed` };
    await configure(env.SMSTATS_HOME, server.url, 'a-key-for-tests');
    await succeed(['accounts', 'add', 'tiktok', 'anna'], env);
    const { directory } = await installAt(env);
    let isHanging = true;
    server.fault = () => isHanging;
    const cron = await machine.startCron('02:58:30');
    await waitFor('the run to ask the server', () => server.requests.length > 0);
    const running = await machine.smstats(STATUS, env);
    expect(running.stdout).toMatch(/^last end +running$/m);
    const { started_at: startedAt, pid } = readHeartbeat(directory) ?? {};
    expect((await machine.call(['kill', '-9', String(pid)])).code).toBe(0);
    await waitFor('the process to end', () => !machine.processes().some((each) => each.pid === String(pid)));
    const killed = await machine.smstats(STATUS, env);
    await cron.stop();
    const mails = machine.mails().length;
    expect(killed.code).toBe(1);
    expect(killed.stdout).toMatch(/^last end +broken off$/m);
    expect(killed.stdout).toContain(`the run that started at ${String(startedAt)} did not come to its end`);

    isHanging = false;
    expect(await passThree(directory)).toMatchObject({ exit_code: 0, ended_at: expect.any(String) });
    expect(machine.mails()).toHaveLength(mails);
  });
});

test('two installations at once come and go beside each other', async () => {
  const environments = ['one', 'two'].map((name) => ({ SMSTATS_HOME: `${machine.home}/${name}` }));
  for (const env of environments) await makeSample(env);
  for (let round = 0; round < 10; round++) {
    await machine.setTable(OTHERS);
    await Promise.all(environments.map((env) => succeed(COMMAND, env)));
    const table = tableText() ?? '';
    expect(table.startsWith(OTHERS.toString('latin1'))).toBe(true);
    expect(table.match(/^# >>> smstats /gm)).toHaveLength(2);
    for (const { SMSTATS_HOME: home } of environments) expect(table).toContain(` '--home' '${home}' 'fetch' `);
    expect(table.split('\n')).toHaveLength(OTHERS.toString('latin1').split('\n').length + 6);
    await Promise.all(environments.map((env) => succeed(UNINSTALL, env)));
    expect(machine.readTable()).toEqual(OTHERS);
  }
});

const KEY = 'cAnArY+9f8e/7d6c=5b4a"3&2x1';

/** What may be seen nowhere, in the forms that it may travel in. */
const FORMS = [KEY, PASSWORD].flatMap((secret) => [
  secret,
  encodeURIComponent(secret),
  JSON.stringify(secret).slice(1, -1),
  Buffer.from(secret).toString('base64').replace(/=+$/, ''),
  Buffer.from(secret).toString('hex'),
]);
const leaks = (text: string) => [...FORMS, 'cAnArY', 'canary-Pw'].filter((form) => text.includes(form));

test('key and password are in config.toml and nowhere else', async () => {
  const server = await startServer();
  const postgres = await startPostgres();
  onTestFinished(() => postgres.remove());
  const env = { SMSTATS_HOME: `${machine.home}/canary` };
  const database = postgres.url(await postgres.createDatabase());
  await configure(env.SMSTATS_HOME, server.url, KEY, `database = ${JSON.stringify(database)}\n`);
  const seen = new Map<string, string>();
  const run = async (args: readonly string[], code: number) => {
    const ended = await machine.smstats(args, env);
    expect(ended.code, `${args.join(' ')}: ${ended.stderr}`).toBe(code);
    seen.set(args.join(' '), ended.stdout + ended.stderr);
  };

  await run(['accounts', 'add', 'tiktok', 'anna'], 0);
  await machine.setTable(OTHERS);
  await run([...COMMAND, '--dry-run'], 0);
  await run(COMMAND, 0);
  await run([...COMMAND, '--at', '3:00', '--dry-run', '--json'], 0);
  const [id = ''] = readdirSync(machine.see(`${env.SMSTATS_HOME}/schedule`));
  const directory = `${env.SMSTATS_HOME}/schedule/${id}`;

  // While it runs and waits for the provider, everybody can see its command line.
  server.fault = async () => {
    await new Promise((done) => setTimeout(done, 300));
    return false;
  };
  const watch = setInterval(() => {
    for (const { pid, name, commandLine, environment } of machine.processes())
      seen.set(`process ${pid} ${name} ${commandLine}`, `${commandLine}\n${environment}`);
  }, 40);
  onTestFinished(() => clearInterval(watch));
  expect(await passThree(directory)).toMatchObject({ exit_code: 0 });
  expect(server.requests.length).toBeGreaterThan(1);
  expect(server.requests.every(({ headers }) => headers['x-rapidapi-key'] === KEY)).toBe(true);
  const jobs = [...seen].filter(([what]) => what.endsWith(` fetch --if-due --scheduled ${id}`));
  expect(jobs.some(([, text]) => text.includes(`LOGNAME=${machine.user}\0`))).toBe(true);
  expect(machine.mails()).toEqual([]);

  // The provider sends the key back, and what is wrong is mailed.
  await run(['accounts', 'add', 'tiktok', 'bert'], 0);
  server.fault = (_request, response) => sendJson(response, { message: `Invalid API key ${KEY}` }, 401);
  expect((await passThree(directory))['exit_code']).toBe(4);
  expect(machine.mails()).toHaveLength(1);
  await run(STATUS, 1);
  await run([...STATUS, '--json'], 1);

  // The server of the database is gone, and what is wrong is mailed.
  await postgres.stop();
  expect((await passThree(directory))['exit_code']).toBe(6);
  expect(machine.mails()).toHaveLength(2);
  clearInterval(watch);
  await run(STATUS, 1);
  await run(UNINSTALL, 0);
  await run([...COMMAND, '--db', database], 2);
  expect(machine.readTable()).toEqual(OTHERS);
  await run([...COMMAND, '--force'], 0);

  seen.set('the table', tableText() ?? '');
  machine.mails().forEach((mail, i) => seen.set(`mail ${i}`, mail));
  for (const place of [machine.home, '/tmp', '/run/mail', '/run/lock']) {
    for (const [name, text] of readAll(place)) if (name !== `${env.SMSTATS_HOME}/config.toml`) seen.set(name, text);
  }
  for (const name of ['fetch.log', 'last-run.json', 'installed.json'])
    expect(seen.has(`${directory}/${name}`)).toBe(true);
  expect([...seen.keys()].filter((what) => what.endsWith('.bak'))).not.toEqual([]);
  expect([...seen].filter(([, text]) => leaks(text).length > 0)).toEqual([]);
});

/** Starts a provider on loopback, for this test. */
async function startServer(): Promise<TikwmServer> {
  const server = await startTikwmServer({ anna: makeAccount(3, 1), bert: makeAccount(3, 2) });
  onTestFinished(() => server.close());
  return server;
}

/** Writes the user's configuration, with a key. */
async function configure(home: string, url: string, key: string, more = ''): Promise<void> {
  const text = `${more}timezone = "${TIMEZONE}"
[fetch]
delay_ms = 0
[credentials]
rapidapi_key = ${JSON.stringify(key)}
[platforms.tiktok]
providers = ["tiktok-scraper7"]
[providers.tiktok-scraper7]
base_url = "${url}"
requests_per_second = 1000
`;
  const script = 'umask 077; mkdir -p "$0"; cat >"$0/config.toml"';
  const { code } = await machine.call(['sh', '-c', script, home], { input: Buffer.from(text) });
  expect(code).toBe(0);
}

/** Installs a schedule for a home of its own. @returns where it keeps its files. */
async function installAt(env: { SMSTATS_HOME: string }): Promise<{ directory: string }> {
  await succeed(COMMAND, env);
  const schedules = `${env.SMSTATS_HOME}/schedule`;
  return { directory: join(schedules, readdirSync(machine.see(schedules))[0] as string) };
}

/** Every file below a directory of the user's, as bytes, but those of the program. */
function readAll(directory: string): [string, string][] {
  return readdirSync(machine.see(directory), { recursive: true, encoding: 'utf8' })
    .map((name) => join(directory, name))
    .filter((path) => !/^\/home\/[^/]+\/(?:node|smstats)\//.test(path) && statSync(machine.see(path)).isFile())
    .map((path) => [path, readFileSync(machine.see(path), 'latin1')]);
}

/** What the database holds of each day. */
function readDays(database: string): Promise<unknown> {
  return query(
    database,
    `SELECT s.snapshot_date AS day, s.provider_name,
       (SELECT count(*) FROM social_media_post_analytics a WHERE a.snapshot_date = s.snapshot_date) AS posts
     FROM social_media_analytics_snapshots s ORDER BY s.snapshot_date`,
  );
}

/** Makes a database that was filled today one that was filled yesterday. */
async function moveToYesterday(database: string): Promise<void> {
  for (const sql of [
    "UPDATE social_media_analytics_snapshots SET snapshot_date = date(snapshot_date, '-1 day')",
    "UPDATE social_media_post_analytics SET snapshot_date = date(snapshot_date, '-1 day')",
    "UPDATE social_media_post_range SET first_date = date(first_date, '-1 day'), latest_date = date(latest_date, '-1 day')",
    "UPDATE social_media_accounts SET last_fetched_at = strftime('%Y-%m-%dT%H:%M:%fZ', last_fetched_at, '-1 day')",
  ])
    await query(database, `${sql} RETURNING 1`);
}

/** Asks a database as its user: SQLite opens no file by way of /proc. */
async function query(database: string, sql: string): Promise<unknown> {
  const code = `
    const Database = require('./smstats/node_modules/better-sqlite3');
    console.log(JSON.stringify(new Database(process.argv[1]).prepare(process.argv[2]).all()));`;
  const { stdout, stderr } = await machine.call([machine.node, '-e', code, database, sql]);
  expect(stderr).toBe('');
  return JSON.parse(stdout);
}

/** The day, or one some days later, where the program is told to be. */
function dayHere(later: number): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone: TIMEZONE }).format(Date.now() + later * 86_400_000);
}
