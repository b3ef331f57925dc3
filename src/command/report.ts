import { Option } from 'commander';
import { wholeNumber } from '../core/option.ts';
import { CONTENT_SORTS } from '../query/list-content-totals.ts';
import { POST_SORTS } from '../query/list-posts.ts';
import type { AddCommand } from './index.ts';
import { askAccount } from './report/account.ts';
import { askAudience } from './report/audience.ts';
import { askCampaigns } from './report/campaigns.ts';
import { askContent } from './report/content.ts';
import { askGrowth } from './report/growth.ts';
import { askOverview } from './report/overview.ts';
import { askPosts } from './report/posts.ts';
import type { Question, ReportOptions } from './report/question.ts';
import { askTrends } from './report/trends.ts';

export const addReport: AddCommand = (command, context, end) => {
  const on = (name: string, summary: string, question: Question, isDefault = false) =>
    command
      .command(name, { isDefault })
      .description(summary)
      .option('--account <platform:username>', 'one account only')
      .option('--platform <name>', 'one platform only')
      .action(async (...given: unknown[]) => {
        // Commander passes the arguments first, then the options and the command itself.
        const options = given.at(-2) as ReportOptions;
        const target = given.slice(0, -2).filter((each) => typeof each === 'string');
        await context.print(await question(context, options, target));
        end(0);
      });
  const number = (flag: string, summary: string, fallback: number, maximum: number) =>
    new Option(`${flag} <n>`, summary).argParser(wholeNumber(flag, 1, maximum)).default(fallback);

  on('overview', 'every account at a glance, the best posts, the hashtags', askOverview, true);
  on('account', 'one account in full', askAccount).argument('[platform]').argument('[username]');
  on('posts', 'posts with their latest numbers', askPosts)
    .addOption(number('--limit', 'rows at most', 10, 100_000))
    .option('--offset <n>', 'skip this many rows', wholeNumber('--offset', 0, 10_000_000))
    .addOption(
      new Option('--sort <metric>', 'highest first')
        .choices(Object.keys(POST_SORTS))
        .default(undefined, 'views, or likes where none has any'),
    )
    .option('--since <day>', 'only posts published on or after this day (YYYY-MM-DD)');
  on('content', 'your videos and clips with the sum of their posts; a video has those of its clips too', askContent)
    .option('--days <n>', 'only posts published in the last so many days', wholeNumber('--days', 1, 3650))
    .addOption(number('--limit', 'rows at most', 20, 100_000))
    .addOption(new Option('--sort <metric>', 'highest first').choices(Object.keys(CONTENT_SORTS)).default('views'));
  on('audience', 'who sees each account: ages, genders, countries, cities', askAudience)
    .argument('[platform]')
    .argument('[username]');
  on('campaigns', 'what each campaign cost and brought', askCampaigns);
  on('growth', 'how each account changed over a window', askGrowth).addOption(
    number('--days', 'length of the window', 30, 3650),
  );
  on('trends', 'gains of 7 and 30 days beside the days before, and the posts that rose', askTrends).addOption(
    number('--limit', 'posts at most', 5, 100_000),
  );
};
