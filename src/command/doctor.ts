import { existsSync, statfsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { isPostgresUrl } from '../core/database.ts';
import { SmstatsError } from '../core/errors.ts';
import type { Context } from '../context.ts';
import { listAccounts } from '../query/list-accounts.ts';
import { listDueAccounts } from '../query/list-due-accounts.ts';
import type { AddCommand } from './index.ts';
import { askSchedule, type ScheduleStatus } from './install-schedule/ask-schedule.ts';
import { formatRun } from '../schedule/when.ts';

/** One thing that was looked at. `warning` does not make the run fail. */
interface Check {
  check: string;
  result: 'ok' | 'warning' | 'failed';
  detail: string;
}

const LOW_DISK_BYTES = 200 * 1024 * 1024;

export const addDoctor: AddCommand = (command, context, end) => {
  command.action(async () => end(await runDoctor(context)));
};

/** Looks at everything a run depends on, without a request. @returns 1 when something is broken. */
export async function runDoctor(context: Context): Promise<number> {
  const checks: Check[] = [];
  const look = async (
    check: string,
    examine: () => Promise<string> | string,
    onFailure: Check['result'] = 'failed',
  ) => {
    try {
      checks.push({ check, result: 'ok', detail: await examine() });
    } catch (error) {
      const hint = error instanceof SmstatsError && error.hint ? ` → ${error.hint}` : '';
      checks.push({ check, result: onFailure, detail: `${(error as Error).message}${hint}` });
    }
  };
  await look('program', () => `smstats ${context.version} on Node.js ${process.version}`);
  await look('configuration', () => checkConfiguration(context));
  if (checks.every(({ result }) => result === 'ok')) {
    await look('time zone', async () => (await context.config()).timezone);
    await look('providers', () => checkProviders(context), 'warning');
    await look('disk', () => checkDisk(context), 'warning');
    await look('database', () => checkDatabase(context));
    if (checks.at(-1)?.result === 'ok') {
      await look('private files', () => checkModes(context), 'warning');
    }
  }
  const status = await askSchedule(context).catch((error: unknown) => error as Error);
  if (checks.some(({ check, result }) => check === 'database' && result === 'ok')) {
    await look('accounts', () => checkAccounts(context, status));
  }
  // To live without a schedule is no fault.
  const isInstalled = status instanceof Error || status.installed;
  await look('schedule', () => checkSchedule(context, status), isInstalled ? 'failed' : 'warning');
  await context.print({
    command: 'doctor',
    data: checks,
    sections: [
      {
        columns: [
          { key: 'result', label: 'Result', kind: 'text' },
          { key: 'check', label: 'Check', kind: 'text' },
          { key: 'detail', label: 'Detail', kind: 'text' },
        ],
        rows: checks.map((check) => ({ ...check })),
      },
    ],
  });
  return checks.some(({ result }) => result === 'failed') ? 1 : 0;
}

async function checkConfiguration(context: Context): Promise<string> {
  const { home, entries } = await context.config();
  const fromFile = entries.filter(({ source }) => source === 'file').length;
  return existsSync(home.configFile)
    ? `${home.configFile}, ${fromFile} value${fromFile === 1 ? '' : 's'}`
    : `no ${home.configFile}; defaults are used`;
}

/** Can every account that is fetched be asked of somebody? */
async function checkProviders(context: Context): Promise<string> {
  const { openRegistry } = await import('../collect/registry.ts');
  const { sourcesOf } = await import('../collect/run.ts');
  const { configureProvider, hasAccess } = await import('../collect/source.ts');
  const config = await context.config();
  const registry = await openRegistry(config);
  const [problem] = registry.problems;
  if (problem) throw problem;
  // Without a database there is no account yet, and the check of the database says so.
  const store = await context.openStore().catch(() => undefined);
  for (const account of store ? await listDueAccounts(store.db) : []) {
    const sources = store ? await sourcesOf(store, config, account) : [];
    if (sources.some(hasAccess)) continue;
    const first = sources[0]?.provider;
    throw new SmstatsError('credentials', `no provider of ${account.platform} can be asked`, {
      hint: first?.credential ? `smstats config set credentials.${first.credential.name}` : 'smstats providers list',
    });
  }
  const ready = registry.all.filter(
    (provider) => provider.transport === undefined && hasAccess(configureProvider(provider, config)),
  );
  return `there for ${ready.map(({ name }) => name).join(', ')}`;
}

async function checkDisk(context: Context): Promise<string> {
  const { bavail, bsize } = statfsSync(nearestDirectory(await findDataFile(context)));
  const free = `${Math.floor((bavail * bsize) / 1024 / 1024).toLocaleString('en-US')} MB free`;
  if (bavail * bsize < LOW_DISK_BYTES) throw new SmstatsError('failed', `only ${free}`);
  return free;
}

async function checkDatabase(context: Context): Promise<string> {
  const store = await context.openStore();
  return store.check();
}

async function checkModes(context: Context): Promise<string> {
  const { home, database } = await context.config();
  const open = [home.configFile, isPostgresUrl(database) ? '' : database].filter(
    (path) => existsSync(path) && statSync(path).mode & 0o077,
  );
  if (open.length === 0) return 'readable by their owner only';
  throw new SmstatsError('failed', `others can read ${open.join(' and ')}`, { hint: `chmod 600 ${open.join(' ')}` });
}

async function checkAccounts(context: Context, status: ScheduleStatus | Error): Promise<string> {
  if (status instanceof Error) throw status;
  if (status.overdue !== null) throw new SmstatsError('failed', status.overdue, { hint: 'smstats fetch' });
  const paused = (await listAccounts((await context.openStore()).db)).length - status.accounts.length;
  return `${status.accounts.length} active, none overdue; ${paused} paused`;
}

function checkSchedule(context: Context, status: ScheduleStatus | Error): string {
  if (status instanceof Error) throw status;
  const { installed, problems, place, next_run: next, timezone } = status;
  if (!installed) throw new SmstatsError('failed', problems.join('; '), { hint: 'smstats install-schedule' });
  if (problems.length > 0) {
    throw new SmstatsError('failed', problems.join('; '), { hint: 'smstats install-schedule --status' });
  }
  const when = next === null ? 'unknown' : formatRun(new Date(next), context.now(), timezone);
  return `${place}, next run ${when}`;
}

/** Where this machine's disk fills up: with the database, or with what else is kept when that is on a server. */
async function findDataFile(context: Context): Promise<string> {
  const { home, database } = await context.config();
  return isPostgresUrl(database) ? home.database : database;
}

function nearestDirectory(path: string): string {
  const directory = dirname(path);
  return existsSync(directory) ? directory : nearestDirectory(directory);
}
