import * as z from 'zod/mini';
import { AGE_GROUPS, DAILY_METRICS } from '../../core/account.ts';
import { POST_METRICS, toMetric } from '../../core/metric.ts';
import { isPlatformName } from '../../core/platform.ts';
import type { Redact } from '../../core/redact.ts';
import { isTimezone } from '../../core/time.ts';

/** A value that a rule holds for, with the words that say so when it does not. */
const must = (expected: string, holds: (value: unknown) => boolean) => z.custom(holds, `must be ${expected}`);

export const isText = (value: unknown): value is string => typeof value === 'string';
const isName = (value: unknown): value is string => isText(value) && value.trim() !== '';
export const isWhole = (value: unknown, from: number, to: number) =>
  Number.isSafeInteger(value) && between(value, from, to);
const between = (value: unknown, from: number, to: number) => typeof value === 'number' && value >= from && value <= to;

const name = must('a text that is not empty', isName);
const textOrNull = must('a text or null', (value) => value === null || isText(value));
const run = must('a function', (value) => typeof value === 'function');
const metricsOf = (names: readonly string[]) =>
  z.array(
    must(`one of ${names.join(', ')}`, (value) => (names as readonly unknown[]).includes(value)),
    'must be a list of metrics',
  );

const credential = z.object({ name, env: name, source: name }, 'must be an object { name, env, source }');

/** The default export of a module, whatever else it holds. */
export const moduleShape = z.object(
  {
    // It becomes a part of keys in the configuration, and of the names of files.
    name: must(
      'lower-case letters, digits and hyphens',
      (value) => isText(value) && /^[a-z0-9][a-z0-9-]*$/.test(value),
    ),
    platforms: z
      .array(
        must(
          'lower-case letters, digits, ".", "_" and "-", and no short name of another platform',
          (value) => isText(value) && isPlatformName(value),
        ),
        'must be a list of platforms',
      )
      .check(z.minLength(1, 'must name a platform')),
    about: name,
    covers: z.enum(['any', 'own'], "must be 'any' or 'own'"),
    price: textOrNull,
    credential: z.nullable(credential),
    settings: z.optional(z.array(credential, 'must be a list of { name, env, source }')),
    program: z.optional(name),
    baseUrl: must('an https address, or an http one on loopback', isAddress),
    origins: z.optional(
      z.array(
        must(
          'an origin such as https://api.example.com, or a regular expression',
          (value) => value instanceof RegExp || (isAddress(value) && isOrigin(value)),
        ),
        'must be a list of origins',
      ),
    ),
    quota: z.object(
      {
        limit: must('a whole number above 0', (value) => isWhole(value, 1, 1e12)),
        period: must(
          "'day', 'month' or a number of seconds",
          (value) => value === 'day' || value === 'month' || isWhole(value, 1, 31_536_000),
        ),
        safetyMargin: must('a number above 0, up to 1', (value) => between(value, Number.MIN_VALUE, 1)),
        requestsPerSecond: must('a number above 0, up to 1000', (value) => between(value, Number.MIN_VALUE, 1000)),
        unit: z.optional(z.enum(['requests', 'units', 'posts'], "must be 'requests', 'units' or 'posts'")),
        zone: z.optional(must('an IANA time zone', (value) => isText(value) && isTimezone(value))),
      },
      'must be an object { limit, period, safetyMargin, requestsPerSecond }',
    ),
    concurrency: must('a whole number from 1 to 64', (value) => isWhole(value, 1, 64)),
    reports: z.object(
      {
        account: z.array(name, 'must be a list of texts'),
        post: metricsOf(POST_METRICS),
        day: z.optional(metricsOf(DAILY_METRICS)),
        audience: z.optional(z.boolean('must be true or false')),
        captions: z.optional(z.literal('title', "must be 'title', or left out")),
      },
      'must be an object { account, post }',
    ),
    estimates: z.optional(z.boolean('must be true or false')),
    requestCount: run,
    unitCount: z.optional(run),
    breakerKey: z.optional(run),
    headers: run,
    classify: run,
    readQuota: z.optional(run),
    transport: z.optional(run),
    fetchAccount: run,
  },
  'must be the default export, an object',
);

function isAddress(value: unknown): value is string {
  if (!isText(value) || !URL.canParse(value)) return false;
  const { protocol, hostname, username, password, search, hash } = new URL(value);
  const isLoopback = ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
  return (
    `${username}${password}${search}${hash}` === '' && (protocol === 'https:' || (protocol === 'http:' && isLoopback))
  );
}

function isOrigin(value: string): boolean {
  return new URL(value).origin === value;
}

/** Counters as hosts have them: digits are a number, and what is below zero is hidden. What no counter can be is a slip. */
const metric = z.pipe(z.optional(must('a whole number, 0 or more, or null', isCounter)), z.transform(toMetric));
const LONGEST_TEXT = 100_000;
const optionalText = z.pipe(
  z.nullish(
    must('a text of at most 100,000 characters, or null', (value) => isText(value) && value.length <= LONGEST_TEXT),
  ),
  z.transform((value) => (value as string | null | undefined) ?? null),
);
const optionalUrl = z.pipe(
  z.nullish(must('a URL that begins with http, or null', isWebUrl)),
  z.transform((value) => (value as string | null | undefined) ?? null),
);
const optionalFlag = z.pipe(
  z.nullish(z.boolean('must be true, false or null')),
  z.transform((value) => value ?? null),
);
const optionalDate = z.pipe(
  z.nullish(z.date('must be a valid Date or null')),
  z.transform((value) => value ?? null),
);
const percentage = z.nullish(must('a percentage from 0 to 100, or null', (value) => between(value, 0, 100)));
const places = z.pipe(
  z.nullish(z.array(name, 'must be a list of texts, or null')),
  z.transform((value) => value ?? null),
);
const record = <T extends string, Value extends z.ZodMiniType>(names: readonly T[], value: Value) =>
  z.object(Object.fromEntries(names.map((each) => [each, value])) as Record<T, Value>, 'must be an object');
const id = must('a text of printable characters, 500 at most: numbers lose digits', isId);
const MEDIA_TYPES = ['video', 'image', 'carousel', 'text', 'link', 'story'] as const;

const post = z.object(
  {
    externalId: id,
    url: optionalUrl,
    caption: optionalText,
    mediaType: z.pipe(
      z.nullish(z.enum(MEDIA_TYPES, `must be one of ${MEDIA_TYPES.join(', ')}, or null`)),
      z.transform((value) => value ?? null),
    ),
    thumbnailUrl: optionalUrl,
    mediaUrl: optionalUrl,
    duration: z.pipe(
      z.optional(z.unknown()),
      z.transform((value) => toMetric(typeof value === 'number' ? Math.round(value) : value)),
    ),
    postedAt: optionalDate,
    metrics: record(POST_METRICS, metric),
  },
  'must be an object',
);

/** What `fetchAccount` of a module answers; what it leaves out is unknown. */
export const answerShape = z.object(
  {
    profile: z.object(
      {
        externalId: z.pipe(
          z.nullish(id),
          z.transform((value) => value ?? null),
        ),
        displayName: optionalText,
        bio: optionalText,
        profilePicUrl: optionalUrl,
        isVerified: optionalFlag,
        isBusiness: optionalFlag,
        followers: metric,
        following: metric,
        posts: metric,
      },
      'must be an object',
    ),
    posts: z.array(post, 'must be a list of posts'),
    days: z.optional(
      z.array(
        z.object(
          { day: must('a day such as 2026-08-20', isDay), metrics: record(DAILY_METRICS, metric) },
          'must be an object { day, metrics }',
        ),
        'must be a list of days',
      ),
    ),
    audience: z.optional(
      z.object(
        {
          ages: record(AGE_GROUPS, percentage),
          male: percentage,
          female: percentage,
          countries: places,
          cities: places,
        },
        'must be an object',
      ),
    ),
    remarks: z.optional(z.array(name, 'must be a list of texts')),
  },
  'must be an object { profile, posts }',
);

function isCounter(value: unknown): boolean {
  if (value === null || value === undefined) return true;
  if (isText(value)) return /^\s*\d{1,16}\s*$/.test(value);
  return Number.isSafeInteger(value);
}

function isId(value: unknown): boolean {
  return isName(value) && (value as string).length <= 500 && !/\p{Cc}/u.test(value as string);
}

function isWebUrl(value: unknown): boolean {
  return isText(value) && /^https?:\/\//i.test(value) && URL.canParse(value) && value.length <= LONGEST_TEXT;
}

function isDay(value: unknown): value is string {
  if (!isText(value) || !/^\d{4}-\d{2}-\d{2}$/.test(value)) return false;
  const time = Date.parse(`${value}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(value);
}

/** A field, what it must be and what it is: `quota.limit must be a whole number above 0, not -1`. */
export function describeIssue(
  issue: z.core.$ZodIssue | undefined,
  root: unknown,
  whole: string,
  redact: Redact,
): string {
  const path = issue?.path ?? [];
  const parts = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`));
  const value = path.reduce<unknown>(
    (at, part) => (at as Record<PropertyKey, unknown> | null | undefined)?.[part],
    root,
  );
  return `${parts.join('').replace(/^\./, '') || whole} ${issue?.message ?? 'is wrong'}, ${show(value, redact)}`;
}

function show(value: unknown, redact: Redact): string {
  if (value === undefined) return 'and is missing';
  if (isText(value)) return `not ${JSON.stringify(redact(value).slice(0, 60))}`;
  if (value instanceof Date) return 'not an invalid Date';
  if (Array.isArray(value)) return 'not a list';
  return `not ${value === null || typeof value !== 'object' ? String(value).slice(0, 60) : 'an object'}`;
}
