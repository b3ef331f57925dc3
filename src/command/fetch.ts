import { collect, type Outcome } from '../collect/collect.ts';
import { createRun } from '../collect/run.ts';
import { openRegistry } from '../collect/registry.ts';
import { listSources } from '../collect/source.ts';
import { LockError, ProviderError, UsageError } from '../core/errors.ts';
import { wholeNumber } from '../core/option.ts';
import type { Handle } from '../core/platform.ts';
import { isScheduleId } from '../core/schedule-id.ts';
import { addDays, dayIn } from '../core/time.ts';
import type { Context } from '../context.ts';
import { createProgress } from '../progress.ts';
import type { Provider } from '../provider/provider.ts';
import { listDueAccounts, type DueAccount } from '../query/list-due-accounts.ts';
import { addAccount, setAccountActive } from '../store/account.ts';
import { workOn, type Work } from '../store/claims.ts';
import { rollUpRequests } from '../store/ledger.ts';
import { reportOutcomes } from './fetch/outcome.ts';
import { planFetch } from './fetch/plan.ts';
import { testSchedule } from './fetch/self-test.ts';
import { listTargets, readTarget, untracked, type Target } from './fetch/target.ts';
import { leaveWaiting } from './fetch/waiting.ts';
import type { AddCommand } from './index.ts';

interface FetchOptions {
  posts?: number;
  provider?: string;
  ifDue?: boolean;
  dryRun?: boolean;
  competitors?: boolean;
  scheduled?: string;
  selfTest?: boolean;
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
    .addOption(
      command
        .createOption('--scheduled <id>', 'a schedule runs this: remarks go to its log')
        .argParser(parseId)
        .hideHelp(),
    )
    .addOption(command.createOption('--self-test', 'say what this would work with, as JSON').hideHelp())
    .action(async (platform: string | undefined, username: string | undefined, options: FetchOptions) =>
      end(await (options.scheduled === undefined ? runFetch : runScheduledFetch)(context, options, platform, username)),
    );
};

/** A fetch after which the alerts are checked: also when it failed, as that may be what somebody wants to be told. */
async function runScheduledFetch(
  context: Context,
  options: FetchOptions,
  platform?: string,
  username?: string,
): Promise<number> {
  const { checkAfterFetch } = await import('./alerts/check.ts');
  let code: number;
  try {
    code = await runFetch(context, options, platform, username);
  } catch (error) {
    // What broke the fetch is the error to report, when it breaks this as well.
    if (!options.selfTest) await checkAfterFetch(context).catch(() => {});
    throw error;
  }
  if (!options.selfTest && !options.dryRun && !context.stop.aborted) await checkAfterFetch(context);
  return code;
}

/** Fetches one account or all that are active. @returns the exit code. */
export async function runFetch(
  context: Context,
  options: FetchOptions,
  platform?: string,
  username?: string,
): Promise<number> {
  if (options.selfTest) return testSchedule(context);
  const config = await context.config();
  const registry = await openRegistry(config);
  const target = readTarget(platform, username, registry.platforms);
  const provider = options.provider === undefined ? undefined : registry.require(options.provider, target.platform);
  if (target.platform !== undefined && (await listSources(target.platform, config)).length === 0) {
    throw new UsageError(`There is no provider for ${target.platform} yet.`, 'smstats providers list');
  }
  // A schedule whose database is gone must not go on with an empty one.
  const { db, claims } = await context.openStore({ create: options.scheduled === undefined });
  const isOne = target.username !== undefined;
  const posts = options.posts ?? config.fetch.posts ?? (isOne ? POSTS_OF_ONE : POSTS_OF_ALL);

  if (options.dryRun) {
    const known = await listTargets(context, db, options, target);
    return planFetch(context, known ?? [untracked(target)], posts, provider);
  }

  await claims.failAbandoned(context.now());
  return isOne
    ? fetchOne(context, { platform: target.platform as string, username: target.username as string }, posts, provider)
    : fetchAll(context, options, target, posts, provider);
}

async function fetchOne(
  context: Context,
  handle: Handle,
  posts: number,
  provider: Provider | undefined,
): Promise<number> {
  const { db } = await context.openStore({ create: true });
  const { account, isNew } = await addAccount(db, handle);
  const outcomes = await fetchAccounts(context, [account], { posts, provider });
  if (isNew && outcomes[0]?.error instanceof ProviderError && outcomes[0].error.isAnswer) {
    // Kept for the record, but no later run shall ask for a name that does not exist.
    await setAccountActive(db, account.id, false, context.now());
    if (context.format !== 'json')
      context.say(
        `it stays on record, paused; to forget it: smstats accounts remove ${handle.platform} ${handle.username}`,
      );
  }
  return reportOutcomes(context, outcomes, true);
}

async function fetchAll(
  context: Context,
  options: FetchOptions,
  target: Target,
  posts: number,
  provider: Provider | undefined,
): Promise<number> {
  const { claims } = await context.openStore({ create: true });
  let accounts: DueAccount[] = [];
  let isWaiting = false;
  const now = context.now();
  const work = await claims.openRun(
    async (db) => {
      const due = (await listTargets(context, db, options, target)) ?? [];
      accounts = options.ifDue ? await leaveWaiting(context, db, due) : due;
      isWaiting = accounts.length < due.length;
      return accounts.map(({ id }) => id);
    },
    dayIn((await context.config()).timezone, now),
    now,
    () => context.say('waiting for accounts that other processes of this run have in hand'),
  );
  if (!work) {
    if (!options.ifDue)
      throw new LockError(
        'Another run over all accounts is under way.',
        'wait for it to end; smstats report shows what is stored',
      );
    context.say('another run over all accounts is under way; it does this work');
    return 0;
  }
  try {
    if (accounts.length === 0) return await sayNothingToDo(context, options, target, isWaiting);
    const outcomes = await fetchAccounts(context, accounts, { posts, provider, work });
    const elsewhere = accounts.length - outcomes.length;
    if (elsewhere > 0)
      context.say(`${elsewhere} of ${accounts.length} accounts were fetched by other processes of this run`);
    return await reportOutcomes(context, outcomes, false);
  } finally {
    // When the database is out of reach, what broke it is the error to report.
    await work.close(context.now()).catch(() => {});
  }
}

/** Runs the pipeline over accounts, with progress on stderr. */
export async function fetchAccounts(
  context: Context,
  accounts: readonly DueAccount[],
  options: { posts: number; provider?: Provider | undefined; work?: Work },
): Promise<Outcome[]> {
  context.onSignals();
  const progress = await createProgress(context, options.work === undefined);
  const config = await context.config();
  const store = await context.openStore({ create: true });
  const { version, redact, addSecret, stop, abort } = context;
  const world = await context.httpWorld();
  const sayFinishing = () => context.say('finishing what is in hand; Ctrl-C again to stop at once');
  stop.addEventListener('abort', sayFinishing, { once: true });
  try {
    const run = createRun({
      store,
      config,
      world,
      version,
      redact,
      addSecret,
      onWarning: sayOnce(context),
      stop,
      abort,
      provider: options.provider,
      onProgress: progress.onProgress,
      ...(context.flags.verbose && { onRequest: (line: string) => context.say(line) }),
    });
    const ids = accounts.map(({ id }) => id);
    const work = options.work ?? workOn(ids, store.claims.claim);
    const outcomes = await collect(run, accounts, work, {
      posts: options.posts,
      delayMs: config.fetch.delayMs,
      concurrency: config.fetch.concurrency,
    });
    await rollUpRequests(store.db, addDays(dayIn(config.timezone, context.now()), -ROLL_UP_AFTER_DAYS));
    await store.tidy();
    return outcomes;
  } finally {
    stop.removeEventListener('abort', sayFinishing);
    progress.end();
  }
}

/** Each warning once, however many accounts meet it. */
function sayOnce(context: Context): (text: string) => void {
  const said = new Set<string>();
  return (text) => {
    if (!said.has(text)) context.say(text);
    said.add(text);
  };
}

async function sayNothingToDo(
  context: Context,
  options: FetchOptions,
  target: Target,
  isWaiting: boolean,
): Promise<number> {
  const { db } = await context.openStore();
  const active = await listDueAccounts(db, { platform: target.platform, competitorsOnly: options.competitors });
  const isDone = options.ifDue && active.length > 0;
  const remark = isWaiting
    ? 'the accounts without numbers of today wait for their next try'
    : isDone
      ? 'every account has its numbers of today'
      : `there is no active account${target.platform ? ` of ${target.platform}` : ''} to fetch; add one: smstats fetch tiktok <username>`;
  if (context.format === 'json')
    await context.print({ command: 'fetch', data: { accounts: [] }, sections: [], warnings: [remark] });
  else context.say(remark);
  return 0;
}

function parseId(text: string): string {
  if (isScheduleId(text)) return text;
  throw new UsageError(`"${text}" is no name of a schedule.`, 'smstats install-schedule');
}
