/** True for the URL of a PostgreSQL server, or of what speaks its protocol; everything else is the path of a file. */
export function isPostgresUrl(database: string): boolean {
  return /^postgres(ql)?:\/\//i.test(database);
}

/** What to call a database in a message: a path as it is, a URL without its password and options. */
export function nameDatabase(database: string): string {
  if (!isPostgresUrl(database)) return database;
  const url = URL.canParse(database) ? new URL(database) : undefined;
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
  if (!isPostgresUrl(database) || !URL.canParse(database)) return [];
  const { password, searchParams } = new URL(database);
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
