import { Option } from 'commander';
import { keepMemorySmall } from '../core/memory.ts';
import { wholeNumber } from '../core/option.ts';
import { CONTENT_SORTS } from '../query/list-content-totals.ts';
import { POST_SORTS } from '../query/list-posts.ts';
import type { AddCommand } from './index.ts';
import { postFilterFlags } from './post-filter.ts';
import { ageFlag } from './report/equal-age.ts';
import type { Question, ReportOptions } from './report/question.ts';

/** Declares each question; its code is loaded when it is asked. */
export const addReport: AddCommand = (command, context, end) => {
  const on = (name: string, summary: string, load: () => Promise<Question>, isDefault = false) =>
    command
      .command(name, { isDefault })
      .description(summary)
      .option('--account <platform:username>', 'one account only')
      .option('--platform <name>', 'one platform only')
      .action(async (...given: unknown[]) => {
        // Commander passes the arguments first, then the options and the command itself.
        const options = given.at(-2) as ReportOptions;
        const target = given.slice(0, -2).filter((each) => typeof each === 'string');
        keepMemorySmall();
        const question = await load();
        await context.print(await question(context, options, target));
        end(0);
      });
  const number = (flag: string, summary: string, fallback: number, maximum: number) =>
    new Option(`${flag} <n>`, summary).argParser(wholeNumber(flag, 1, maximum)).default(fallback);

  on(
    'overview',
    'every account at a glance, the best posts, the hashtags',
    async () => (await import('./report/overview.ts')).askOverview,
    true,
  );
  on('account', 'one account in full', async () => (await import('./report/account.ts')).askAccount)
    .argument('[platform]')
    .argument('[username]');
  const posts = on('posts', 'posts with their latest numbers', async () => (await import('./report/posts.ts')).askPosts)
    .addOption(number('--limit', 'rows at most', 10, 100_000))
    .option('--offset <n>', 'skip this many rows', wholeNumber('--offset', 0, 10_000_000))
    .addOption(
      new Option('--sort <metric>', 'highest first')
        .choices(Object.keys(POST_SORTS))
        .default(undefined, 'views, or likes where none has any'),
    );
  for (const option of postFilterFlags()) posts.addOption(option);
  on(
    'content',
    'your videos and clips with the sum of their posts; a video has those of its clips too',
    async () => (await import('./report/content.ts')).askContent,
  )
    .option('--days <n>', 'only posts published in the last so many days', wholeNumber('--days', 1, 3650))
    .addOption(number('--limit', 'rows at most', 20, 100_000))
    .addOption(new Option('--sort <metric>', 'highest first').choices(Object.keys(CONTENT_SORTS)).default('views'));
  on(
    'audience',
    'who sees each account: ages, genders, countries, cities',
    async () => (await import('./report/audience.ts')).askAudience,
  )
    .argument('[platform]')
    .argument('[username]');
  on(
    'campaigns',
    'what each campaign cost and brought',
    async () => (await import('./report/campaigns.ts')).askCampaigns,
  );
  on(
    'growth',
    'how each account changed over a window',
    async () => (await import('./report/growth.ts')).askGrowth,
  ).addOption(number('--days', 'length of the window', 30, 3650));
  on(
    'monthly',
    'a row a month and account: followers, gains, posts published, engagement',
    async () => (await import('./report/monthly.ts')).askMonthly,
  ).addOption(number('--months', 'how many, with the present one', 12, 120));
  on(
    'compare',
    'accounts beside competitors, brands over platforms, and published benchmarks',
    async () => (await import('./report/compare.ts')).askCompare,
  )
    .option('--brand <name>', 'one brand only, ranked among all')
    .addOption(number('--days', 'length of the window', 30, 3650));
  on(
    'anomalies',
    'days on which followers, views or likes did not do what the weeks before lead to expect',
    async () => (await import('./report/anomalies.ts')).askAnomalies,
  )
    .addOption(
      new Option('--days <n>', 'length of the window')
        .argParser(wholeNumber('--days', 1, 3650))
        .default(undefined, '30, or 365 with --backtest'),
    )
    .option('--backtest', 'how often this would have told you something');
  on(
    'forecast',
    'followers and views of the days ahead, by the model that did best on the days before',
    async () => (await import('./report/forecast.ts')).askForecast,
  ).addOption(number('--days', 'how many days ahead', 30, 90));
  on(
    'trends',
    'gains of 7 and 30 days beside the days before, and the posts that rose',
    async () => (await import('./report/trends.ts')).askTrends,
  ).addOption(number('--limit', 'posts at most', 5, 100_000));
  const published = () => number('--days', 'only posts published in the last so many days', 365, 3650);
  on(
    'hashtags',
    'how posts with each hashtag did beside posts without it, at equal age',
    async () => (await import('./report/hashtags.ts')).askHashtags,
  )
    .addOption(ageFlag())
    .addOption(published())
    .addOption(number('--limit', 'hashtags at most', 20, 100_000));
  on(
    'best-times',
    'whether the time of publication matters, and which times did better',
    async () => (await import('./report/best-times.ts')).askBestTimes,
  )
    .addOption(ageFlag())
    .addOption(published());
  on('decay', 'how fast posts reach their final views', async () => (await import('./report/decay.ts')).askDecay)
    .addOption(published())
    .addOption(number('--final', 'days since publication after which a post counts as done', 28, 365));
};
