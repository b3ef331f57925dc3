import { SmstatsError, UsageError } from '../core/errors.ts';
import { parsePlatform, parseUsername, PLATFORMS } from '../core/platform.ts';
import type { Context } from '../context.ts';
import { findAccount } from '../query/find-account.ts';
import { listAccounts } from '../query/list-accounts.ts';
import { addAccount, removeAccount, setAccountActive } from '../store/account.ts';
import { saveAudit } from '../store/audit.ts';
import { confirm } from '../confirm.ts';
import type { AddCommand } from './index.ts';
import { readPlatform } from './platform.ts';

export const addAccounts: AddCommand = (command, context, end) => {
  const on = (name: string, summary: string) =>
    command.command(name).description(summary).argument('<platform>').argument('<username>', 'handle or profile URL');

  command
    .command('list', { isDefault: true })
    .description('list the accounts and how fresh they are')
    .action(async () => end(await runList(context)));
  on('add', 'track an account; the next fetch takes it along')
    .option('--competitor', 'mark it as a competitor')
    .action(async (platform: string, username: string, options: { competitor?: boolean }) =>
      end(await runAdd(context, platform, username, options)),
    );
  on('pause', 'keep its history but fetch it no more').action(async (platform: string, username: string) =>
    end(await runSetActive(context, platform, username, false)),
  );
  on('resume', 'fetch it again').action(async (platform: string, username: string) =>
    end(await runSetActive(context, platform, username, true)),
  );
  on('remove', 'delete it with everything stored about it')
    .option('-y, --yes', 'do not ask')
    .action(async (platform: string, username: string, options: { yes?: boolean }) =>
      end(await runRemove(context, platform, username, options)),
    );
};

async function runList(context: Context): Promise<number> {
  const { db } = await context.openStore();
  const rows = await listAccounts(db);
  await context.print({
    command: 'accounts list',
    data: rows,
    sections: [
      {
        columns: [
          { key: 'platform', label: 'Platform', kind: 'text' },
          { key: 'username', label: 'Account', kind: 'text' },
          { key: 'display_name', label: 'Name', kind: 'text', rank: 4 },
          { key: 'is_active', label: 'Active', kind: 'flag' },
          { key: 'is_competitor', label: 'Competitor', kind: 'flag', rank: 5 },
          { key: 'days', label: 'Days', kind: 'count', rank: 2 },
          { key: 'posts', label: 'Posts', kind: 'count', rank: 3 },
          { key: 'last_snapshot_date', label: 'Latest', kind: 'day' },
          { key: 'last_error', label: 'Last error', kind: 'text', isElastic: true },
        ],
        rows: rows.map((row) => ({ ...row })),
        empty: 'no account yet; add one: smstats accounts add tiktok <username>',
      },
    ],
  });
  return 0;
}

async function runAdd(
  context: Context,
  platform: string,
  username: string,
  options: { competitor?: boolean },
): Promise<number> {
  const name = await readPlatform(context, platform);
  const handle = { platform: name, username: parseUsername(name, username) };
  const { db } = await context.openStore({ create: true });
  const { account, isNew } = await addAccount(db, handle, { isCompetitor: options.competitor ?? false });
  if (isNew) await saveAudit(db, { action: 'add', table: 'social_media_accounts', rowId: account.id, after: account });
  context.say(
    `${name} @${handle.username} is ${isNew ? 'tracked now' : 'tracked already'}; next: smstats fetch ${name} ${handle.username}`,
  );
  return 0;
}

async function runSetActive(context: Context, platform: string, username: string, isActive: boolean): Promise<number> {
  const { db } = await context.openStore();
  const account = await requireAccount(context, platform, username);
  await setAccountActive(db, account.id, isActive, context.now());
  const action = isActive ? 'resume' : 'pause';
  await saveAudit(db, { action, table: 'social_media_accounts', rowId: account.id, before: account });
  context.say(
    `${account.platform} @${account.username} is ${isActive ? 'fetched again' : 'paused; its history stays'}`,
  );
  return 0;
}

async function runRemove(
  context: Context,
  platform: string,
  username: string,
  options: { yes?: boolean },
): Promise<number> {
  const { db } = await context.openStore();
  const account = await requireAccount(context, platform, username);
  const name = `${account.platform} @${account.username}`;
  if (!options.yes) {
    if (!context.isInteractive()) {
      throw new UsageError('This asks before it deletes, and nobody is there to answer.', 'add --yes if you are sure');
    }
    if (!(await confirm(context, `Delete ${name} with all its posts and days? This cannot be undone.`))) {
      context.say('nothing was deleted');
      return 0;
    }
  }
  const removed = await removeAccount(db, account.id);
  await saveAudit(db, { action: 'remove', table: 'social_media_accounts', rowId: account.id, before: account });
  const recorded = [
    ...(removed.recorded > 0 ? [`${removed.recorded} days that you recorded`] : []),
    ...(removed.campaigns > 0 ? [`${removed.campaigns} of its campaigns`] : []),
  ];
  context.say(`${name} is gone, with ${[`${removed.posts} posts`, `${removed.days} days`, ...recorded].join(', ')}`);
  if (recorded.length > 0) context.say('what you recorded is kept in the audit: smstats audit --json');
  return 0;
}

async function requireAccount(context: Context, platform: string, username: string) {
  const { db } = await context.openStore();
  const name = parsePlatform(platform, [...PLATFORMS, platform.trim().toLowerCase()]);
  const handle = { platform: name, username: parseUsername(name, username) };
  const account = await findAccount(db, handle);
  if (account) return account;
  throw new SmstatsError('not_found', `${name} @${handle.username} is not tracked.`, { hint: 'smstats accounts list' });
}
