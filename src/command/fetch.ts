import { collect, type Outcome } from '../collect/collect.ts';
import { createRun, sourcesOf } from '../collect/run.ts';
import { requireProvider } from '../collect/source.ts';
import { EXIT_CODES, LockError, ProviderError, StoreError, UsageError } from '../core/errors.ts';
import { wholeNumber } from '../core/option.ts';
import { parseHandle, parsePlatform, parseUsername } from '../core/platform.ts';
import { dayIn } from '../core/time.ts';
import type { Context } from '../context.ts';
import { createProgress } from '../progress.ts';
import type { Provider } from '../provider/provider.ts';
import { findAccount } from '../query/find-account.ts';
import { findQuota } from '../query/find-quota.ts';
import { listDueAccounts, type DueAccount } from '../query/list-due-accounts.ts';
import type { Report } from '../report/report.ts';
import { addAccount, setAccountActive } from '../store/account.ts';
import { takeLock } from '../store/lock.ts';
import type { AddCommand } from './index.ts';

export interface FetchOptions {
  posts?: number;
  provider?: string;
  ifDue?: boolean;
  dryRun?: boolean;
  competitors?: boolean;
}

const POSTS_OF_ALL = 50;
const POSTS_OF_ONE = 100;

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
  const { db, path } = await context.openStore({ create: true });
  const isOne = target.username !== undefined;
  const posts = options.posts ?? (await context.config()).fetch.posts ?? (isOne ? POSTS_OF_ONE : POSTS_OF_ALL);

  if (options.dryRun) return planFetch(context, options, target, provider, posts);

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
    const accounts = await listTargets(context, options, target);
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
    });
    const outcomes = await collect(run, accounts, {
      posts: options.posts,
      delayMs: config.fetch.delayMs,
      concurrency: config.fetch.concurrency,
    });
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

async function listTargets(context: Context, options: FetchOptions, target: Target): Promise<DueAccount[]> {
  const { db } = await context.openStore({ create: true });
  const today = dayIn((await context.config()).timezone, context.now());
  if (target.username === undefined) {
    return listDueAccounts(db, {
      platform: target.platform,
      competitorsOnly: options.competitors,
      withoutSnapshotOn: options.ifDue ? today : undefined,
    });
  }
  const account = await findAccount(db, { platform: target.platform as string, username: target.username });
  if (!account) throw new StoreError(`@${target.username} vanished from the database while it was being fetched.`);
  return [{ id: account.id, platform: account.platform, username: account.username }];
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

async function reportOutcomes(context: Context, outcomes: readonly Outcome[], isOne: boolean): Promise<number> {
  const [first] = outcomes;
  if (isOne && first?.error) throw first.error;
  await context.print(outcomeReport(outcomes));
  const stored = outcomes.filter(({ status }) => status === 'stored');
  for (const { account, replacedSample } of stored) {
    if (replacedSample)
      context.say(`${account.platform} @${account.username}: the sample's numbers were replaced by real ones`);
  }
  if (stored.length === outcomes.length) {
    if (context.format === 'table') context.say('next: smstats report');
    return EXIT_CODES.done.code;
  }
  const hint = outcomes.find(({ error }) => error?.hint)?.error?.hint;
  if (hint !== undefined) context.say(`  → ${hint}`);
  if (stored.length > 0) return EXIT_CODES.partial.code;
  const endings = new Set(outcomes.map(({ error }) => error?.ending ?? 'failed'));
  const [only] = endings;
  return EXIT_CODES[endings.size === 1 && only ? only : 'failed'].code;
}

function outcomeReport(outcomes: readonly Outcome[]): Report {
  const rows = outcomes.map(({ account, status, providerName, posts, requests, note, error }) => ({
    platform: account.platform,
    username: account.username,
    status,
    provider_name: providerName,
    posts,
    requests,
    reason: error?.message ?? note,
  }));
  return {
    command: 'fetch',
    data: { accounts: rows, requests: rows.reduce((sum, { requests }) => sum + requests, 0) },
    sections: [
      {
        columns: [
          { key: 'platform', label: 'Platform', kind: 'text' },
          { key: 'username', label: 'Account', kind: 'text' },
          { key: 'status', label: 'Status', kind: 'text' },
          { key: 'provider_name', label: 'Provider', kind: 'text' },
          { key: 'posts', label: 'Posts', kind: 'count' },
          { key: 'requests', label: 'Requests', kind: 'count' },
        ],
        rows,
      },
    ],
  };
}

/** What a run would ask of whom: nothing is sent and nothing is written. */
async function planFetch(
  context: Context,
  options: FetchOptions,
  target: Target,
  provider: Provider | undefined,
  posts: number,
): Promise<number> {
  const store = await context.openStore({ create: true });
  const config = await context.config();
  const now = context.now();
  const isTracked = target.username === undefined || (await isKnown(context, target));
  const accounts = isTracked
    ? await listTargets(context, options, target)
    : [{ id: 0, platform: target.platform as string, username: target.username as string }];
  const rows = [];
  for (const account of accounts) {
    const sources = await sourcesOf(store, config, account, provider);
    const source = sources.find(({ secret }) => secret !== undefined) ?? sources[0];
    if (!source) throw new UsageError(`There is no provider for ${account.platform} yet.`, 'smstats providers list');
    const quota = await findQuota(store.db, source.provider.name, source.quota, dayIn(config.timezone, now), now);
    rows.push({
      platform: account.platform,
      username: account.username,
      provider_name: source.provider.name,
      requests: source.provider.requestCount(posts),
      left_today: quota.leftToday,
      remark: source.secret === undefined ? `needs ${source.provider.credential?.env}` : null,
    });
  }
  const requests = rows.reduce((sum, row) => sum + row.requests, 0);
  await context.print({
    command: 'fetch --dry-run',
    data: { accounts: rows, requests },
    sections: [
      {
        columns: [
          { key: 'platform', label: 'Platform', kind: 'text' },
          { key: 'username', label: 'Account', kind: 'text' },
          { key: 'provider_name', label: 'Provider', kind: 'text' },
          { key: 'requests', label: 'Requests', kind: 'count' },
          { key: 'left_today', label: 'Left today', kind: 'count' },
          { key: 'remark', label: 'Remark', kind: 'text' },
        ],
        rows,
        empty: 'no account to fetch',
      },
    ],
    warnings: [
      `${requests} request${requests === 1 ? '' : 's'} at most (up to ${posts} posts an account); nothing was sent`,
    ],
  });
  return EXIT_CODES.done.code;
}

async function isKnown(context: Context, { platform, username }: Target): Promise<boolean> {
  const { db } = await context.openStore({ create: true });
  return (await findAccount(db, { platform: platform as string, username: username as string })) !== undefined;
}
