import { truncate } from '../core/text.ts';
import { formatCell } from '../report/format.ts';
import { METRIC_NAMES, type DigestSection } from './column.ts';
import type { Digest, QualityRemark } from './digest.ts';
import { count } from './headline.ts';

/** More remarks than these are a list that nobody reads. */
const MOST_REMARKS = 30;
/** What a provider said is cut to so many columns. */
const QUOTED = 160;

/** What keeps the numbers from being whole. */
export function qualitySection({ quality }: Digest): DigestSection {
  const rest = quality.length - MOST_REMARKS;
  return {
    id: 'quality',
    title: 'How sure these numbers are',
    ...(rest > 0 && { note: `${rest} more remarks are not shown here.` }),
    columns: [
      { key: 'account', label: 'About', kind: 'text' },
      { key: 'remark', label: 'What is to be known', kind: 'text', isElastic: true },
    ],
    rows: quality
      .slice(0, MOST_REMARKS)
      .map((remark) => ({ account: aboutOf(remark), remark: describeRemark(remark) })),
  };
}

function aboutOf(remark: QualityRemark): string {
  if (remark.kind === 'quota') return remark.provider_name;
  return `${remark.platform} @${remark.username}`;
}

function describeRemark(remark: QualityRemark): string {
  switch (remark.kind) {
    case 'no_numbers':
      return `no numbers of these days; the last are ${remark.last_day === null ? 'not there: it was never fetched' : `of ${remark.last_day}`}`;
    case 'gaps':
      return `${METRIC_NAMES[remark.metric].toLowerCase()} are known on ${remark.observed} of ${count(remark.days, 'day')}`;
    case 'found_later':
      return `${count(remark.views, 'view')} came with older posts that were only found in these days: not counted as gained`;
    case 'stale':
      return `${METRIC_NAMES[remark.metric].toLowerCase()} have not moved since ${remark.since}${remark.is_open ? ' or before' : ''}`;
    case 'failed_fetches':
      return `${count(Number(remark.failures), 'failed fetch').replace(/hs$/, 'hes')}, the last on ${remark.last_day}: ${reasonOf(remark.error_message)}`;
    case 'quota':
      return `${plain(remark.used)} of ${plain(remark.allowed)} ${remark.unit} of the quota are used`;
  }
}

function reasonOf(message: string | null): string {
  const text = (message ?? '').replaceAll(/\s+/g, ' ').trim();
  return text === '' ? 'no reason is known' : truncate(text, QUOTED);
}

function plain(value: number): string {
  return formatCell(value, 'count');
}
