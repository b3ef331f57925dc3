import { POST_METRICS } from '../core/metric.ts';
import type { Field } from './field.ts';

/** What can be recorded. */
export type RecordKind = 'daily' | 'content' | 'audience' | 'campaign';

/** Which account a record is of: any of these ways. */
const ACCOUNT: readonly Field[] = [
  { name: 'account', kind: 'text', summary: 'whose it is: platform:username or a profile URL' },
  { name: 'account_id', kind: 'row', summary: 'the row id of the account, instead of its name' },
  { name: 'platform', kind: 'text', summary: 'the platform, with --username' },
  { name: 'username', kind: 'text', summary: 'the handle, with --platform' },
];
const DATE: Field = { name: 'date', kind: 'day', summary: 'the day (default: today)', aliases: ['snapshot_date'] };

const DAILY: readonly Field[] = [
  { name: 'followers', kind: 'count', summary: 'followers on that day' },
  { name: 'reach', kind: 'count', summary: 'accounts that saw something' },
  { name: 'impressions', kind: 'count', summary: 'times something was shown' },
  { name: 'video_views', kind: 'count', summary: 'views of videos' },
  { name: 'likes', kind: 'count', summary: 'likes' },
  { name: 'comments', kind: 'count', summary: 'comments' },
  { name: 'shares', kind: 'count', summary: 'shares' },
  { name: 'saves', kind: 'count', summary: 'saves' },
  { name: 'clicks', kind: 'count', summary: 'clicks on links' },
  { name: 'profile_visits', kind: 'count', summary: 'visits of the profile' },
  { name: 'mentions', kind: 'count', summary: 'mentions' },
  { name: 'engagement_rate', kind: 'rate', summary: 'percent, as the platform reports it' },
];

const CONTENT: readonly Field[] = [
  { name: 'post', kind: 'id', summary: 'the post: its id or URL', aliases: ['post_id', 'external_post_id'] },
  { name: 'post_url', kind: 'text', summary: 'where it is, when --post is its id' },
  ...POST_METRICS.map((name): Field => ({
    name,
    kind: 'count',
    summary: `${name} so far`,
    aliases: [`${name}_count`],
  })),
  { name: 'engagement_rate', kind: 'rate', summary: 'percent (default: computed from what is known)' },
  {
    name: 'engagement_basis',
    kind: 'text',
    summary: 'what the given rate is a share of',
    choices: ['reach', 'impressions', 'views', 'followers'],
  },
  { name: 'caption', kind: 'text', summary: 'its caption, with its hashtags' },
  { name: 'hashtags', kind: 'names', summary: 'hashtags that do not stand in the caption' },
  {
    name: 'media_type',
    kind: 'text',
    summary: 'what it is',
    aliases: ['post_type'],
    choices: ['video', 'image', 'carousel', 'text', 'link', 'story'],
    synonyms: { reel: 'video', short: 'video', photo: 'image', album: 'carousel' },
  },
  { name: 'duration', kind: 'count', summary: 'seconds' },
  { name: 'posted_at', kind: 'instant', summary: 'when it was published' },
];

export const AGE_FIELDS = [
  'age_13_17',
  'age_18_24',
  'age_25_34',
  'age_35_44',
  'age_45_54',
  'age_55_64',
  'age_65_plus',
] as const;
export const GENDER_FIELDS = ['male_percentage', 'female_percentage'] as const;

const AUDIENCE: readonly Field[] = [
  ...[...AGE_FIELDS, ...GENDER_FIELDS].map((name): Field => ({ name, kind: 'share', summary: 'percent' })),
  { name: 'top_countries', kind: 'names', summary: 'the largest first, as JSON or between commas' },
  { name: 'top_cities', kind: 'names', summary: 'the largest first, as JSON or between commas' },
];

const CAMPAIGN: readonly Field[] = [
  { name: 'campaign', kind: 'id', summary: 'its name or id', column: 'campaign_id' },
  { name: 'video', kind: 'id', summary: 'the video that it was for', column: 'video_id' },
  { name: 'start', kind: 'day', summary: 'its first day', column: 'start_date' },
  { name: 'end', kind: 'day', summary: 'its last day', column: 'end_date' },
  { name: 'cost', kind: 'money', summary: 'what it cost' },
  { name: 'revenue', kind: 'money', summary: 'what it brought', column: 'revenue_generated' },
  { name: 'conversions', kind: 'count', summary: 'sales, sign-ups or whatever it was for' },
  { name: 'impressions', kind: 'count', summary: 'times it was shown', column: 'total_impressions' },
  { name: 'reach', kind: 'count', summary: 'accounts that saw it', column: 'total_reach' },
  { name: 'engagement', kind: 'count', summary: 'likes, comments, shares and saves', column: 'total_engagement' },
  { name: 'currency', kind: 'currency', summary: 'of cost and revenue (default: the setting currency)' },
];

/** The fields of each kind of record: account and day first. */
export const RECORD_FIELDS: Record<RecordKind, readonly Field[]> = {
  daily: [...ACCOUNT, DATE, ...DAILY],
  content: [...ACCOUNT, DATE, ...CONTENT],
  audience: [...ACCOUNT, DATE, ...AUDIENCE],
  campaign: [...ACCOUNT, ...CAMPAIGN],
};

/** Says which record is meant, as opposed to what is recorded. */
export const NAMING_FIELDS = new Set([...ACCOUNT.map(({ name }) => name), 'date', 'post', 'campaign_id', 'video_id']);
