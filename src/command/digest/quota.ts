import type { Context } from '../../context.ts';
import type { Digest } from '../../digest/digest.ts';
import { openRuleWorld } from '../alerts/world.ts';

/** A digest tells of a quota from this share on. */
const WORTH_A_WORD = 0.8;

type SpentQuota = Omit<Extract<Digest['quality'][number], { kind: 'quota' }>, 'kind'>;

/** The providers that were asked lately and whose quota is nearly spent. */
export async function listSpentQuotas(context: Context): Promise<SpentQuota[]> {
  const quotas = await (await openRuleWorld(context)).quotas();
  return quotas
    .filter(({ used, allowed }) => allowed > 0 && used >= allowed * WORTH_A_WORD)
    .map(({ provider, used, allowed, unit }) => ({ provider_name: provider, used, allowed, unit }));
}
