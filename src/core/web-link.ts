const LONGEST = 2000;

/** An address as a link that may be shown: to the web, without a login in it. Null for everything else. */
export function webLink(url: unknown): string | null {
  if (typeof url !== 'string' || !URL.canParse(url)) return null;
  const { href, protocol, username, password } = new URL(url);
  const isWeb = protocol === 'https:' || protocol === 'http:';
  return isWeb && username === '' && password === '' && href.length <= LONGEST ? href : null;
}
