import { SmstatsError, StoreError, type Ending } from '../../core/errors.ts';

/** What the driver says without a code. */
const LOST =
  /Connection terminated|timeout exceeded when trying to connect|timeout expired|not queryable|Connection ended/i;
const NETWORK = /^(ECONN\w+|ENOTFOUND|EAI_\w+|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENETDOWN|EPIPE|EADDRNOTAVAIL)$/;
const TLS = /^(ERR_TLS_\w+|ERR_SSL_\w+|\w*CERT\w*|UNABLE_TO_\w+|HOSTNAME_MISMATCH|EPROTO)$/;

/**
 * Turns what PostgreSQL or its driver says into what a person can act on. Anything else comes back as it is.
 * @param name the database without its password.
 */
export function explainPostgresError(error: unknown, name: string): unknown {
  if (error instanceof SmstatsError || !(error instanceof Error)) return error;
  const code = String((error as { code?: unknown }).code ?? '');
  const fail = (ending: Ending, message: string, hint: string) =>
    new StoreError(message, { ending, hint, cause: error });
  const said = sentence(error);

  // https://www.postgresql.org/docs/15/errcodes-appendix.html
  if (code.startsWith('28')) {
    return fail(
      'credentials',
      `${name} refused the login: ${said}.`,
      'put the password into PGPASSWORD, ~/.pgpass or the URL, and check the user name',
    );
  }
  if (/client password must be/.test(said)) {
    return fail(
      'credentials',
      `${name} asks for a password, and there is none.`,
      'put the password into PGPASSWORD, ~/.pgpass (mode 0600) or the URL',
    );
  }
  if (code === '42501' || code === '25006') {
    return fail(
      'credentials',
      `The user lacks a right on ${name}: ${said}.`,
      'the user needs to create tables in its schema, or: GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO …',
    );
  }
  if (code === '3D000') return fail('usage', `There is no such database: ${said}.`, 'make it: createdb <name>');
  // duplicate_table, duplicate_function, duplicate_object
  if (code === '42P07' || code === '42723' || code === '42710') {
    return fail(
      'usage',
      `${name} holds something of another program: ${said}.`,
      'give smstats a database or a schema of its own: ALTER ROLE <user> SET search_path = smstats',
    );
  }
  if (code === '3F000') {
    return fail('usage', `${name} has no schema to put tables into: ${said}.`, 'check the search_path of the user');
  }
  if (code.startsWith('53')) {
    return code === '53100'
      ? fail('failed', `The disk of ${name} is full: ${said}. Nothing was half written.`, 'free some space there')
      : fail('unavailable', `${name} takes no further connection: ${said}.`, 'wait, or raise max_connections there');
  }
  if (code === '55P03') {
    return fail(
      'locked',
      `${name} is locked by another program: ${said}.`,
      'wait for it to end; pg_stat_activity shows who holds the lock',
    );
  }
  if (code.startsWith('57P') || code.startsWith('08')) {
    return fail(
      'unavailable',
      `${name} ended the connection: ${said}. The last saved account is intact.`,
      'run the command again when the server is back',
    );
  }
  if (TLS.test(code) || /SSL|certificate/i.test(error.message)) {
    return fail(
      'unavailable',
      `The encrypted connection to ${name} failed: ${said}.`,
      'sslmode=verify-full with sslrootcert=<ca.pem> checks the server; sslmode=disable goes without encryption',
    );
  }
  if (code === 'ENOENT') {
    return fail(
      'unavailable',
      `${name} cannot be reached: ${said}.`,
      'is the server running, and is this its address?',
    );
  }
  if (NETWORK.test(code)) {
    return fail(
      'unavailable',
      `${name} cannot be reached: ${said}.`,
      'is the server running, and is this its address?',
    );
  }
  if (LOST.test(error.message)) {
    return fail(
      'unavailable',
      `The connection to ${name} was lost: ${said}. The last saved account is intact.`,
      'run the command again when the server is back',
    );
  }
  return error;
}

/** What went wrong, also when several addresses of a host were tried. */
function sentence(error: Error): string {
  const causes = (error as { errors?: Error[] }).errors ?? [];
  const message = error.message || causes.map((cause) => cause.message).join('; ');
  return message.replace(/\.$/, '');
}
