import { BlockList } from 'node:net';

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
/** Of what is given out to the world (2000::/3), what is not routed or leads on to an address of IPv4 of its own. */
const NOT_PUBLIC_V6: readonly [string, number][] = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
];
/** The translator's prefix that everybody shares (RFC 6052): networks without IPv4 reach all of IPv4 through it. */
const NAT64 = '64:ff9b::';

const notPublic = new BlockList();
for (const [address, length] of NOT_PUBLIC_V4) {
  notPublic.addSubnet(address, length, 'ipv4');
  notPublic.addSubnet(`${NAT64}${address}`, 96 + length, 'ipv6');
}
for (const [address, length] of NOT_PUBLIC_V6) notPublic.addSubnet(address, length, 'ipv6');

/** All that may be public in IPv6: what is given out, the shared translator, and IPv4 in its mapped form. */
const given = new BlockList();
given.addSubnet('2000::', 3, 'ipv6');
given.addSubnet(NAT64, 96, 'ipv6');
given.addSubnet('::ffff:0.0.0.0', 96, 'ipv6');

/** True for an address that the internet routes: not one of this machine, a private network or a group of receivers. */
export function isPublicAddress(address: string): boolean {
  const plain = address.replace(/%.*$/, '');
  // The mapped form of IPv4 is judged as IPv4 by the list itself.
  if (!plain.includes(':')) return !notPublic.check(plain, 'ipv4');
  return given.check(plain, 'ipv6') && !notPublic.check(plain, 'ipv6');
}
