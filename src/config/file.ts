import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { parse, stringify, TomlError } from 'smol-toml';
import { ConfigError } from '../core/errors.ts';
import { writeWholeFile } from '../core/file.ts';
import { refuseForeign } from '../core/trust.ts';

export type TomlValue = string | number | boolean | TomlValue[];

/**
 * Reads a configuration file as dotted keys, for example `fetch.posts` -> 50. No file: an empty map.
 * @throws ConfigError with the line when the file is not TOML, when others can read the credentials in it, or could have
 * written what it has run or where it has keys sent.
 */
export function readConfigFile(path: string): Map<string, TomlValue> {
  return readKeys(path).keys;
}

/**
 * Sets one key in the text of a configuration file, or removes it when `value` is undefined. Comments and the order of
 * everything else stay.
 * @returns false when there was nothing to remove.
 * @throws ConfigError when the file is written in a way that cannot be edited safely.
 */
export function editConfigFile(path: string, key: string, value: TomlValue | undefined): boolean {
  const { text: before, keys: expected } = readKeys(path);
  const had = expected.has(key);
  if (value === undefined && !had) return false;
  if (value === undefined) expected.delete(key);
  else expected.set(key, value);

  const after = editToml(before, key, value);
  let result: Map<string, TomlValue> | undefined;
  try {
    result = flatten(parse(after));
  } catch {
    result = undefined;
  }
  if (!result || !isDeepStrictEqual(new Map([...result].toSorted()), new Map([...expected].toSorted()))) {
    throw new ConfigError(`${key} in ${path} is written in a way that cannot be changed by program.`, {
      hint: `edit ${path} by hand`,
    });
  }
  writePrivateFile(path, after);
  return true;
}

/** Writes a file that only its owner can read. */
export function writePrivateFile(path: string, text: string): void {
  try {
    writeWholeFile(path, text, 0o600);
  } catch (cause) {
    throw new ConfigError(`${path} could not be written: ${(cause as Error).message}.`, {
      hint: 'check the directory, or set SMSTATS_HOME to one that you can write to',
      cause,
    });
  }
}

/** As a table, a dotted key or an inline table. Looked for before parsing: a broken file must not be a readable one. */
const MAY_HOLD_CREDENTIALS = /^\s*\[?\s*["']?credentials\b/m;

/** What runs somebody's program, says where keys are sent, or is a key. */
const MUST_BE_OURS = /^(?:credentials(?:\.|$)|providers\.[^.]+\.(?:module|program|base_url)$)/;

function readKeys(path: string): { text: string; keys: Map<string, TomlValue> } {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (cause) {
    if (['ENOENT', 'ENOTDIR'].includes((cause as NodeJS.ErrnoException).code ?? ''))
      return { text: '', keys: new Map() };
    throw unreadable(path, cause);
  }
  try {
    const text = readText(path, file);
    const keys = flatten(parseToml(path, text));
    const key = [...keys.keys()].find((each) => MUST_BE_OURS.test(each));
    if (key !== undefined) refuseForeign(path, `${path} sets ${key}`, file);
    return { text, keys };
  } finally {
    closeSync(file);
  }
}

function readText(path: string, file: number): string {
  let text: string;
  let mode: number;
  try {
    text = readFileSync(file, 'utf8');
    mode = fstatSync(file).mode;
  } catch (cause) {
    throw unreadable(path, cause);
  }
  if (MAY_HOLD_CREDENTIALS.test(text) && process.platform !== 'win32' && mode & 0o077) {
    throw new ConfigError(`${path} holds credentials, and other users of this machine can read it.`, {
      hint: `chmod 600 ${path}`,
    });
  }
  return text;
}

function unreadable(path: string, cause: unknown): ConfigError {
  return new ConfigError(`${path} could not be read: ${(cause as Error).message}.`, { cause });
}

function parseToml(path: string, text: string): Record<string, unknown> {
  try {
    return parse(text);
  } catch (cause) {
    if (!(cause instanceof TomlError)) throw cause;
    const [reason = ''] = cause.message.split('\n');
    throw new ConfigError(`${path}, line ${cause.line}, column ${cause.column}: ${reason}.`, {
      hint: 'the file is TOML: key = "value", tables in [brackets]',
    });
  }
}

function flatten(table: Record<string, unknown>, prefix = ''): Map<string, TomlValue> {
  const found = new Map<string, TomlValue>();
  for (const [name, value] of Object.entries(table)) {
    const key = prefix + name;
    const isTable = typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
    if (!isTable) found.set(key, value as TomlValue);
    else for (const [inner, leaf] of flatten(value as Record<string, unknown>, `${key}.`)) found.set(inner, leaf);
  }
  return found;
}

/** Edits one line of TOML text; the caller checks that the result means what it should. */
function editToml(text: string, key: string, value: TomlValue | undefined): string {
  const parts = key.split('.');
  const name = parts.pop() as string;
  const table = parts.join('.');
  const line = value === undefined ? undefined : stringify({ [name]: value }).trimEnd();
  const lines = text === '' ? [] : text.replace(/\n$/, '').split('\n');

  const headerAt = (wanted: string) =>
    lines.findIndex((each) => /^\s*\[([^[\]]+)\]/.exec(each)?.[1]?.trim() === wanted);
  const start = table === '' ? 0 : headerAt(table) + 1;
  if (table !== '' && start === 0) {
    if (line !== undefined) lines.push(...(lines.length > 0 ? [''] : []), `[${table}]`, line);
    return `${lines.join('\n')}\n`;
  }
  const next = lines.findIndex((each, i) => i >= start && /^\s*\[/.test(each));
  const end = next === -1 ? lines.length : next;
  const at = lines.findIndex((each, i) => i >= start && i < end && each.split('=')[0]?.trim() === name);
  if (at >= 0) lines.splice(at, 1, ...(line === undefined ? [] : [line]));
  else if (line !== undefined) {
    let insertAt = end;
    // What stands right above the next table is a comment on that table.
    while (insertAt > start && /^\s*(#.*)?$/.test(lines[insertAt - 1] as string)) insertAt--;
    lines.splice(insertAt, 0, line);
  }
  return `${lines.join('\n')}\n`;
}
