import { groupBy } from '../../core/group.ts';
import type { Answer } from '../answer.ts';
import { get } from '../api.ts';
import { h, known, type Child } from '../dom.ts';
import { format } from '../format.ts';
import { delta } from '../part.ts';
import { platformName } from '../platform.ts';
import { table, type Column } from '../table.ts';
import { card, empty, viewHeader, type View } from '../view.ts';

const RATIOS = {
  roi: 'ROI',
  roas: 'ROAS',
  conversion_rate: 'conversion rate',
  cost_per_conversion: 'cost per conversion',
  cost_per_engagement: 'cost per engagement',
  cost_per_reach: 'cost per reach',
  cpm: 'CPM',
} as const;
type Ratio = keyof typeof RATIOS;

interface Campaign extends Record<Ratio, number | null> {
  campaign_id: string;
  platform: string | null;
  username: string | null;
  start_date: string | null;
  end_date: string | null;
  currency: string | null;
  cost: number | null;
  revenue_generated: number | null;
  conversions: number | null;
  total_reach: number | null;
  total_impressions: number | null;
  /** Why a ratio is null. */
  reasons: Partial<Record<Ratio, string>>;
}

/** What each campaign cost and brought. */
export const view: View = {
  title: 'Campaigns',
  async render(root, _params, signal) {
    const { data, warnings } = await get<Answer<Campaign[]> & { warnings: string[] }>(
      '/api/social-media/campaigns',
      {},
      signal,
    );
    root.append(
      viewHeader('Campaigns', 'What each cost and brought'),
      ...warnings.map((warning) =>
        h('p', { class: 'warn-line' }, `${warning[0]?.toUpperCase() ?? ''}${warning.slice(1)}.`),
      ),
      card(
        data.length === 1 ? '1 campaign' : `${format.number(data.length)} campaigns`,
        {
          note:
            data.length > 0 &&
            'ROI is (revenue − cost) / cost, ROAS revenue / cost, CPM the cost of 1,000 impressions; the conversion rate is of impressions.',
        },
        table(COLUMNS, data, {
          caption: 'Campaigns',
          empty: empty('No campaign yet.', 'Keep one:', ['smstats roi --campaign spring --cost 5000 --revenue 25000']),
        }),
      ),
      ...unknownCard(data),
    );
  },
};

const COLUMNS: readonly Column<Campaign>[] = [
  { key: 'campaign', label: 'Campaign', value: (row) => row.campaign_id, cell: nameOf },
  { key: 'start', label: 'Days', value: (row) => row.start_date ?? row.end_date, cell: daysOf },
  money('cost', 'Cost', (row) => row.cost),
  money('revenue', 'Revenue', (row) => row.revenue_generated),
  {
    key: 'roi',
    label: 'ROI',
    isNumeric: true,
    value: (row) => row.roi,
    cell: (row) => delta(row.roi, format.deltaPercent),
  },
  {
    key: 'roas',
    label: 'ROAS',
    isNumeric: true,
    value: (row) => row.roas,
    cell: (row) => `${format.decimal(row.roas)}×`,
  },
  {
    key: 'conversions',
    label: 'Conversions',
    isNumeric: true,
    value: (row) => row.conversions,
    cell: (row) => [
      format.number(row.conversions),
      row.conversion_rate !== null &&
        h('p', { class: 'note' }, `${format.decimal(row.conversion_rate, 4)}% of impressions`),
    ],
  },
  money('per_conversion', 'Per conversion', (row) => row.cost_per_conversion),
  money('per_engagement', 'Per engagement', (row) => row.cost_per_engagement, 4),
  money('per_reach', 'Per reach', (row) => row.cost_per_reach, 4),
  money('cpm', 'CPM', (row) => row.cpm),
];

function money(key: string, label: string, value: (row: Campaign) => number | null, digits = 2): Column<Campaign> {
  return { key, label, isNumeric: true, value, cell: (row) => formatMoney(value(row) as number, row.currency, digits) };
}

/** In the currency that was recorded; without one as a plain number. What is no code of a currency stands behind it. */
function formatMoney(value: number, currency: string | null, digits: number): string {
  try {
    if (currency === null) return format.decimal(value, digits);
    const options = { style: 'currency', currency, maximumFractionDigits: digits } as const;
    return new Intl.NumberFormat(navigator.language, options).format(value);
  } catch {
    return `${format.decimal(value, digits)} ${currency}`;
  }
}

function nameOf({ campaign_id: id, platform, username }: Campaign): Child {
  const whose = [username === null ? null : `@${username}`, platform === null ? null : platformName(platform)];
  return [h('span', { class: 'long' }, id), h('p', { class: 'note' }, whose.filter(Boolean).join(', '))];
}

function daysOf({ start_date: start, end_date: end }: Campaign): Child {
  return h(
    'span',
    { class: 'days' },
    h('span', { class: 'nowrap' }, known(start, format.day), ' –'),
    ' ',
    h('span', { class: 'nowrap' }, known(end, format.day)),
  );
}

/** Why ratios are not known: of a campaign, those with the same reason together. */
function unknownCard(campaigns: readonly Campaign[]): HTMLElement[] {
  const items = campaigns.flatMap(({ campaign_id: id, reasons }) => {
    const byReason = groupBy(Object.entries(reasons), ([, reason]) => reason);
    const lines = [...byReason].map(([reason, ratios]) => {
      const names = ratios.map(([ratio]) => RATIOS[ratio as Ratio]).join(', ');
      return h('li', null, `${names}: ${reason}`);
    });
    return lines.length === 0 ? [] : [h('h3', null, id), h('ul', { class: 'reasons' }, lines)];
  });
  return items.length === 0 ? [] : [card('Why some are unknown', {}, h('div', { class: 'reasons' }, items))];
}
