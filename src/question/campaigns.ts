import { accountFilter } from '../core/option.ts';
import { listCampaignResults, type CampaignResult } from '../query/list-campaign-results.ts';
import type { Cell, Column } from '../report/report.ts';
import type { Question } from './question.ts';

/** How campaigns are shown wherever they are listed. */
export const CAMPAIGN_COLUMNS: readonly Column[] = [
  { key: 'campaign_id', label: 'Campaign', kind: 'text', isElastic: true },
  { key: 'platform', label: 'Platform', kind: 'text', rank: 4 },
  { key: 'username', label: 'Account', kind: 'handle', rank: 5 },
  { key: 'video', label: 'Video', kind: 'text', rank: 6 },
  { key: 'start_date', label: 'From', kind: 'day', rank: 2 },
  { key: 'end_date', label: 'To', kind: 'day', rank: 3 },
  { key: 'cost', label: 'Cost', kind: 'money' },
  { key: 'revenue_generated', label: 'Revenue', kind: 'money' },
  { key: 'currency', label: 'in', kind: 'text' },
  { key: 'roi', label: 'ROI', kind: 'percent' },
  { key: 'roas', label: 'ROAS', kind: 'money' },
  { key: 'cpm', label: 'CPM', kind: 'money', rank: 8 },
  { key: 'conversions', label: 'Conversions', kind: 'count', rank: 7 },
  { key: 'cost_per_conversion', label: 'per conversion', kind: 'money', rank: 9 },
  { key: 'cost_per_reach', label: 'per reach', kind: 'fine-money', rank: 10 },
];

/** A campaign as a row for people. */
export function campaignRow(campaign: CampaignResult): Record<string, Cell> {
  return {
    ...campaign,
    reasons: null,
    video: campaign.video_title ?? campaign.video_id,
  };
}

export const askCampaigns: Question = async (context, options) => {
  const { db } = await context.openStore();
  const campaigns = await listCampaignResults(db, accountFilter(options));
  const isMixed = new Set(campaigns.map(({ currency }) => currency)).size > 1;
  return {
    command: 'report campaigns',
    data: campaigns,
    warnings: isMixed ? ['the amounts are in different currencies: they do not compare'] : [],
    sections: [
      {
        columns: CAMPAIGN_COLUMNS,
        rows: campaigns.map(campaignRow),
        empty: 'no campaign yet; keep one: smstats roi --campaign <id> --cost <n> --revenue <n>',
      },
    ],
  };
};
