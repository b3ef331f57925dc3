/** Where a URL leads, read without a request. */
export interface Address {
  /** Lower case, without a port. */
  host: string;
  /** Decoded, without doubled slashes. */
  path: string;
  query: URLSearchParams;
}

/** Pages that only lead on to another URL, which stands in one of their parameters. */
const WRAPPERS: { host: RegExp; path: RegExp; parameters: string[] }[] = [
  { host: /^lm?\.(?:facebook|instagram|threads|messenger)\.(?:com|net)$/, path: /^\//, parameters: ['u'] },
  {
    host: /(?:^|\.)facebook\.com$/,
    path: /^\/(?:l\.php|flx\/warn|login|plugins\/)/,
    parameters: ['u', 'next', 'href'],
  },
  {
    host: /(?:^|\.)(?:instagram|threads)\.(?:com|net)$/,
    path: /^\/(?:accounts\/)?login/,
    parameters: ['next'],
  },
  { host: /^graph\.(?:facebook|instagram|threads)\.(?:com|net)$/, path: /oembed/, parameters: ['url'] },
  { host: /^api\.instagram\.com$/, path: /^\/oembed/, parameters: ['url'] },
  {
    host: /(?:^|\.)youtube\.com$/,
    path: /^\/(?:attribution_link|redirect|oembed|signin)/,
    parameters: ['u', 'q', 'url', 'next'],
  },
  { host: /^consent\.(?:youtube|google)\.com$/, path: /^\//, parameters: ['continue'] },
  {
    host: /^(?:www\.)?google\.(?:com|[a-z]{2}|com?\.[a-z]{2})$/,
    path: /^\/url\/?$/,
    parameters: ['q', 'url'],
  },
  {
    host: /(?:^|\.)linkedin\.com$/,
    path: /^\/(?:authwall|login|uas\/login|checkpoint\/|safety\/go|redir\/redirect)/,
    parameters: ['sessionRedirect', 'session_redirect', 'url'],
  },
  {
    host: /(?:^|\.)(?:twitter|x)\.com$/,
    path: /^\/(?:login|i\/flow\/login|i\/redirect|oembed|$)/,
    parameters: ['redirect_after_login', 'url', 'query'],
  },
  {
    host: /(?:^|\.)tiktok\.com$/,
    path: /^\/(?:login|oembed|link\/v2)/,
    parameters: ['redirect_url', 'url', 'target'],
  },
  {
    host: /(?:^|\.)pinterest\.com$/,
    path: /^\/(?:oembed\.json|offsite|login)/,
    parameters: ['url', 'next'],
  },
  { host: /^(?:go|embed)\.bsky\.app$/, path: /^\/(?:redirect|oembed)/, parameters: ['u', 'url'] },
  { host: /\.safelinks\.protection\.outlook\.com$/, path: /^\//, parameters: ['url'] },
];

/** Names of posts that are not web addresses, and the address that says the same. */
const WEB_FORMS: [RegExp, string][] = [
  [/^at:\/\/([^/?#]+)\/app\.bsky\.feed\.post\/([^/?#]+).*$/i, 'https://bsky.app/profile/$1/post/$2'],
  [/^(urn:li:[a-z_]+:.+)$/i, 'https://www.linkedin.com/feed/update/$1'],
  [/^(?:vnd\.)?youtube:(?:\/\/)?([\w-]{11})$/i, 'https://youtu.be/$1'],
  [/^(?:vnd\.)?youtube:(?:\/\/)?((?:www\.|m\.)?youtube\.com\/.+)$/i, 'https://$1'],
  [/^snssdk\d+:\/\/aweme\/detail\/(\d+).*$/i, 'https://www.tiktok.com/share/video/$1'],
  [/^instagram:\/\/media\/?\?id=(\d+).*$/i, 'https://www.instagram.com/media?id=$1'],
  [/^twitter:\/\/status\/?\?(?:status_)?id=(\d+).*$/i, 'https://x.com/i/status/$1'],
  [/^pinterest:\/\/pin\/(\d+).*$/i, 'https://www.pinterest.com/pin/$1'],
  [/^intent:\/\/([^#]+).*$/i, 'https://$1'],
];

/** Characters that come along when a URL is copied out of a sentence, a mail, Markdown or HTML. */
const AROUND = new Set('<>()[]{}"\'`´“”„‘’‚«»‹›.,;:!?…*|。、，！？」』】）\u200B\u200C\u200D\u200E\u200F\u2060');

/** No platform serves longer URLs; a login page around a link around a link stays far below. */
const MAX_LENGTH = 8192;
const MAX_DEPTH = 5;

/**
 * Reads a web address as people copy it: with what stands around it, percent-encoded as a whole, without a scheme, or
 * inside a link of a platform that only leads on. Never throws.
 */
export function parseAddress(text: string): Address | undefined {
  let url = parseUrl(text);
  for (let depth = 0; url && depth <= MAX_DEPTH; depth += 1) {
    const address = describe(url);
    const [inner] = unwrap(address, url.origin);
    if (!inner) return address;
    url = inner;
  }
  return undefined;
}

function describe(url: URL): Address {
  return {
    host: url.hostname.replace(/\.$/, ''),
    path: decode(url.pathname).replace(/\/{2,}/g, '/'),
    query: url.searchParams,
  };
}

/** The URLs that this one wraps; those of the same site may be given by their path alone. */
function* unwrap({ host, path, query }: Address, origin: string): Generator<URL> {
  const wrappers = WRAPPERS.filter((each) => each.host.test(host) && each.path.test(path));
  for (const name of wrappers.flatMap((each) => each.parameters)) {
    const value = query.get(name) ?? '';
    const inner = /^\/(?!\/)/.test(value) ? toUrl(value, origin) : parseUrl(value);
    if (inner) yield inner;
  }
}

function parseUrl(text: string): URL | undefined {
  const trimmed = text.trim();
  if (trimmed.length > MAX_LENGTH) return undefined;
  const bare = strip(trimmed).replaceAll('&amp;', '&');
  const given = /^(?:https?|at|urn)%3a/i.test(bare) ? decode(bare) : bare;
  const web = WEB_FORMS.find(([form]) => form.test(given));
  if (web) return toUrl(given.replace(...web));
  if (/^https?:\//i.test(given)) return toUrl(given);
  // Without a scheme the first part has to look like a host, or every "a/b" would be a URL.
  const schemeless = /^(?:\/\/)?((?=[^\s/?#@:\\]*\.)[^\s/?#@:\\]+(?::\d+)?[/?#].*)$/s.exec(given)?.[1];
  return schemeless === undefined ? undefined : toUrl(`https://${schemeless}`);
}

/** By position, not with a regular expression: one that is anchored at the end is slow on long runs. */
function strip(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isAround(text[start])) start += 1;
  while (end > start && isAround(text[end - 1])) end -= 1;
  return text.slice(start, end);
}

function isAround(char: string | undefined): boolean {
  return char !== undefined && (AROUND.has(char) || /\s/.test(char));
}

function toUrl(text: string, base?: string): URL | undefined {
  return URL.canParse(text, base) ? new URL(text, base) : undefined;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
