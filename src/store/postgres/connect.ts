import { userInfo } from 'node:os';
import pg, { type Pool } from 'pg';
import { parsePostgresUrl } from '../../core/database.ts';
import { ConfigError } from '../../core/errors.ts';
import { valueTypes } from './dialect.ts';

const CONNECT_TIMEOUT_MS = 10_000;
/** How long a statement waits for another's lock, as long as for a SQLite file. */
const LOCK_TIMEOUT_MS = 10_000;
/** Accounts that are fetched at the same time, and one for the lease. */
const MAX_CONNECTIONS = 8;

/** The TLS variables of PostgreSQL's own clients, which the driver reads in part, by the option of the URL. */
const TLS_VARIABLES = {
  sslmode: 'PGSSLMODE',
  sslrootcert: 'PGSSLROOTCERT',
  sslcert: 'PGSSLCERT',
  sslkey: 'PGSSLKEY',
} as const;
const SSL_MODES = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'];

class Client extends pg.Client {
  constructor(options?: pg.ClientConfig) {
    super(options);
    // One that breaks between two statements of a transaction fails the next one: nobody else has to hear of it.
    this.on('error', () => {});
    // The driver leaves one open whose login it gave up itself: the process would wait for the server to close it.
    this.connection.on('error', () => this.connection.stream.destroy());
  }
}

/**
 * Opens a pool of connections. Host, user, password, database and TLS come from the URL, or from the variables and the
 * password file that PostgreSQL's own clients read. Without a word on TLS a connection to another machine is encrypted.
 * @throws ConfigError when the URL cannot be read; it is not quoted, it may hold a password.
 */
export function createPool(database: string, env: NodeJS.ProcessEnv): Pool {
  const url = parseUrl(database, env);
  let pool: Pool;
  try {
    // A pool reads the URL, and the files that it names, for its first connection only; a client does at once.
    void new pg.Client(url.href);
    pool = new pg.Pool({
      Client,
      connectionString: url.href,
      types: valueTypes,
      application_name: 'smstats',
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      max: MAX_CONNECTIONS,
      keepAlive: true,
      // What makes both engines answer alike. Kysely's own hook would never give back a connection that breaks in it.
      onConnect: async (client) => {
        await client.query(`SET timezone = 'UTC'; SET lock_timeout = ${LOCK_TIMEOUT_MS}`);
      },
    });
  } catch (cause) {
    throw new ConfigError(`The database URL cannot be used: ${(cause as Error).message}.`, {
      hint: 'postgres://user@host:5432/database?sslmode=verify-full&sslrootcert=/path/to/ca.pem',
      cause,
    });
  }
  // A connection that breaks while nobody uses it is replaced; one in use fails its query.
  pool.on('error', () => {});
  return pool;
}

function parseUrl(database: string, env: NodeJS.ProcessEnv): URL {
  const url = parsePostgresUrl(database);
  if (!url) {
    throw new ConfigError('The database URL is not one.', {
      hint: 'postgres://user@host:5432/database; special characters in a password are percent-encoded (@ is %40)',
    });
  }
  const options = url.searchParams;
  for (const [option, variable] of Object.entries(TLS_VARIABLES)) {
    const value = env[variable];
    if (!options.has(option) && value) options.set(option, value);
  }
  const mode = options.get('sslmode');
  if (mode !== null && !SSL_MODES.includes(mode)) {
    throw new ConfigError(`sslmode is "${mode}", which is none of ${SSL_MODES.join(', ')}.`);
  }
  if (mode === null && !isLocal(options.get('host') ?? (url.hostname || env['PGHOST'] || 'localhost'))) {
    options.set('sslmode', 'require');
  }
  // "allow" and "prefer" would go on without encryption; whoever wants that says "disable".
  if (mode === 'allow') options.set('sslmode', 'prefer');
  // The modes mean what they mean to psql.
  options.set('uselibpqcompat', 'true');
  // A scheduler's environment names no user; psql asks the system as well.
  if (url.username === '' && !options.has('user') && !env['PGUSER']) options.set('user', userInfo().username);
  return url;
}

function isLocal(host: string): boolean {
  const name = decodeURIComponent(host);
  return name.startsWith('/') || ['localhost', '127.0.0.1', '[::1]', '::1'].includes(name);
}
