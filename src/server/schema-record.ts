import { z } from '@hono/zod-openapi';
import { nearest } from '../core/text.ts';
import { LAST_ID } from '../core/account-id.ts';
import { expectedOf, type Field, type FieldKind } from '../record/field.ts';
import { RECORD_FIELDS, type RecordKind } from '../record/kind.ts';

/** What each kind of value is in JSON. What makes it valid beyond that (a real day, a known account) is read later. */
const VALUES: Record<FieldKind, () => z.ZodType> = {
  row: () => z.union([z.int().min(1).max(LAST_ID), z.string().regex(/^\d{1,10}$/)]),
  count: () => z.int().min(0),
  rate: () => z.number().min(0).max(1e9),
  share: () => z.number().min(0).max(100),
  money: () => z.number().min(0).max(1e15),
  day: () =>
    z
      .string()
      .regex(/^\s*\d{4}-\d{2}-\d{2}\s*$/)
      .openapi({ format: 'date' }),
  instant: () => z.string().openapi({ format: 'date-time' }),
  id: () => z.union([z.string().min(1), z.int()]),
  text: () => z.string().max(10_100),
  names: () => z.union([z.array(z.string()).max(1000), z.string()]),
  currency: () => z.string().regex(/^\s*[A-Za-z]{3}\s*$/),
};

/** Under which other names a field is understood: its column and its aliases. */
function otherNames(field: Field): string[] {
  return [field.column, ...(field.aliases ?? [])].filter((name) => name !== undefined);
}

function valueSchema(field: Field, description: string): z.ZodType {
  const choices = [...(field.choices ?? []), ...Object.keys(field.synonyms ?? {})] as [string, ...string[]];
  const value = field.choices ? z.enum(choices) : VALUES[field.kind]();
  return value.nullish().openapi({ description });
}

/** Where the command line says it in words of its own. */
const NAMING_WORDS: Record<string, string> = {
  account: 'The account as platform:username or the URL of its profile, instead of the three below.',
  account_id:
    'With platform: the account of that row id, or of the same brand on the platform. A number, or its digits.',
  platform: 'The platform, such as instagram, with account_id or username.',
  username: 'The handle on the platform, with platform.',
};

function describeField(field: Field): string {
  const words = NAMING_WORDS[field.name];
  if (words !== undefined) return words;
  const summary = field.summary.replace(/--([a-z]+)/g, '$1');
  const expected = ['text', 'id'].includes(field.kind) && !field.choices ? '' : `: ${expectedOf(field)}`;
  return `${summary[0]?.toUpperCase()}${summary.slice(1)}${expected}.`;
}

/** How a record names its account. */
const NAMING = [
  { required: ['account_id', 'platform'] },
  { required: ['platform', 'username'] },
  { required: ['account'] },
];

/** The body that records one of a kind: made of the fields that the command line has flags for. */
function recordSchema(kind: RecordKind, name: string, example: object) {
  const shape: Record<string, z.ZodType> = {};
  for (const field of RECORD_FIELDS[kind]) {
    shape[field.name] = valueSchema(field, describeField(field));
    for (const other of otherNames(field)) shape[other] = valueSchema(field, `Another name of ${field.name}.`);
  }
  const names = Object.keys(shape);
  const schema = z.strictObject(shape, {
    error: (issue) => {
      if (issue.code !== 'unrecognized_keys') return 'it must be an object';
      const [key = ''] = issue['keys'] as string[];
      const guess = nearest(key.trim().toLowerCase(), names);
      return `there is no field "${key.slice(0, 80)}"${guess ? `; did you mean ${guess}?` : ''}`;
    },
  });
  // A campaign may be of no account.
  return schema.openapi(name, { example, ...(kind !== 'campaign' && { anyOf: NAMING }) });
}

/** The bodies of what is recorded. */
export const RECORD_SCHEMAS = {
  daily: recordSchema('daily', 'DailyMetrics', {
    account_id: 1,
    platform: 'instagram',
    followers: 15250,
    engagement_rate: 4.2,
    reach: 8500,
    impressions: 12000,
    likes: 350,
    comments: 42,
    shares: 18,
    saves: 65,
    profile_visits: 230,
  }),
  content: recordSchema('content', 'ContentMetrics', {
    account_id: 1,
    platform: 'instagram',
    post_id: '17900000000000001',
    post_type: 'image',
    caption: 'A day at the #lake',
    likes: 350,
    comments: 42,
    shares: 18,
    saves: 65,
    reach: 8500,
  }),
  audience: recordSchema('audience', 'AudienceMetrics', {
    account_id: 1,
    platform: 'instagram',
    age_18_24: 35,
    age_25_34: 40,
    male_percentage: 45,
    female_percentage: 55,
    top_countries: ['USA', 'UK'],
  }),
  campaign: recordSchema('campaign', 'CampaignMetrics', {
    account_id: 1,
    platform: 'instagram',
    campaign_id: 'summer',
    cost: 5000,
    revenue: 25000,
    conversions: 150,
    impressions: 500000,
    reach: 150000,
  }),
} as const satisfies Record<RecordKind, z.ZodType>;
