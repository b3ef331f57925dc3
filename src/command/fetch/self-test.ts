import { sourcesOf } from '../../collect/run.ts';
import { hasAccess } from '../../collect/source.ts';
import { nameDatabase } from '../../core/database.ts';
import { EXIT_CODES } from '../../core/errors.ts';
import type { Context } from '../../context.ts';
import { listDueAccounts } from '../../query/list-due-accounts.ts';

/** What a fetch would work with here: printed by the scheduled command when it is tried in a bare environment. */
export interface SelfTest {
  config_file: string;
  database: string;
  data_directory: string;
  timezone: string;
  /** The time zone that schedulers of this machine go by. */
  system_timezone: string;
  /** The settings of the credentials that are there. */
  credentials: string[];
  accounts: number;
  /** Environment variables or settings of which one would help an account that no provider can be asked for. */
  missing_credentials: { platform: string; env: string; setting: string }[];
}

/** Loads everything that a fetch needs, sends nothing, and prints what it found. @returns the exit code. */
export async function testSchedule(context: Context): Promise<number> {
  context.stdout.write(`${JSON.stringify(await describeSelf(context))}\n`);
  return EXIT_CODES.done.code;
}

export async function describeSelf(context: Context): Promise<SelfTest> {
  const config = await context.config();
  const store = await context.openStore();
  const accounts = await listDueAccounts(store.db);
  const missing = new Map<string, SelfTest['missing_credentials'][number]>();
  for (const account of accounts) {
    const sources = await sourcesOf(store, config, account);
    const credential = sources[0]?.provider.credential;
    if (!credential || sources.some(hasAccess)) continue;
    missing.set(account.platform, {
      platform: account.platform,
      env: credential.env,
      setting: `credentials.${credential.name}`,
    });
  }
  return {
    config_file: config.home.configFile,
    database: nameDatabase(config.database),
    data_directory: config.home.dataDirectory,
    timezone: config.timezone,
    system_timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    credentials: config.entries.filter(({ secret }) => secret).map(({ key }) => key),
    accounts: accounts.length,
    missing_credentials: [...missing.values()],
  };
}
