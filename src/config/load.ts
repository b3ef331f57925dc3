import { isAbsolute, resolve } from 'node:path';
import type { ChannelSettings, MailSettings } from '../core/channel.ts';
import { isPostgresUrl, secretsOfDatabase } from '../core/database.ts';
import { ConfigError } from '../core/errors.ts';
import { nearest } from '../core/text.ts';
import { isTimezone } from '../core/time.ts';
import { readConfigFile, type TomlValue } from './file.ts';
import { findHome, type Home } from './path.ts';
import { findProgram } from './program.ts';
import { findSetting, SETTINGS, type Setting } from './setting.ts';

export type Source = 'flag' | 'environment' | 'file' | 'default';

/** One effective value and where it came from. */
export interface Entry {
  key: string;
  value: TomlValue;
  source: Source;
  /** The flag, variable or file that set it. */
  origin: string;
  secret: boolean;
}

/** How one provider is reached and rationed, as far as the user configured it. */
export interface ProviderSettings {
  baseUrl: string | undefined;
  limit: number | undefined;
  period: 'day' | 'month' | undefined;
  safetyMargin: number | undefined;
  requestsPerSecond: number | undefined;
  maxResponseMb: number | undefined;
  /** The path of its local program. */
  program: string | undefined;
}

/** The effective configuration: flags over environment over file over defaults. */
export interface Config {
  home: Home;
  /** The path of a SQLite file, or the URL of a PostgreSQL database, which may hold a password. */
  database: string;
  timezone: string;
  /** What amounts of money are in when nobody says; three letters. */
  currency: string | undefined;
  fetch: { posts: number | undefined; delayMs: number; concurrency: number | undefined };
  /** The user's fallback order for a platform, if there is one. */
  providerOrder(platform: string): string[] | undefined;
  provider(name: string): ProviderSettings;
  /** The user's own providers: where each one's module is, relative to the configuration file. */
  modules: readonly { name: string; path: string }[];
  /** Where alerts and digests can be sent to, as far as it is configured. */
  channels: readonly ChannelSettings[];
  /** How mail is sent. */
  mail: MailSettings;
  /** What the API may do. */
  api: { createAccounts: boolean; requestsPerMinute: number };
  /** Where a local program is, as the shell would find it. */
  findProgram(name: string): string | undefined;
  /** A secret by its name, for example `rapidapi_key`; `variable` may hold one that no setting knows, a module's own. */
  credential(name: string, variable?: string): string | undefined;
  /** Every loaded secret, for redaction. */
  secrets: string[];
  entries: Entry[];
}

export interface ConfigFlags {
  db?: string | undefined;
  timezone?: string | undefined;
}

const DEFAULT_DELAY_MS = 2000;
const DEFAULT_REQUESTS_PER_MINUTE = 1000;
const CHANNEL = /^channels\.([^.]+)\./;
const MODULE = /^providers\.([^.]+)\.module$/;

/**
 * Loads the configuration.
 * @throws ConfigError naming file, key and what was expected there.
 */
export function loadConfig(env: NodeJS.ProcessEnv, flags: ConfigFlags = {}): Config {
  const home = findHome(env);
  const entries = new Map<string, Entry>();
  const file = readConfigFile(home.configFile);
  const hasModules = [...file.keys()].some((key) => MODULE.test(key));
  const put = (key: string, value: TomlValue, source: Source, origin: string) =>
    entries.set(key, { key, value, source, origin, secret: findSetting(key, hasModules)?.secret ?? false });

  put('database', home.database, 'default', 'the data directory');
  put('fetch.delay_ms', DEFAULT_DELAY_MS, 'default', 'built in');

  for (const [key, value] of file) {
    const setting = findSetting(key, hasModules) ?? refuseKey(key, home.configFile);
    put(key, checkValue(setting, key, value, home.configFile), 'file', home.configFile);
  }
  for (const setting of SETTINGS) {
    const value = setting.env === undefined ? undefined : env[setting.env]?.trim();
    if (setting.env === undefined || !value) continue;
    put(setting.key, checkValue(setting, setting.key, value, setting.env), 'environment', setting.env);
  }
  const given: [string, string | undefined, string][] = [
    ['database', flags.db, '--db'],
    ['timezone', flags.timezone, '--timezone'],
  ];
  for (const [key, value, flag] of given) {
    if (value === undefined) continue;
    put(key, checkValue(findSetting(key) as Setting, key, value, flag), 'flag', flag);
  }
  return buildConfig(home, entries, env);
}

/** Whether the configuration names modules of the user's own. One that cannot be read names none. */
export function bringsModules(env: NodeJS.ProcessEnv): boolean {
  try {
    return [...readConfigFile(findHome(env).configFile).keys()].some((key) => MODULE.test(key));
  } catch {
    return false;
  }
}

function systemTimezone(): Entry {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  const value = isTimezone(timeZone) ? timeZone : 'UTC';
  return { key: 'timezone', value, source: 'default', origin: 'the system', secret: false };
}

/**
 * Reads a value that a person typed for a key, for example on `config set`.
 * @throws ConfigError when there is no such key, or the text is not a valid value for it.
 */
export function parseSetting(key: string, text: string, hasModules = false): { setting: Setting; value: TomlValue } {
  const setting = findSetting(key, hasModules) ?? refuseKey(key);
  const candidates: unknown[] = [text];
  if (/^-?\d+(\.\d+)?$/.test(text.trim())) candidates.push(Number(text));
  const list = text.trim().replace(/^\[|\]$/g, '');
  if (/^(true|false)$/.test(text.trim())) candidates.push(text.trim() === 'true');
  candidates.push(list.split(',').map((item) => item.trim().replace(/^["']|["']$/g, '')));
  for (const candidate of candidates) {
    const result = setting.schema().safeParse(candidate);
    if (result.success) return { setting, value: result.data as TomlValue };
  }
  return { setting, value: checkValue(setting, key, text, 'config set') };
}

function checkValue(setting: Setting, key: string, value: unknown, origin: string): TomlValue {
  const result = setting.schema().safeParse(value);
  if (result.success) return result.data as TomlValue;
  const shown = setting.secret ? 'the value' : JSON.stringify(value);
  throw new ConfigError(`${origin}: ${key} must be ${setting.expected}, not ${shown}.`, {
    hint: `smstats config set ${key} …, or correct ${origin}`,
  });
}

function refuseKey(key: string, file?: string): never {
  const guess = nearest(
    key,
    SETTINGS.map((setting) => setting.key),
  );
  throw new ConfigError(`${file ? `${file}: ` : ''}there is no setting "${key}".`, {
    hint: guess ? `did you mean ${guess}?` : `settings: ${SETTINGS.map((setting) => setting.key).join(', ')}`,
  });
}

function buildConfig(home: Home, entries: Map<string, Entry>, env: NodeJS.ProcessEnv): Config {
  const value = <T extends TomlValue>(key: string) => entries.get(key)?.value as T | undefined;
  const database = value<string>('database') as string;
  const fromFile = entries.get('database')?.source === 'file';
  const path = () => {
    if (isPostgresUrl(database)) return database;
    if (/^[a-z]+:\/\//i.test(database) && !/^(file|sqlite):/i.test(database)) {
      throw new ConfigError(`${entries.get('database')?.origin}: the database must be a file or a postgres:// URL.`, {
        hint: 'for example --db ./smstats.db, or --db postgres://user@host/name',
      });
    }
    const file = database.replace(/^(sqlite|file):(\/\/)?/i, '');
    return isAbsolute(file) ? file : resolve(fromFile ? home.dataDirectory : '.', file);
  };
  // Asking the system takes longer than many a query, so it is asked when somebody wants to know.
  const timezone = () => {
    const entry = entries.get('timezone') ?? systemTimezone();
    entries.set('timezone', entry);
    return entry;
  };
  // Asked for each account that is fetched.
  const programs = new Map<string, string | undefined>();
  return {
    home,
    database: path(),
    get timezone() {
      return timezone().value as string;
    },
    currency: value<string>('currency'),
    fetch: {
      posts: value<number>('fetch.posts'),
      delayMs: value<number>('fetch.delay_ms') as number,
      concurrency: value<number>('fetch.concurrency'),
    },
    modules: [...entries].flatMap(([key, entry]) => {
      const name = MODULE.exec(key)?.[1];
      return name === undefined ? [] : [{ name, path: entry.value as string }];
    }),
    channels: [...new Set([...entries.keys()].flatMap((key) => CHANNEL.exec(key)?.[1] ?? []))].map((name) => ({
      name,
      type: value<ChannelSettings['type'] & string>(`channels.${name}.type`),
      url: value<string>(`channels.${name}.url`),
      secret: value<string>(`channels.${name}.secret`),
      to: value<string[]>(`channels.${name}.to`) ?? [],
      allowPrivate: value<boolean>(`channels.${name}.allow_private`) ?? false,
    })),
    mail: {
      host: value<string>('mail.host'),
      port: value<number>('mail.port'),
      security: value<NonNullable<MailSettings['security']>>('mail.security') ?? 'starttls',
      user: value<string>('mail.user'),
      from: value<string>('mail.from'),
      password: value<string>('credentials.smtp_password'),
    },
    api: {
      createAccounts: value<boolean>('api.create_accounts') ?? true,
      requestsPerMinute: value<number>('api.rate_limit') ?? DEFAULT_REQUESTS_PER_MINUTE,
    },
    findProgram(name) {
      if (!programs.has(name)) programs.set(name, findProgram(env, name));
      return programs.get(name);
    },
    providerOrder: (platform) => value<string[]>(`platforms.${platform}.providers`),
    provider: (name) => ({
      baseUrl: value<string>(`providers.${name}.base_url`),
      limit: value<number>(`providers.${name}.limit`),
      period: value<'day' | 'month'>(`providers.${name}.period`),
      safetyMargin: value<number>(`providers.${name}.safety_margin`),
      requestsPerSecond: value<number>(`providers.${name}.requests_per_second`),
      maxResponseMb: value<number>(`providers.${name}.max_response_mb`),
      program: value<string>(`providers.${name}.program`),
    }),
    credential: (name, variable) =>
      value<string>(`credentials.${name}`) ?? ((variable !== undefined && env[variable]?.trim()) || undefined),
    secrets: [
      ...[...entries.values()].filter((entry) => entry.secret).map((entry) => String(entry.value)),
      ...secretsOfDatabase(database),
    ],
    get entries() {
      timezone();
      return [...entries.values()].toSorted((a, b) => (a.key < b.key ? -1 : 1));
    },
  };
}
