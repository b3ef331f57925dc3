import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, chownSync, copyFileSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';

const VERSIONS = '/usr/lib/postgresql';
const TLS = resolve(import.meta.dirname, '../fixture/tls');
const START_MS = 30_000;

/** The certificate of a server with `tls`: for 127.0.0.1 and localhost, signed by itself. */
export const CERTIFICATE = join(TLS, 'self-signed-cert.pem');

/** The password of every user that the tests make, with what has to be encoded in a URL and escaped in a file. */
export const PASSWORD = 'canary-Pw-93f1/@:x';

export interface PostgresOptions {
  maxConnections?: number;
  /** Takes encrypted connections, and no others over the network. */
  tls?: boolean;
}

/** Who connects to what, as far as it is not the superuser to its own database. */
export interface UrlParts {
  user?: string;
  password?: string | null;
  host?: string;
  port?: number;
  options?: Record<string, string>;
}

export interface PostgresServer {
  port: number;
  /** Makes a database. @returns its name. */
  createDatabase(): Promise<string>;
  /** Makes a user who may log in. @returns the name. */
  createUser(attributes?: string): Promise<string>;
  /** The URL of a database. */
  url(database: string, parts?: UrlParts): string;
  /** Runs SQL as the superuser. */
  query<Row = Record<string, unknown>>(database: string, sql: string): Promise<Row[]>;
  /** Opens a connection of one's own; the caller ends it. */
  connect(database: string): Promise<pg.Client>;
  start(): Promise<void>;
  /** Ends it as a crash does. */
  stop(): Promise<void>;
  /** Stops it for good, with everything it holds. */
  remove(): Promise<void>;
}

/** Starts a PostgreSQL server of one's own on loopback. Needs root, and Debian's packages. */
export async function startPostgres(options: PostgresOptions = {}): Promise<PostgresServer> {
  const owner = { uid: idOf('-u'), gid: idOf('-g') };
  const directory = mkdtempSync(join(tmpdir(), 'smstats-postgres-'));
  chownSync(directory, owner.uid, owner.gid);
  const data = join(directory, 'data');
  const bin = findPrograms();
  const own = (path: string) => (chownSync(path, owner.uid, owner.gid), chmodSync(path, 0o600));
  const passwordFile = join(directory, 'password');
  writeFileSync(passwordFile, `${PASSWORD}\n`);
  own(passwordFile);
  const authentication = ['-U', 'postgres', '-A', 'scram-sha-256', `--pwfile=${passwordFile}`];
  execFileSync(join(bin, 'initdb'), ['-D', data, '-E', 'UTF8', '--locale=C.UTF-8', '-N', ...authentication], {
    ...owner,
    cwd: directory,
    stdio: 'pipe',
  });
  const port = await findFreePort();
  const settings: Record<string, string | number> = {
    port,
    listen_addresses: '127.0.0.1,127.0.0.2',
    unix_socket_directories: directory,
    max_connections: options.maxConnections ?? 100,
    logging_collector: 'off',
  };
  if (options.tls) {
    for (const [setting, file] of [
      ['ssl_cert_file', 'self-signed-cert.pem'],
      ['ssl_key_file', 'self-signed-key.pem'],
    ] as const) {
      settings[setting] = join(directory, file);
      copyFileSync(join(TLS, file), join(directory, file));
      own(join(directory, file));
    }
    settings['ssl'] = 'on';
  }
  writeFileSync(
    join(data, 'pg_hba.conf'),
    `local all all scram-sha-256\n${options.tls ? 'hostssl' : 'host'} all all 127.0.0.0/8 scram-sha-256\n`,
  );
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);

  let child: ChildProcess | undefined;
  let log = '';
  let made = 0;
  process.once('exit', () => child?.kill('SIGQUIT'));

  const server: PostgresServer = {
    port,

    async createDatabase() {
      const name = `smstats_${++made}`;
      await server.query('postgres', `CREATE DATABASE ${name}`);
      return name;
    },

    async createUser(attributes = '') {
      const name = `user_${++made}`;
      await server.query('postgres', `CREATE ROLE ${name} LOGIN PASSWORD '${PASSWORD}' ${attributes}`);
      return name;
    },

    url(database, parts = {}) {
      const { user = 'postgres', password = PASSWORD, host = '127.0.0.1', options: more = {} } = parts;
      const login = password === null ? user : `${user}:${encodeURIComponent(password)}`;
      const query = new URLSearchParams(more).toString();
      return `postgres://${login}@${host}:${parts.port ?? port}/${database}${query ? `?${query}` : ''}`;
    },

    async query<Row>(database: string, sql: string) {
      const client = await server.connect(database);
      try {
        return (await client.query(sql)).rows as Row[];
      } finally {
        await client.end();
      }
    },

    async connect(database) {
      // Over the socket: that is open to everyone who has the password, with TLS or without.
      const client = new pg.Client({ host: directory, port, user: 'postgres', password: PASSWORD, database });
      // One that a test lets the server end must not end the test.
      client.on('error', () => {});
      await client.connect();
      return client;
    },

    async start() {
      child = spawn(join(bin, 'postgres'), ['-D', data, ...flags], { ...owner, cwd: directory, stdio: 'pipe' });
      for (const stream of [child.stdout, child.stderr]) stream?.on('data', (text) => (log += String(text)));
      const deadline = Date.now() + START_MS;
      while (true) {
        try {
          await server.query('postgres', 'SELECT 1');
          return;
        } catch (error) {
          if (child.exitCode !== null || Date.now() > deadline) throw new Error(log, { cause: error });
          await sleep(50);
        }
      }
    },

    async stop() {
      const stopping = child;
      child = undefined;
      if (!stopping || stopping.exitCode !== null) return;
      const ended = new Promise((done) => stopping.once('exit', done));
      // What `pg_ctl stop -m immediate` sends.
      stopping.kill('SIGQUIT');
      await ended;
    },

    async remove() {
      await server.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
  try {
    await server.start();
  } catch (error) {
    await server.remove();
    throw error;
  }
  return server;
}

function idOf(flag: string): number {
  return Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
}

/** The directory with the programs of the newest version that is installed. */
function findPrograms(): string {
  const newest = Math.max(...readdirSync(VERSIONS).map(Number).filter(Number.isFinite));
  return join(VERSIONS, String(newest), 'bin');
}

async function findFreePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((listening) => probe.listen(0, '127.0.0.1', listening));
  const { port } = probe.address() as AddressInfo;
  await new Promise((closed) => probe.close(closed));
  return port;
}
