import { collect, failAbandonedJobs, type Outcome } from '../collect/collect.ts';
import { createRun } from '../collect/run.ts';
import { listSources, requireProvider } from '../collect/source.ts';
import { LockError, ProviderError, UsageError } from '../core/errors.ts';
import { wholeNumber } from '../core/option.ts';
import { parseHandle, parsePlatform, parseUsername } from '../core/platform.ts';
import { addDays, dayIn } from '../core/time.ts';
import type { Context } from '../context.ts';
import { createProgress } from '../progress.ts';
import type { Provider } from '../provider/provider.ts';
import { findAccount } from '../query/find-account.ts';
import { listDueAccounts, type DueAccount } from '../query/list-due-accounts.ts';
import { addAccount, setAccountActive } from '../store/account.ts';
import { rollUpRequests } from '../store/ledger.ts';
import { takeLock } from '../store/lock.ts';
import { reportOutcomes } from './fetch/outcome.ts';
import { planFetch } from './fetch/plan.ts';
import type { AddCommand } from './index.ts';

interface FetchOptions {
  posts?: number;
  provider?: string;
  ifDue?: boolean;
  dryRun?: boolean;
  competitors?: boolean;
}

const POSTS_OF_ALL = 50;
const POSTS_OF_ONE = 100;
/** Single requests are kept this long; older ones are rolled up by day. */
const ROLL_UP_AFTER_DAYS = 30;

export const addFetch: AddCommand = (command, context, end) => {
  command
    .argument('[platform]', 'a platform, or the URL of a profile; all by default')
    .argument('[username]', 'one account; it is added when it is new')
    .option(
      '--posts <n>',
      `posts per account at most (default: ${POSTS_OF_ALL}, ${POSTS_OF_ONE} for one account)`,
      wholeNumber('--posts', 1, 10_000),
    )
    .option('--provider <name>', 'ask this provider alone')
    .option('--if-due', 'only accounts without numbers of today')
    .option('--dry-run', 'print what would be asked of whom, and what it costs')
    .option('--competitors', 'only accounts marked as competitors')
    .action(async (platform: string | undefined, username: string | undefined, options: FetchOptions) =>
      end(await runFetch(context, options, platform, username)),
    );
};

/** Fetches one account or all that are active. @returns the exit code. */
export async function runFetch(
  context: Context,
  options: FetchOptions,
  platform?: string,
  username?: string,
): Promise<number> {
  const target = readTarget(platform, username);
  const provider = options.provider === undefined ? undefined : requireProvider(options.provider, target.platform);
  if (target.platform !== undefined && listSources(target.platform, await context.config()).length === 0) {
    throw new UsageError(`There is no provider for ${target.platform} yet.`, 'smstats providers list');
  }
  const { db, path } = await context.openStore({ create: true });
  const isOne = target.username !== undefined;
  const posts = options.posts ?? (await context.config()).fetch.posts ?? (isOne ? POSTS_OF_ONE : POSTS_OF_ALL);

  if (options.dryRun) {
    const known = await listTargets(context, options, target);
    return planFetch(context, known ?? [untracked(target)], posts, provider);
  }

  await failAbandonedJobs({ db, lockAccount: (id) => takeLock(path, `account-${id}`) }, context.now());
  const release = isOne ? undefined : takeLock(path, 'run');
  if (!isOne && !release) {
    if (!options.ifDue)
      throw new LockError(
        'Another run over all accounts is under way.',
        'wait for it to end; smstats report shows what is stored',
      );
    context.say('another run over all accounts is under way; it does this work');
    return 0;
  }
  try {
    const isNew =
      target.username !== undefined &&
      (await addAccount(db, { platform: target.platform as string, username: target.username })).isNew;
    const accounts = (await listTargets(context, options, target)) ?? [];
    if (accounts.length === 0) return await sayNothingToDo(context, options, target);
    const outcomes = await fetchAccounts(context, accounts, { posts, provider });
    if (isNew && outcomes[0]?.error instanceof ProviderError && outcomes[0].error.isAnswer) {
      // Kept for the record, but no later run shall ask for a name that does not exist.
      await setAccountActive(db, outcomes[0].account.id, false, context.now());
    }
    return await reportOutcomes(context, outcomes, isOne);
  } finally {
    release?.();
  }
}

/** Runs the pipeline over accounts, with progress on stderr. */
export async function fetchAccounts(
  context: Context,
  accounts: readonly DueAccount[],
  options: { posts: number; provider?: Provider | undefined },
): Promise<Outcome[]> {
  context.onSignals();
  const progress = await createProgress(context);
  const config = await context.config();
  const store = await context.openStore({ create: true });
  const { version, redact, stop, abort } = context;
  const world = await context.httpWorld();
  try {
    const run = createRun({
      store,
      config,
      world,
      version,
      redact,
      stop,
      abort,
      provider: options.provider,
      onProgress: progress.onProgress,
      ...(context.flags.verbose && { onRequest: (line: string) => context.say(line) }),
    });
    const outcomes = await collect(run, accounts, {
      posts: options.posts,
      delayMs: config.fetch.delayMs,
      concurrency: config.fetch.concurrency,
    });
    await rollUpRequests(store.db, addDays(dayIn(config.timezone, context.now()), -ROLL_UP_AFTER_DAYS));
    store.connection.pragma('analysis_limit = 400');
    store.connection.pragma('optimize');
    return outcomes;
  } finally {
    progress.end();
  }
}

interface Target {
  platform?: string;
  username?: string;
}

function readTarget(platform: string | undefined, username: string | undefined): Target {
  if (platform === undefined) return {};
  if (username === undefined && (platform.includes('/') || platform.includes(':'))) return parseHandle(platform);
  const name = parsePlatform(platform);
  return username === undefined ? { platform: name } : { platform: name, username: parseUsername(name, username) };
}

/** The accounts to fetch; undefined when the one that was named is not tracked. */
async function listTargets(context: Context, options: FetchOptions, target: Target): Promise<DueAccount[] | undefined> {
  const { db } = await context.openStore({ create: true });
  if (target.username !== undefined) {
    const account = await findAccount(db, { platform: target.platform as string, username: target.username });
    return account && [{ id: account.id, platform: account.platform, username: account.username }];
  }
  const today = dayIn((await context.config()).timezone, context.now());
  return listDueAccounts(db, {
    platform: target.platform,
    competitorsOnly: options.competitors,
    withoutSnapshotOn: options.ifDue ? today : undefined,
  });
}

function untracked({ platform, username }: Target): DueAccount {
  return { id: 0, platform: platform as string, username: username as string };
}

async function sayNothingToDo(context: Context, options: FetchOptions, target: Target): Promise<number> {
  const { db } = await context.openStore();
  const active = await listDueAccounts(db, { platform: target.platform, competitorsOnly: options.competitors });
  const isDone = options.ifDue && active.length > 0;
  const remark = isDone
    ? 'every account has its numbers of today'
    : `there is no active account${target.platform ? ` of ${target.platform}` : ''} to fetch; add one: smstats fetch tiktok <username>`;
  if (context.format === 'json')
    await context.print({ command: 'fetch', data: { accounts: [] }, sections: [], warnings: [remark] });
  else context.say(remark);
  return 0;
}
