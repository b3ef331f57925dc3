import type { LookupFunction } from 'node:net';
import { isIP } from 'node:net';
import { explainNetwork, NotSentError } from './not-sent.ts';
import type { SendWorld } from './world.ts';

/**
 * The addresses behind a host of a URL or a setting: itself, when it is one.
 * @throws NotSentError when there are none.
 */
export async function findAddresses(world: SendWorld, host: string): Promise<readonly string[]> {
  const literal = host.replace(/^\[(.*)\]$/, '$1');
  if (isIP(literal)) return [literal];
  let addresses: readonly string[];
  try {
    addresses = await world.lookUp(literal);
  } catch (error) {
    throw new NotSentError(`the receiver was not reached: ${explainNetwork(error)}`, true);
  }
  if (addresses.length === 0 || !addresses.every((address) => isIP(address))) {
    throw new NotSentError('the receiver was not reached: its name leads to no address', true);
  }
  return addresses;
}

/** Answers a connection that asks for addresses with those that were judged, so that no other answer can slip in. */
export function answerWith(addresses: readonly string[]): LookupFunction {
  const known = addresses.map((address) => ({ address, family: isIP(address) }));
  return (_host, { all }, callback) => {
    const [first] = known;
    if (all || !first) callback(null, known);
    else callback(null, first.address, first.family);
  };
}
