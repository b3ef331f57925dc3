import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';

/** Where packages put each version of the server. */
const VERSIONS = '/usr/lib/postgresql';

/** As a server comes, but with memory for the tables and without compiling each longer query anew. */
const SETTINGS = ['shared_buffers=512MB', 'jit=off', 'listen_addresses=127.0.0.1', 'unix_socket_directories='];

/** A server of this machine that is there for the time of a suite. */
export interface PostgresServer {
  version: string;
  /** Makes an empty database. @returns its URL. */
  createDatabase(name: string): Promise<string>;
}

/** The directory of the newest server's programs; undefined when there is none. */
export function findPostgres(): string | undefined {
  if (!existsSync(VERSIONS)) return undefined;
  const versions = readdirSync(VERSIONS).toSorted((a, b) => Number(b) - Number(a));
  return versions.map((each) => join(VERSIONS, each, 'bin')).find((bin) => existsSync(join(bin, 'initdb')));
}

/** Starts a server in a directory of its own, and stops and removes it afterwards, whatever happens. */
export async function withPostgres(bin: string, use: (server: PostgresServer) => Promise<void>): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'smstats-bench-postgres-'));
  const data = join(directory, 'data');
  // The server refuses to run as root.
  const owner = process.getuid?.() === 0 ? { uid: idOf('-u'), gid: idOf('-g') } : {};
  if (owner.uid !== undefined) chownSync(directory, owner.uid, owner.gid);
  const run = (program: string, ...args: string[]) =>
    execFileSync(join(bin, program), args, {
      ...owner,
      cwd: directory,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  let isRunning = false;
  const remove = () => {
    process.off('exit', remove);
    for (const signal of SIGNALS) process.off(signal, exit);
    if (isRunning) run('pg_ctl', 'stop', '-D', data, '-m', 'immediate');
    rmSync(directory, { recursive: true, force: true });
  };
  process.on('exit', remove);
  for (const signal of SIGNALS) process.on(signal, exit);
  try {
    const password = randomBytes(16).toString('hex');
    const passwordFile = join(directory, 'password');
    writeFileSync(passwordFile, password, { mode: 0o600 });
    if (owner.uid !== undefined) chownSync(passwordFile, owner.uid, owner.gid);
    const access = ['--auth=scram-sha-256', `--pwfile=${passwordFile}`];
    run('initdb', '-D', data, '--username=postgres', '--encoding=UTF8', '--locale=C', ...access);
    const port = await findPort();
    const settings = [...SETTINGS, `port=${port}`].map((each) => `-c ${each}`).join(' ');
    run('pg_ctl', 'start', '-w', '-D', data, '-l', join(directory, 'log'), '-o', settings);
    isRunning = true;
    const urlOf = (database: string) => `postgres://postgres:${password}@127.0.0.1:${port}/${database}`;
    await use({
      version: run('postgres', '--version').trim(),
      async createDatabase(name) {
        const client = new pg.Client({ connectionString: urlOf('postgres') });
        await client.connect();
        await client.query(`CREATE DATABASE "${name}"`).finally(() => client.end());
        return urlOf(name);
      },
    });
  } finally {
    remove();
  }
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

function exit(): void {
  process.exit(1);
}

function idOf(option: '-u' | '-g'): number {
  return Number(execFileSync('id', [option, 'postgres'], { encoding: 'utf8' }));
}

async function findPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
