import { isIPv4 } from 'node:net';

/** True for an address of this machine that no other machine can reach. */
export function isLoopback(address: string): boolean {
  const plain = address.replace(/^\[|\]$|^::ffff:(?=\d)/g, '');
  return plain === '::1' || (isIPv4(plain) && plain.startsWith('127.'));
}
