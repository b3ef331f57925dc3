import { existsSync } from 'node:fs';
import { editConfigFile, readConfigFile } from '../config/file.ts';
import { nameDatabase } from '../core/database.ts';
import { EXIT_CODES, UsageError } from '../core/errors.ts';
import { parseHandle, type Handle } from '../core/platform.ts';
import type { Context } from '../context.ts';
import type { Credential } from '../provider/provider.ts';
import type { AddCommand } from './index.ts';

interface InitOptions {
  sample?: boolean;
  account: string[];
  yes?: boolean;
  fetch: boolean;
}

interface Answers {
  accounts: Handle[];
  /** A key that was typed; never a flag. */
  rapidApiKey?: string;
}

export const addInit: AddCommand = (command, context, end) => {
  command
    .option('--sample', 'look around with a sample account: no key, no network')
    .option(
      '--account <platform:username>',
      'an account to track (repeatable)',
      (value: string, all: string[]) => [...all, value],
      [],
    )
    .option('-y, --yes', 'ask nothing')
    .option('--no-fetch', 'set up only')
    .action(async (options: InitOptions) => end(await runInit(context, options)));
};

/** Sets up configuration, database and first accounts. Doing it again changes nothing that is there. */
export async function runInit(context: Context, options: InitOptions): Promise<number> {
  const known = await listPlatforms(context);
  const given = options.account.map((text) => parseHandle(text, known));
  const isAsking = !options.sample && !options.yes && given.length === 0;
  if (isAsking && !context.isInteractive()) {
    throw new UsageError(
      'This would ask which accounts to track, and nobody is there to answer.',
      'smstats init --yes --account tiktok:<username>, or smstats init --sample',
    );
  }
  const answers = isAsking ? await ask(context, known) : { accounts: given };

  const { home, timezone } = await context.config();
  const isFirst = !existsSync(home.configFile);
  // The zone is written down because a scheduler's bare environment may not know it.
  if (!readConfigFile(home.configFile).has('timezone')) editConfigFile(home.configFile, 'timezone', timezone);
  if (answers.rapidApiKey) editConfigFile(home.configFile, 'credentials.rapidapi_key', answers.rapidApiKey);
  context.forgetConfig();
  const { db, name } = await context.openStore({ create: true });
  context.say(`${isFirst ? 'wrote' : 'kept'} ${home.configFile}`);
  context.say(`database ${name}`);

  if (options.sample) return startSample(context, options);
  const { addAccount } = await import('../store/account.ts');
  for (const handle of answers.accounts) {
    const { isNew } = await addAccount(db, handle);
    context.say(`${handle.platform} @${handle.username} is ${isNew ? 'tracked now' : 'tracked already'}`);
  }
  const missing = await findMissingKeys(context, answers.accounts);
  for (const { name: key, source } of missing) {
    context.say(`next: smstats config set credentials.${key} (get one: ${source}), then: smstats fetch`);
  }
  if (missing.length > 0) return EXIT_CODES.done.code;
  if (!options.fetch || answers.accounts.length === 0) {
    context.say('next: smstats fetch');
    return EXIT_CODES.done.code;
  }
  const { runFetch } = await import('./fetch.ts');
  return runFetch(context, {});
}

/** The platforms that can be named, those of the user's own modules included. */
async function listPlatforms(context: Context): Promise<readonly string[]> {
  const { openRegistry } = await import('../collect/registry.ts');
  return (await openRegistry(await context.config())).platforms;
}

/** The keys without which some account could not be fetched: of each platform the one that its first provider needs. */
async function findMissingKeys(context: Context, accounts: readonly Handle[]): Promise<Credential[]> {
  const { hasAccess, listSources } = await import('../collect/source.ts');
  const missing = new Map<string, Credential>();
  for (const { platform } of accounts) {
    const sources = await listSources(platform, await context.config());
    const credential = sources[0]?.provider.credential;
    if (credential && !sources.some(hasAccess)) missing.set(credential.name, credential);
  }
  return [...missing.values()];
}

/** Replays the sample through the real pipeline and shows what came of it. */
async function startSample(context: Context, options: InitOptions): Promise<number> {
  const [{ addAccount }, { sample, SAMPLE_USERNAME }, { fetchAccounts }, { askOverview }] = await Promise.all([
    import('../store/account.ts'),
    import('../provider/sample.ts'),
    import('./fetch.ts'),
    import('../question/overview.ts'),
  ]);
  const { db } = await context.openStore({ create: true });
  const { account } = await addAccount(db, { platform: sample.platforms[0], username: SAMPLE_USERNAME });
  if (!options.fetch) {
    context.say(`next: smstats fetch ${sample.platforms[0]} ${SAMPLE_USERNAME} --provider ${sample.name}`);
    return EXIT_CODES.done.code;
  }
  const [outcome] = await fetchAccounts(context, [account], { posts: 100, provider: sample });
  if (outcome?.error) throw outcome.error;
  await context.print(await askOverview(context, {}, []));
  const home = context.env['SMSTATS_HOME'];
  const { db: database } = context.flags;
  const cli = `${home ? `SMSTATS_HOME=${home} ` : ''}${context.program}${database === undefined ? '' : ` --db ${nameDatabase(database)}`}`;
  context.say(`
These numbers are a sample. Look further:
  ${cli} report posts          the best posts
  ${cli} report account        one account in full
  ${cli} usage                 what the requests cost
Then your own (a RapidAPI key: https://rapidapi.com):
  ${context.program} init                 ask for accounts and key
  ${context.program} fetch tiktok <name>  fetch one account now`);
  return EXIT_CODES.done.code;
}

async function ask(context: Context, known: readonly string[]): Promise<Answers> {
  const prompts = await import('@clack/prompts');
  const output = process.stderr;
  const stopIfCancelled = (answer: string | symbol): string => {
    if (typeof answer === 'string') return answer;
    throw new UsageError('Set-up was broken off; nothing was changed.', 'smstats init');
  };
  prompts.intro('smstats keeps your social media numbers, day by day, in your own database.', { output });
  const text = stopIfCancelled(
    await prompts.text({
      message: 'Which accounts? platform:username or profile URLs, separated by spaces',
      placeholder: 'tiktok:isaiah_dupree',
      output,
      validate: (value) => findProblem(value ?? '', known),
    }),
  );
  const accounts = splitAccounts(text, known);
  if (!(await findMissingKeys(context, accounts)).some(({ name }) => name === 'rapidapi_key')) return { accounts };
  const key = stopIfCancelled(
    await prompts.password({
      message: 'Your RapidAPI key (empty: later). It goes to config.toml, readable by you alone',
      output,
    }),
  );
  prompts.outro(key ? 'Fetching now.' : 'Set up. The key can follow later.', { output });
  return key ? { accounts, rapidApiKey: key.trim() } : { accounts };
}

function splitAccounts(text: string, known: readonly string[]): Handle[] {
  return text
    .split(/[\s,]+/)
    .filter((part) => part !== '')
    .map((part) => parseHandle(part, known));
}

function findProblem(text: string, known: readonly string[]): string | undefined {
  try {
    return splitAccounts(text, known).length === 0 ? 'name at least one account' : undefined;
  } catch (error) {
    return (error as Error).message;
  }
}
