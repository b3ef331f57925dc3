import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { join, relative, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const PROJECT = resolve(import.meta.dirname, '../..');
const NAMESPACE = resolve(import.meta.dirname, 'cron-namespace.sh');
const CHILD = relative(PROJECT, fileURLToPath(new URL('./cron-child.ts', import.meta.url)));

/** No call of a program takes longer, or it is killed. A piece of work is many calls. */
const TIME_LIMIT_MS = 30_000;
const WORK_LIMIT_MS = 150_000;

/** What a program left behind. */
export interface Done {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface CallOptions {
  env?: Record<string, string>;
  input?: Buffer;
  /** Who calls; by default the user. */
  as?: 'user' | 'root';
  timeout?: number;
}

/** Debian's cron with a clock of its own. */
export interface Cron {
  /** Ends it, after the jobs that it started and the mails about them. */
  stop(): Promise<void>;
}

/** A machine in the machine: a user, a crontab and a cron that have nothing to do with those outside. */
export interface CronMachine {
  user: string;
  /** As the user sees them. */
  home: string;
  node: string;
  script: string;
  /** Where the tests see a path of the user's. */
  see(path: string): string;
  /** Runs a program, with nothing of this process's environment. */
  call(argv: readonly string[], options?: CallOptions): Promise<Done>;
  /** Runs the user's copy of the built program. */
  smstats(args: readonly string[], env?: Record<string, string>): Promise<Done>;
  /** Runs one of the works of `cron-child.ts` as the user. @returns its result. */
  work(name: string): Promise<unknown>;
  /** The user's table as it lies in the spool, without the three lines that Debian puts before it. */
  readTable(): Buffer | undefined;
  /** Gives the user a table, through `crontab`; undefined takes it away. */
  setTable(table: Buffer | undefined): Promise<void>;
  /** What `sendmail` was given so far, oldest first. */
  mails(): string[];
  /** Command lines and environments of all processes that run now. */
  processes(): Process[];
  /** Starts cron. Its clock shows `time` at first; each of its minutes takes a second. */
  startCron(time: string): Promise<Cron>;
  /** Takes away the table, the mails and the user's data. */
  clear(): Promise<void>;
  /** Ends every process inside, and all that it made. */
  close(): Promise<void>;
}

export interface Process {
  pid: string;
  name: string;
  commandLine: string;
  environment: string;
}

/**
 * Starts a machine in the machine.
 * @throws when this one lacks something for that: it wants root, and Debian's cron, faketime and useradd.
 */
export async function startCronMachine(): Promise<CronMachine> {
  const user = `smstats-${process.pid}-${Date.now().toString(36).slice(-5)}`;
  const outside = spawn('sh', [NAMESPACE], {
    env: { PATH: process.env['PATH'], NAME: user, PROJECT, NODE: process.execPath },
    stdio: 'pipe',
  });
  let complaint = '';
  outside.stderr.on('data', (text) => (complaint += String(text)));
  const ended = new Promise<number | null>((done, fail) => outside.on('error', fail).on('close', done));
  const ready = new Promise<string>((done, fail) => {
    createInterface(outside.stdout).once('line', done);
    ended.then((code) => fail(new Error(`There is no machine for cron (${code}): ${complaint.trim()}`)), fail);
  });
  const [pid = '', uid = '', gid = ''] = (await ready).split(' ');

  const home = `/home/${user}`;
  const node = `${home}/node/bin/node`;
  const script = `${home}/smstats/bin/smstats.js`;
  const see = (path: string) => `/proc/${pid}/root${path}`;
  const spool = see(`/var/spool/cron/crontabs/${user}`);
  const enter = ['nsenter', `--target=${pid}`, '--mount', '--pid', '--'];
  const become = ['setpriv', `--reuid=${uid}`, `--regid=${gid}`, '--init-groups', '--'];

  const machine: CronMachine = {
    user,
    home,
    node,
    script,
    see,

    call(argv, { env = {}, input, as = 'user', timeout = TIME_LIMIT_MS } = {}) {
      const variables = {
        PATH: `${home}/node/bin:/usr/bin:/bin`,
        HOME: home,
        USER: user,
        LOGNAME: user,
        SHELL: '/bin/sh',
        ...env,
      };
      const words = Object.entries(variables).map(([name, value]) => `${name}=${value}`);
      const who = as === 'user' ? become : [];
      return runToEnd([...enter, ...who, 'env', '-i', '-C', home, ...words, ...argv], timeout, input);
    },

    smstats: (args, env = {}) => machine.call([node, script, ...args], { env }),

    async work(name) {
      const argv = ['env', '-C', '/run/project', node, '--import', 'tsx', CHILD, name, uid, gid];
      const { code, stdout, stderr } = await machine.call(argv, { as: 'root', timeout: WORK_LIMIT_MS });
      if (code !== 0) throw new Error(`${name} ended with ${code}: ${stderr}`);
      return JSON.parse(stdout);
    },

    readTable() {
      if (!existsSync(spool)) return undefined;
      const text = readFileSync(spool, 'latin1');
      const [header] = /^# DO NOT EDIT [^\n]*\n# \([^\n]*\n# \([^\n]*\n/.exec(text) ?? [];
      if (header === undefined) throw new Error(`This is no crontab of Debian's: ${text}`);
      return Buffer.from(text.slice(header.length), 'latin1');
    },

    async setTable(table) {
      if (table === undefined) return rmSync(spool, { force: true });
      const { code, stderr } = await machine.call(['crontab', '-'], { input: table });
      if (code !== 0) throw new Error(`crontab - ended with ${code}: ${stderr}`);
    },

    mails: () =>
      readdirSync(see('/run/mail'))
        .filter((name) => name.startsWith('sent.'))
        .toSorted((a, b) => Number(a.slice(5)) - Number(b.slice(5)))
        .map((name) => readFileSync(join(see('/run/mail'), name), 'latin1')),

    processes: () =>
      readdirSync(see('/proc'))
        .filter((name) => /^\d+$/.test(name))
        .map((name) => ({
          pid: name,
          name: readIfThere(see(`/proc/${name}/comm`)).trim(),
          commandLine: readIfThere(see(`/proc/${name}/cmdline`))
            .replaceAll('\0', ' ')
            .trim(),
          environment: readIfThere(see(`/proc/${name}/environ`)),
        })),

    async startCron(time) {
      const crons = () => machine.processes().filter(({ name }) => name === 'cron').length;
      if (crons() > 0) throw new Error('There is a cron already.');
      rmSync(see('/run/crond.pid'), { force: true });
      // cron itself is told the wrong time. Its jobs are not: they get an environment that it makes for them.
      const clock = ['env', '-i', 'PATH=/usr/bin:/bin', 'NO_FAKE_STAT=1', `FAKETIME=@2026-01-15 ${time} x60`];
      const command = 'LD_PRELOAD=$(echo /usr/lib/*/faketime/libfaketime.so.1) exec /usr/sbin/cron -f';
      const done = runToEnd([...enter, ...clock, 'sh', '-c', command], 0);
      await waitFor('cron to start', () => readIfThere(see('/run/crond.pid')).trim() !== '' && crons() === 1);
      return {
        async stop() {
          // For each job there is a cron that waits for its end and then sends a mail.
          await waitFor('the jobs to end', () => crons() <= 1);
          await machine.call(['sh', '-c', 'kill "$(cat /run/crond.pid)"'], { as: 'root' });
          await done;
        },
      };
    },

    async clear() {
      await machine.setTable(undefined);
      for (const name of readdirSync(see('/run/mail'))) rmSync(join(see('/run/mail'), name));
      for (const name of readdirSync(see(home))) {
        if (name !== 'node' && name !== 'smstats') rmSync(join(see(home), name), { recursive: true });
      }
    },

    async close() {
      outside.stdin.end();
      await ended;
      if (complaint.trim() !== '') throw new Error(`${user}: ${complaint.trim()}`);
    },
  };
  return machine;
}

/** Waits until something is so. @throws when that takes too long. */
export async function waitFor(what: string, isSo: () => boolean | Promise<boolean>, seconds = 30): Promise<void> {
  for (let left = seconds * 20; !(await isSo()); left--) {
    if (left <= 0) throw new Error(`Waited ${seconds} s for ${what}.`);
    await sleep(50);
  }
}

/** What of a machine in the machine can be seen from outside; nothing, once it is closed. */
export function findRemains(user: string): string[] {
  const processes = readdirSync('/proc').filter(
    (name) => /^\d+$/.test(name) && readIfThere(`/proc/${name}/environ`).includes(`NAME=${user}\0`),
  );
  return [
    ...processes.map((pid) => `process ${pid}`),
    ...(readFileSync('/etc/passwd', 'utf8').includes(user) ? ['a user'] : []),
    ...(readFileSync('/proc/self/mounts', 'utf8').includes(user) ? ['a mount'] : []),
    ...(existsSync(`/home/${user}`) ? ['a home directory'] : []),
    ...(existsSync(`/var/spool/cron/crontabs/${user}`) ? ['a crontab'] : []),
  ];
}

function runToEnd([program = '', ...args]: readonly string[], timeout: number, input?: Buffer): Promise<Done> {
  return new Promise((done, fail) => {
    const child = spawn(program, args, { stdio: 'pipe', timeout, killSignal: 'SIGKILL' });
    const result = { stdout: '', stderr: '' };
    child.stdout.on('data', (text) => (result.stdout += String(text)));
    child.stderr.on('data', (text) => (result.stderr += String(text)));
    child.on('error', fail);
    child.on('exit', (_, signal) => {
      // It was killed for taking too long; what it had started may hold its output open for longer.
      if (signal !== null) for (const stream of [child.stdout, child.stderr]) stream.destroy();
    });
    child.on('close', (code) => done({ code, ...result }));
    child.stdin.on('error', () => {});
    child.stdin.end(input ?? '');
  });
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}
