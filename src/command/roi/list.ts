import type { Context } from '../../context.ts';
import { listCampaignResults } from '../../query/list-campaign-results.ts';
import { CAMPAIGN_COLUMNS, campaignRow } from '../../question/campaigns.ts';

/** Prints the campaigns that are kept. */
export async function runList(context: Context): Promise<number> {
  const { db } = await context.openStore();
  const campaigns = await listCampaignResults(db);
  await context.print({
    command: 'roi list',
    data: campaigns,
    sections: [
      {
        columns: CAMPAIGN_COLUMNS.filter(({ key }) => !['cpm', 'cost_per_reach', 'cost_per_conversion'].includes(key)),
        rows: campaigns.map(campaignRow),
        empty: 'no campaign yet; keep one: smstats roi --campaign <id> --cost <n> --revenue <n>',
      },
    ],
  });
  return 0;
}
