import { describeDoubt } from '../insight/describe-doubt.ts';
import { ACCOUNT, METRIC_NAMES, nameOf, type DigestSection } from './column.ts';
import type { Digest } from './digest.ts';

/** Days unlike the weeks before. */
export function anomalySection({ anomalies }: Digest): DigestSection {
  return {
    id: 'anomalies',
    title: 'Out of the ordinary',
    note: 'Reporting period: gains a day, beside what the eight weeks before lead to expect.',
    columns: [
      ...ACCOUNT,
      { key: 'metric', label: 'Metric', kind: 'text' },
      { key: 'day', label: 'Day', kind: 'day' },
      { key: 'observed', label: 'a day', kind: 'delta' },
      { key: 'low', label: 'at least', kind: 'delta' },
      { key: 'high', label: 'at most', kind: 'delta' },
      { key: 'n', label: 'n', kind: 'count' },
      { key: 'doubt', label: 'May be', kind: 'text', isElastic: true },
    ],
    rows: anomalies.map(({ peak, metric, ...account }) => ({
      ...nameOf(account),
      metric: METRIC_NAMES[metric],
      day: peak.day,
      observed: peak.observed,
      low: peak.low,
      high: peak.high,
      n: peak.n,
      doubt: peak.doubts.length === 0 ? null : peak.doubts.map(describeDoubt).join('; '),
    })),
  };
}

/** More of them are a list that nobody reads. */
export const MOST_ALERTS = 50;

/** What rules told. */
export function alertSection({ alerts }: Digest): DigestSection {
  return {
    id: 'alerts',
    title: 'Alerts that fired',
    ...(alerts.length >= MOST_ALERTS && {
      note: `These are the first ${MOST_ALERTS}; what else fired: smstats alerts list --events.`,
    }),
    columns: [
      { key: 'date', label: 'Day', kind: 'day' },
      { key: 'kind', label: 'Rule', kind: 'text' },
      { key: 'title', label: 'What', kind: 'text', isElastic: true },
    ],
    rows: alerts.map(({ date, kind, title }) => ({ date, kind, title })),
  };
}

/** What was paid for. */
export function campaignSection({ campaigns }: Digest): DigestSection {
  return {
    id: 'campaigns',
    title: 'Campaigns that ran',
    note:
      'Of the whole campaign, not of these days. ROI is (revenue - cost) / cost x 100, ROAS is revenue / cost; ' +
      'amounts of different currencies do not compare.',
    columns: [
      { key: 'campaign_id', label: 'Campaign', kind: 'text' },
      { key: 'start_date', label: 'from', kind: 'day' },
      { key: 'end_date', label: 'to', kind: 'day' },
      { key: 'cost', label: 'Cost', kind: 'money' },
      { key: 'revenue_generated', label: 'Revenue', kind: 'money' },
      { key: 'currency', label: 'Currency', kind: 'text' },
      { key: 'roi', label: 'ROI', kind: 'delta-percent' },
      { key: 'roas', label: 'ROAS', kind: 'score' },
    ],
    rows: campaigns.map(({ campaign_id, start_date, end_date, cost, revenue_generated, currency, roi, roas }) => ({
      campaign_id,
      start_date,
      end_date,
      cost,
      revenue_generated,
      currency,
      roi,
      roas,
    })),
  };
}

/** Round numbers ahead. */
export function milestoneSection({ milestones }: Digest): DigestSection {
  return {
    id: 'milestones',
    title: 'Milestones ahead',
    note: 'By the forecast that did best on the account so far; a forecast, not a promise. — is later than it reaches.',
    columns: [
      ...ACCOUNT,
      { key: 'value', label: 'Followers', kind: 'count' },
      { key: 'expected', label: 'expected', kind: 'day' },
      { key: 'earliest', label: 'earliest', kind: 'day' },
      { key: 'latest', label: 'latest', kind: 'day' },
      { key: 'as_of', label: 'as of', kind: 'day' },
    ],
    rows: milestones.map((milestone) => ({ ...milestone, ...nameOf(milestone) })),
  };
}
