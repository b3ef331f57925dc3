import { CONTENT_SORTS } from '../query/list-content-totals.ts';
import { POST_SORTS } from '../query/list-posts.ts';
import { AGE } from './age.ts';
import { choice, whole, written, type Parameter, type QuestionEntry } from './parameter.ts';
import { POST_FILTER } from './post-filter.ts';

const WHOSE: readonly Parameter[] = [
  written('account', 'platform:username', 'one account only'),
  written('platform', 'name', 'one platform only'),
];
const PUBLISHED = whole('days', 'only posts published in the last so many days', [1, 3650], 365);
const WINDOW = whole('days', 'length of the window', [1, 3650], 30);
const ROWS = [1, 100_000] as const;

/** Every question of `smstats report`, in the order of the help. */
export const QUESTIONS = {
  overview: {
    summary: 'every account at a glance, the best posts, the hashtags',
    parameters: WHOSE,
    isDefault: true,
    load: async () => (await import('./overview.ts')).askOverview,
  },
  account: {
    summary: 'one account in full',
    parameters: WHOSE,
    targets: ['platform', 'username'],
    load: async () => (await import('./account.ts')).askAccount,
  },
  posts: {
    summary: 'posts with their latest numbers',
    parameters: [
      ...WHOSE,
      whole('limit', 'rows at most', ROWS, 10),
      whole('offset', 'skip this many rows', [0, 10_000_000]),
      choice('sort', 'metric', 'highest first', Object.keys(POST_SORTS), {
        fallbackText: 'views, or likes where none has any',
      }),
      ...POST_FILTER,
    ],
    load: async () => (await import('./posts.ts')).askPosts,
  },
  content: {
    summary: 'your videos and clips with the sum of their posts; a video has those of its clips too',
    parameters: [
      ...WHOSE,
      whole('days', 'only posts published in the last so many days', [1, 3650]),
      whole('limit', 'rows at most', ROWS, 20),
      choice('sort', 'metric', 'highest first', Object.keys(CONTENT_SORTS), { fallback: 'views' }),
    ],
    load: async () => (await import('./content.ts')).askContent,
  },
  audience: {
    summary: 'who sees each account: ages, genders, countries, cities',
    parameters: WHOSE,
    targets: ['platform', 'username'],
    load: async () => (await import('./audience.ts')).askAudience,
  },
  campaigns: {
    summary: 'what each campaign cost and brought',
    parameters: WHOSE,
    load: async () => (await import('./campaigns.ts')).askCampaigns,
  },
  growth: {
    summary: 'how each account changed over a window',
    parameters: [...WHOSE, WINDOW],
    load: async () => (await import('./growth.ts')).askGrowth,
  },
  monthly: {
    summary: 'a row a month and account: followers, gains, posts published, engagement',
    parameters: [...WHOSE, whole('months', 'how many, with the present one', [1, 120], 12)],
    load: async () => (await import('./monthly.ts')).askMonthly,
  },
  compare: {
    summary: 'accounts beside competitors, brands over platforms, and published benchmarks',
    parameters: [...WHOSE, written('brand', 'name', 'one brand only, ranked among all'), WINDOW],
    load: async () => (await import('./compare.ts')).askCompare,
  },
  anomalies: {
    summary: 'days on which followers, views or likes did not do what the weeks before lead to expect',
    parameters: [
      ...WHOSE,
      whole('days', 'length of the window', [1, 3650], '30, or 365 with --backtest'),
      {
        name: 'backtest',
        value: '',
        summary: 'how often this would have told you something',
        type: { kind: 'switch' },
        read: () => true,
      },
    ],
    load: async () => (await import('./anomalies.ts')).askAnomalies,
  },
  forecast: {
    summary: 'followers and views of the days ahead, by the model that did best on the days before',
    parameters: [...WHOSE, whole('days', 'how many days ahead', [1, 90], 30)],
    load: async () => (await import('./forecast.ts')).askForecast,
  },
  trends: {
    summary: 'gains of 7 and 30 days beside the days before, and the posts that rose',
    parameters: [...WHOSE, whole('limit', 'posts at most', ROWS, 5)],
    load: async () => (await import('./trends.ts')).askTrends,
  },
  hashtags: {
    summary: 'how posts with each hashtag did beside posts without it, at equal age',
    parameters: [...WHOSE, AGE, PUBLISHED, whole('limit', 'hashtags at most', ROWS, 20)],
    load: async () => (await import('./hashtags.ts')).askHashtags,
  },
  'best-times': {
    summary: 'whether the time of publication matters, and which times did better',
    parameters: [...WHOSE, AGE, PUBLISHED],
    load: async () => (await import('./best-times.ts')).askBestTimes,
  },
  decay: {
    summary: 'how fast posts reach their final views',
    parameters: [
      ...WHOSE,
      PUBLISHED,
      whole('final', 'days since publication after which a post counts as done', [1, 365], 28),
    ],
    load: async () => (await import('./decay.ts')).askDecay,
  },
} as const satisfies Record<string, QuestionEntry>;

export type QuestionName = keyof typeof QUESTIONS;
