import type { Answer } from '../answer.ts';
import { get } from '../api.ts';
import { h, known, type Child } from '../dom.ts';
import { format } from '../format.ts';
import { platformName } from '../platform.ts';
import { withParams } from '../router.ts';
import { table, type Column } from '../table.ts';
import { card, choice, empty, viewHeader, type View } from '../view.ts';
import { drawBar } from './bar.ts';

const PERIODS = [1, 7, 30, 90];
/** From this share on the bar of a quota is a warning. */
const HIGH = 0.8;

interface ProviderUsage {
  provider_name: string;
  platform: string | null;
  today: number;
  requests: number;
  succeeded: number;
  failed: number;
  unknown: number;
  average_latency_ms: number | null;
  last_request_at: string | null;
  quota_used: number | null;
  quota_allowed: number | null;
  quota_limit: number | null;
  quota_unit: string | null;
  quota_left_today: number | null;
  /** A calendar period, or the seconds of a window. */
  quota_period: string | number | null;
  quota_resets_at: string | null;
}

interface UsageFailure {
  provider_name: string;
  endpoint: string;
  times: number;
  last_at: string | null;
  error_message: string | null;
}

interface Usage {
  from: string;
  to: string;
  providers: ProviderUsage[];
  errors: UsageFailure[];
}

/** What was asked of whom, and what is left of each quota. */
export const view: View = {
  title: 'API usage',
  async render(root, params, signal) {
    const days = PERIODS.find((each) => String(each) === params.get('days')) ?? 7;
    const { data } = await get<Answer<Usage>>('/api/social-media/usage', { days }, signal);
    const options = PERIODS.map((each) => ({ value: String(each), label: each === 1 ? 'Today' : `${each} days` }));
    root.append(
      viewHeader(
        'API usage',
        `${format.day(data.from)} to ${format.day(data.to)}`,
        choice('Period', options, String(days), (value) => {
          location.hash = withParams('usage', params, { days: value });
        }),
      ),
      quotaCard(data.providers),
      card(
        'Requests',
        {},
        table(COLUMNS, data.providers, {
          caption: 'Requests by provider',
          empty: empty('No request in these days.', 'A fetch sends some:', ['smstats fetch']),
        }),
      ),
      ...errorCard(data.errors),
    );
  },
};

/** A provider of several platforms has one quota. */
function quotaCard(providers: readonly ProviderUsage[]): HTMLElement {
  const quotas = [...new Map(providers.map((each) => [each.provider_name, each])).values()].filter(
    ({ quota_allowed: allowed }) => allowed !== null,
  );
  if (quotas.length === 0) {
    return card('Quota', {}, empty('No quota is in use.', 'It shows when a provider was asked or has its key.'));
  }
  return card(
    'Quota',
    { note: 'The share that may be used; a margin of the vendor’s limit is kept free' },
    h(
      'ul',
      { class: 'quotas' },
      quotas.map((quota) => quotaItem(quota)),
    ),
  );
}

function quotaItem(quota: ProviderUsage): HTMLElement {
  const share = shareOf(quota);
  const { quota_used: used, quota_allowed: allowed, quota_unit: unit } = quota;
  return h(
    'li',
    null,
    h(
      'p',
      { class: 'quota-name' },
      h('b', null, quota.provider_name),
      h(
        'span',
        null,
        h(
          'b',
          null,
          known(share, (part) => format.percent(part * 100)),
        ),
        h('span', { class: 'muted' }, ` used: ${format.number(used)} of ${format.number(allowed)} ${unit ?? ''}`),
      ),
    ),
    drawBar(share, 1, share !== null && share >= HIGH),
    h('p', { class: 'note' }, describe(quota)),
  );
}

function shareOf({ quota_used: used, quota_allowed: allowed }: ProviderUsage): number | null {
  return used === null || allowed === null || allowed === 0 ? null : used / allowed;
}

function describe({ quota_period: period, quota_left_today: left, quota_resets_at: resets }: ProviderUsage): Child {
  const per =
    typeof period === 'number' ? `every ${format.duration(period)}` : period === null ? null : `per ${period}`;
  return [
    per,
    ' · ',
    known(left, format.number),
    ' left now',
    resets !== null && [
      ' · resets ',
      h('time', { datetime: resets, title: format.instant(resets) }, format.relative(resets)),
    ],
  ];
}

const COLUMNS: readonly Column<ProviderUsage>[] = [
  { key: 'provider', label: 'Provider', value: (row) => row.provider_name },
  {
    key: 'platform',
    label: 'Platform',
    value: (row) => row.platform,
    cell: (row) => platformName(row.platform as string),
  },
  count('today', 'Today', (row) => row.today),
  count('requests', 'In these days', (row) => row.requests),
  count('succeeded', 'Succeeded', (row) => row.succeeded),
  count('failed', 'Failed', (row) => row.failed),
  count('latency', 'ms each', (row) => row.average_latency_ms),
  {
    key: 'last',
    label: 'Last',
    value: (row) => row.last_request_at,
    cell: ({ last_request_at: at }) =>
      h('time', { datetime: at, title: format.instant(at), class: 'nowrap' }, format.relative(at)),
  },
];

function count(key: string, label: string, value: (row: ProviderUsage) => number | null): Column<ProviderUsage> {
  return { key, label, isNumeric: true, value, cell: (row) => format.number(value(row)) };
}

function errorCard(errors: readonly UsageFailure[]): HTMLElement[] {
  if (errors.length === 0) return [];
  const columns: readonly Column<UsageFailure>[] = [
    { key: 'provider', label: 'Provider', value: (row) => row.provider_name },
    { key: 'endpoint', label: 'Endpoint', value: (row) => row.endpoint, cell: (row) => h('code', null, row.endpoint) },
    {
      key: 'times',
      label: 'Times',
      isNumeric: true,
      value: (row) => row.times,
      cell: (row) => format.number(row.times),
    },
    { key: 'last', label: 'Last', value: (row) => row.last_at, cell: (row) => format.relative(row.last_at) },
    {
      key: 'message',
      label: 'What it said',
      isSortable: false,
      value: (row) => row.error_message,
      cell: (row) => h('span', { class: 'message' }, row.error_message),
    },
  ];
  return [card('Errors', {}, table(columns, errors, { caption: 'Errors of these days, the latest first' }))];
}
