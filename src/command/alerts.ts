import { Option } from 'commander';
import { ALERT_KINDS } from '../core/alert.ts';
import { UsageError } from '../core/errors.ts';
import { wholeNumber } from '../core/option.ts';
import { runAdd, type AddOptions, type Threshold } from './alerts/add.ts';
import { runCheck, type CheckOptions } from './alerts/check.ts';
import { METRICS } from './alerts/describe.ts';
import { describeKinds } from './alerts/kinds.ts';
import { runList } from './alerts/list.ts';
import { runRemove } from './alerts/remove.ts';
import { runTest, type TestOptions } from './alerts/test.ts';
import type { AddCommand } from './index.ts';

const ALLOW_PRIVATE = '--allow-private-webhooks';

export const addAlerts: AddCommand = (command, context, end) => {
  command
    .command('list', { isDefault: true })
    .description('the rules, and how often they fired')
    .option('--events', 'what fired, and who was told')
    .option('--days <n>', 'with --events: how many days back', wholeNumber('--days', 1, 3650), 30)
    .action(async (options: { events?: boolean; days: number }) => end(await runList(context, options)));
  command
    .command('add')
    .description('watch for something')
    .argument('<kind>', ALERT_KINDS.join(', '))
    .option('--account <platform:username>', 'only this account')
    .option('--platform <name>', 'only accounts of this platform')
    .option('--brand <name>', 'only accounts of this brand')
    .addOption(new Option('--metric <counter>', 'what is watched').choices(Object.keys(METRICS)))
    .option('--threshold <n>', 'what makes it fire; see below', readThreshold)
    .option('--days <n>', 'the days that it looks at; see below', wholeNumber('--days', 1, 3650))
    .option('--cooldown <days>', 'silence about the same thing after it fired', wholeNumber('--cooldown', 0, 365))
    .option('--to <channel...>', 'also send it there: names of channels in the configuration')
    .addHelpText('after', () => describeKinds())
    .action(async (kind: string, options: AddOptions) => end(await runAdd(context, kind, options)));
  command
    .command('remove')
    .description('watch no more; what the rule has told is forgotten')
    .argument('<rule>', 'its number in the list', wholeNumber('<rule>', 1, Number.MAX_SAFE_INTEGER))
    .action(async (rule: number) => end(await runRemove(context, rule)));
  command
    .command('check')
    .description('ask every rule now, send what is new, and show what was not seen yet')
    .option('--exit-code', 'end with 10 when something fired')
    .option('--dry-run', 'show what would fire; keep and send nothing')
    .option('--resend', 'also send again what was given up')
    .option(ALLOW_PRIVATE, 'webhooks may lead inside this machine or its network')
    .action(async (options: CheckOptions) => end(await runCheck(context, options)));
  command
    .command('test')
    .description('send a message to try a channel, or tell how often a rule would have fired')
    .argument('[rule]', 'its number in the list', wholeNumber('<rule>', 1, Number.MAX_SAFE_INTEGER))
    .option('--to <channel>', 'send a test message there')
    .option('--days <n>', 'with a rule: how many days back', wholeNumber('--days', 1, 3650), 365)
    .option(ALLOW_PRIVATE, 'webhooks may lead inside this machine or its network')
    .action(async (rule: number | undefined, options: TestOptions) => end(await runTest(context, rule, options)));
};

function readThreshold(text: string): Threshold {
  const [, number, unit] = /^(\d+(?:\.\d+)?)\s*([%x])?$/.exec(text.trim()) ?? [];
  if (Number.isFinite(Number(number))) return { value: Number(number), unit: (unit as Threshold['unit']) ?? null };
  throw new UsageError(`--threshold must be a number such as 50 or 3.5, not "${text}".`);
}
