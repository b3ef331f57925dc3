import { editConfigFile, type TomlValue } from '../config/file.ts';
import { bringsModules, loadConfig, parseSetting } from '../config/load.ts';
import { findHome } from '../config/path.ts';
import { findSetting } from '../config/setting.ts';
import { nameDatabase } from '../core/database.ts';
import { SmstatsError, UsageError } from '../core/errors.ts';
import type { Context } from '../context.ts';
import type { Cell, Report } from '../report/report.ts';
import type { AddCommand } from './index.ts';

const MASK = '••••••••';

export const addConfig: AddCommand = (command, context, end) => {
  command
    .command('list', { isDefault: true })
    .description('every value and where it comes from; secrets masked')
    .action(async () => end(await runList(context)));
  command
    .command('get')
    .description('print one value')
    .argument('<key>')
    .action(async (key: string) => end(await runGet(context, key)));
  command
    .command('set')
    .description('write a value to config.toml; a credential is asked for, or read from stdin')
    .argument('<key>')
    .argument('[value]')
    .action(async (key: string, value: string | undefined) => end(await runSet(context, key, value)));
  command
    .command('unset')
    .description('remove a value from config.toml')
    .argument('<key>')
    .action((key: string) => end(runUnset(context, key)));
  command
    .command('path')
    .description('print where config.toml is')
    .action(() => void context.stdout.write(`${findHome(context.env).configFile}\n`));
};

async function runList(context: Context): Promise<number> {
  const rows = (await context.config()).entries.map(({ key, value, source, origin, secret }) => ({
    key,
    value: showValue(key, value, secret),
    source,
    origin,
  }));
  const report: Report = {
    command: 'config list',
    data: rows,
    sections: [
      {
        columns: [
          { key: 'key', label: 'Key', kind: 'text' },
          { key: 'value', label: 'Value', kind: 'text' },
          { key: 'origin', label: 'From', kind: 'text' },
        ],
        rows: rows.map((row) => ({ ...row, value: formatValue(row.value) })),
      },
    ],
  };
  await context.print(report);
  return 0;
}

async function runGet(context: Context, key: string): Promise<number> {
  parseKey(context, key);
  const entry = (await context.config()).entries.find((each) => each.key === key);
  if (!entry) throw new SmstatsError('not_found', `${key} is not set.`, { hint: `smstats config set ${key} …` });
  const value = showValue(key, entry.value, entry.secret);
  if (context.format === 'json')
    await context.print({ command: 'config get', data: { ...entry, value }, sections: [] });
  else context.stdout.write(`${formatValue(value as Cell)}\n`);
  return 0;
}

async function runSet(context: Context, key: string, given: string | undefined): Promise<number> {
  const isSecret = parseKey(context, key).secret ?? false;
  if (isSecret && given !== undefined) {
    throw new UsageError(
      `${key} is a secret, and a command line is no place for one: others see it in the process list and the shell's history.`,
      `smstats config set ${key}, and type it when asked; or from a file: smstats config set ${key} < key.txt`,
    );
  }
  const text = given ?? (isSecret ? await readSecret(context, key) : undefined);
  if (text === undefined) throw new UsageError(`There is no value for ${key}.`, `smstats config set ${key} <value>`);
  const { setting, value } = parseSetting(key, text, bringsModules(context.env));
  const { configFile } = findHome(context.env);
  editConfigFile(configFile, key, value);
  context.say(`${key} is set in ${configFile}`);
  if (setting.env && context.env[setting.env])
    context.say(`note: ${setting.env} is set in the environment and goes before it`);
  loadConfig(context.env, context.flags);
  return 0;
}

function runUnset(context: Context, key: string): number {
  parseKey(context, key);
  const { configFile } = findHome(context.env);
  const removed = editConfigFile(configFile, key, undefined);
  context.say(removed ? `${key} is removed from ${configFile}` : `${key} was not set in ${configFile}`);
  return 0;
}

function parseKey(context: Context, key: string) {
  const hasModules = bringsModules(context.env);
  return findSetting(key, hasModules) ?? parseSetting(key, '', hasModules).setting;
}

async function readSecret(context: Context, key: string): Promise<string> {
  if (context.isInteractive()) {
    const { isCancel, password } = await import('@clack/prompts');
    const answer = await password({ message: `${key} (it is not shown)`, output: process.stderr });
    if (isCancel(answer)) throw new UsageError('Nothing was entered; nothing was changed.');
    return answer.trim();
  }
  let text = '';
  for await (const chunk of context.stdin()) {
    text += String(chunk);
    if (text.length > 65_536) throw new UsageError(`What came on stdin is too long for ${key}.`);
  }
  const [line = ''] = text.trim().split(/\r?\n/);
  if (line === '') throw new UsageError(`Nothing came on stdin for ${key}.`, `smstats config set ${key} < key.txt`);
  return line.trim();
}

/** A value without what is secret about it: a database URL may hold a password. */
function showValue(key: string, value: TomlValue, isSecret: boolean): Cell {
  if (isSecret) return MASK;
  return key === 'database' ? nameDatabase(String(value)) : (value as Cell);
}

function formatValue(value: Cell): string {
  return Array.isArray(value) ? JSON.stringify(value) : String(value);
}
