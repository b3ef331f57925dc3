import type { AddCommand } from './index.ts';
import { runList } from './providers/list.ts';
import { runShow } from './providers/show.ts';
import { runTest } from './providers/test.ts';

export const addProviders: AddCommand = (command, context, end) => {
  command
    .command('list', { isDefault: true })
    .description('what can be asked now, and what each key would add')
    .action(async () => end(await runList(context)));
  command
    .command('show')
    .description('what one provider reports, costs and needs')
    .argument('<name>', 'a provider')
    .action(async (name: string) => end(await runShow(context, name)));
  command
    .command('test')
    .description('ask a provider for one account and show what it says; nothing is stored')
    .argument('<name>', 'a provider')
    .argument('<username>', 'handle or profile URL')
    .option('--platform <name>', 'which of its platforms, when it knows several')
    .action(async (name: string, username: string, options: { platform?: string }) =>
      end(await runTest(context, name, username, options.platform)),
    );
};
