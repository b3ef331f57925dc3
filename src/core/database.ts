/** True for the URL of a PostgreSQL server, or of what speaks its protocol; everything else is the path of a file. */
export function isPostgresUrl(database: string): boolean {
  return /^postgres(ql)?:\/\//i.test(database);
}

/**
 * Reads the URL of a database; undefined when it is none. `postgres://user@/name?host=/run/postgresql` names the host in
 * the option alone, which is good for psql but not for a URL.
 */
export function parsePostgresUrl(database: string): URL | undefined {
  const text = database.replace(/@(?=\/[^@]*[?&]host=)/, '@localhost');
  return URL.canParse(text) ? new URL(text) : undefined;
}

/** What to call a database in a message: a path as it is, a URL without its password and options. */
export function nameDatabase(database: string): string {
  if (!isPostgresUrl(database)) return database;
  const url = parsePostgresUrl(database);
  // A password with an unescaped "/" or "#" may make the URL unreadable, or readable in another way: up to the last @.
  if (!url || /@/.test(url.pathname + url.hash)) {
    return database
      .replace(/[?&]password=.*/is, '')
      .replace(/:\/\/.*@/s, '://')
      .replace(/\?.*/s, '');
  }
  const host = url.searchParams.get('host');
  url.password = '';
  url.search = '';
  return host === null ? url.href : `${url.href}?host=${host}`;
}

/** The secrets in a database's URL. */
export function secretsOfDatabase(database: string): string[] {
  const url = isPostgresUrl(database) ? parsePostgresUrl(database) : undefined;
  if (!url) return [];
  const { password, searchParams } = url;
  const written = [password, searchParams.get('password') ?? ''].filter((secret) => secret !== '');
  return written.flatMap((secret) => [secret, decodeText(secret)]);
}

function decodeText(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
