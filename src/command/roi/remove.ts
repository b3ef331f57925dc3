import { SmstatsError } from '../../core/errors.ts';
import type { Context } from '../../context.ts';
import { forgetCampaign } from '../../record/campaign.ts';

/** Forgets a campaign with all its rows. */
export async function runRemove(context: Context, campaign: string): Promise<number> {
  const { db } = await context.openStore();
  const rows = await forgetCampaign(db, campaign.normalize('NFC').trim(), { actor: 'cli', now: context.now() });
  if (rows === 0) {
    throw new SmstatsError('not_found', `There is no campaign "${campaign}".`, { hint: 'smstats roi list' });
  }
  context.say(`${campaign} is gone, with ${rows} row${rows === 1 ? '' : 's'}; what it was: smstats audit --json`);
  return 0;
}
