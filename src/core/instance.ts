const LABEL = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?';
const PUBLIC_NAME = `(?:${LABEL}\\.)+(?:[a-z]{2,63}|xn--[a-z0-9-]{2,59})`;

/** The address of a server by its public name: no port, no number, no single word. */
export const INSTANCE_ORIGIN = new RegExp(`^https://(?=.{4,253}$)${PUBLIC_NAME}$`);

/**
 * Endings of this machine, a home, an office or a cluster (RFC 6761, 6762, 7686, 8375, 9476; ICANN keeps `.internal`), and
 * public names under which anybody reaches an address of their choice, such as 127.0.0.1.nip.io.
 */
const NOT_PUBLIC = new RegExp(
  `\\.(?:${[
    'alt|arpa|box|consul|corp|docker|home|internal|intranet|invalid|lan|local|localdomain|localhost|lxd|mail|onion',
    'private|svc|test',
  ].join('|')})$` + String.raw`|(?:^|\.)(?:(?:nip|sslip|xip)\.io|(?:localtest|lvh|traefik|vcap)\.me|lacolhost\.com)$`,
);

/**
 * Reads the server that a person names for an account of a network of many servers, such as Mastodon.
 *
 * It judges by the name only: where a public name leads is looked up when it is asked (`provider/client/public-host.ts`).
 * @returns its name in lower case, international ones in Punycode; nothing when it is no public DNS name, as requests go
 * there: an address inside the user's own network must not be reached by an account's name.
 */
export function readInstance(host: string): string | undefined {
  const url = `https://${host}/`;
  if (!/^[^\s/?#@:\\%[\]]+$/.test(host) || !URL.canParse(url)) return undefined;
  const { origin, hostname } = new URL(url);
  return INSTANCE_ORIGIN.test(origin) && !NOT_PUBLIC.test(hostname) ? hostname : undefined;
}
