import { Option } from 'commander';
import { wholeNumber } from '../core/option.ts';
import { RECORD_FIELDS } from '../record/kind.ts';
import type { AddCommand } from './index.ts';
import { fieldOptions, givenFields } from './record/option.ts';
import { runList } from './roi/list.ts';
import { runRemove } from './roi/remove.ts';
import { runRoiReport, type RoiReportOptions } from './roi/report.ts';
import { runStore, type StoreOptions } from './roi/store.ts';

const EXAMPLES = `
For example:
  smstats roi --campaign spring --cost 5000 --revenue 25000 --conversions 150 --impressions 500000 --reach 150000
  smstats roi store --help            every flag of it
  smstats roi report --by video       what each video cost and brought`;

export const addRoi: AddCommand = (command, context, end) => {
  command.addHelpText('after', EXAMPLES);
  const named = RECORD_FIELDS.campaign.filter(({ name }) => name !== 'account_id' && name !== 'username');
  const options = fieldOptions(named);
  const store = command
    .command('store', { isDefault: true })
    .description('work out what a campaign brought, and keep it (what smstats roi --campaign does)');
  for (const { option } of options) store.addOption(option);
  store
    .option('--create', 'add an account that is not there, to keep what is recorded of it')
    .option('--dry-run', 'work it out and keep nothing')
    .action(async (given: StoreOptions) => end(await runStore(context, given, givenFields(options, given))));
  command
    .command('list')
    .description('the campaigns that are kept')
    .action(async () => end(await runList(context)));
  command
    .command('remove')
    .description('forget a campaign; the audit keeps what it was')
    .argument('<campaign>')
    .action(async (campaign: string) => end(await runRemove(context, campaign)));
  command
    .command('report')
    .description('what campaigns, platforms or videos cost and brought')
    .addOption(
      new Option('--by <what>', 'what to sum up by').choices(['campaign', 'platform', 'video']).default('campaign'),
    )
    .option('--days <n>', 'only campaigns of the last days, today included', wholeNumber('--days', 1, 36_500))
    .action(async (given: RoiReportOptions) => end(await runRoiReport(context, given)));
};
