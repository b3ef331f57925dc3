import { ProviderError } from '../../core/errors.ts';
import { isPublicAddress } from '../../core/public-address.ts';

/** Finds all addresses of a host's name. */
export type LookUp = (host: string) => Promise<readonly string[]>;

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
