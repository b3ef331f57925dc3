import { BlockList } from 'node:net';
import { ProviderError } from '../../core/errors.ts';

/** Finds all addresses of a host's name. */
export type LookUp = (host: string) => Promise<readonly string[]>;

/** What the registries of IANA keep from the internet (RFC 6890 and its successors), as address and length. */
const NOT_PUBLIC_V4: readonly [string, number][] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
];
const NOT_PUBLIC_V6: readonly [string, number][] = [
  // Unspecified, loopback, and what once stood for IPv4; what now does is judged as IPv4 by the list itself.
  ['::', 96],
  // A translator's own prefix: where its addresses lead is its operator's business.
  ['64:ff9b:1::', 48],
  ['100::', 64],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
  ['5f00::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
];
/** The translator's prefix that everybody shares (RFC 6052): networks without IPv4 reach all of IPv4 through it. */
const NAT64 = '64:ff9b::';

const notPublic = new BlockList();
for (const [address, length] of NOT_PUBLIC_V4) {
  notPublic.addSubnet(address, length, 'ipv4');
  notPublic.addSubnet(`${NAT64}${address}`, 96 + length, 'ipv6');
}
for (const [address, length] of NOT_PUBLIC_V6) notPublic.addSubnet(address, length, 'ipv6');

/** True for an address that the internet routes: not one of this machine, a private network or a group of receivers. */
export function isPublicAddress(address: string): boolean {
  return !notPublic.check(address.replace(/%.*$/, ''), address.includes(':') ? 'ipv6' : 'ipv4');
}

/**
 * Refuses a host that a user named when one of its addresses lies inside the machine or its network: an account's name
 * must not reach what stands there. A name that cannot be looked up is left to the request, which says so better.
 *
 * The request looks the name up again, so who owns it can change the answer in between. What is then reached must still
 * show a certificate for that name, for nothing but https is asked.
 * @throws ProviderError not_covered.
 */
export async function refusePrivateHost(provider: string, host: string, lookUp: LookUp): Promise<void> {
  const addresses = await lookUp(host).catch(() => []);
  const inside = addresses.find((address) => !isPublicAddress(address));
  if (inside === undefined) return;
  throw new ProviderError(provider, 'not_covered', `was not asked at ${host}: that is ${inside}, inside a network`, {
    hint: `if it is a server of your own: smstats config set providers.${provider}.base_url https://${host}`,
  });
}
