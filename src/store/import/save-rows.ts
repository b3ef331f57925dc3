import type { Kysely } from 'kysely';
import { datasetOf, type DatasetName, type DatasetRow } from '../../core/dataset.ts';
import { SmstatsError } from '../../core/errors.ts';
import { createBulkWriter } from '../bulk.ts';
import { listColumns } from '../copy/shape.ts';
import { saveHashtags } from '../post.ts';
import type { Database } from '../schema.ts';
import { findRows, type Lookup, type Value } from './find-rows.ts';
import { NOW, TARGETS, type Target } from './target.ts';

/** What became of rows. */
export interface SavedRows {
  new: number;
  changed: number;
  unchanged: number;
  /** Rows of accounts, posts or content that are not stored. */
  missing: number;
}

/** A row that refers to something that is not stored: its place in the batch, and what it is. */
export class MissingReference extends SmstatsError {
  override readonly name = 'MissingReference';
  readonly at: number;
  readonly column: string;
  constructor(at: number, column: string, message: string) {
    super('usage', message);
    this.at = at;
    this.column = column;
  }
}

export interface SaveOptions {
  now: Date;
  /** Rows of what is not stored are counted, not refused. */
  skipMissing: boolean;
}

/** Datasets that can be imported. */
export type ImportedDataset = keyof typeof TARGETS;

/**
 * Prepares to bring rows of a dataset into the database. What is stored already under the same names stays as it is where
 * the file says the same or nothing, and becomes what the file says otherwise.
 */
export async function createRowSaver(db: Kysely<Database>, dataset: ImportedDataset, options: SaveOptions) {
  const savers = await Promise.all(TARGETS[dataset].map((target) => createSaver(db, dataset, target, options)));
  return async (trx: Kysely<Database>, rows: readonly DatasetRow[]): Promise<SavedRows> => {
    const sum: SavedRows = { new: 0, changed: 0, unchanged: 0, missing: 0 };
    for (const save of savers) {
      const saved = await save(trx, rows);
      for (const key of Object.keys(sum) as (keyof SavedRows)[]) sum[key] += saved[key];
    }
    return sum;
  };
}

async function createSaver(db: Kysely<Database>, dataset: DatasetName, target: Target, options: SaveOptions) {
  const { table, reference, key, unknownKey = {}, without = [], only, defaults = {}, content = {} } = target;
  const given = datasetOf(dataset).columns.map(({ name }) => name);
  const place = new Map(given.map((name, at) => [name, at]));
  const own = given.filter((name) => !without.includes(name));
  const columns = reference && !own.includes(reference.column) ? [reference.column, ...own] : own;
  const types = new Map((await listColumns({ db }, table)).map(({ name, type }) => [name, type]));
  const typeOf = (name: string) => types.get(name) as string;
  const settable = columns.filter((name) => !key.includes(name));
  const keyOf = (name: string) => ({
    name,
    type: typeOf(name),
    ...(unknownKey[name] !== undefined && { unknown: unknownKey[name] }),
  });
  const lookup: Lookup = { table, key: key.map(keyOf), columns };
  const write = createBulkWriter({
    table: table as keyof Database,
    columns: Object.fromEntries(columns.map((name) => [name, typeOf(name)])),
    key: key.map((name) => (unknownKey[name] === undefined ? name : `coalesce(${name}, ${unknownKey[name]})`)),
    merge: Object.fromEntries(settable.map((name) => [name, 'newest' as const])),
    areChanged: true,
  });
  const findIds = reference && createFinder(reference.table, reference.key);
  const kinds = new Map(datasetOf(dataset).columns.map(({ name, kind }) => [name, kind]));
  /** Where in a row of the dataset the value of a column stands; undefined for the row id that names stand for. */
  const placeOf = (name: string) => (name === reference?.column ? undefined : place.get(name));
  const [places, keyPlaces] = [columns.map(placeOf), key.map(placeOf)];
  const now = options.now.toISOString();

  return async (trx: Kysely<Database>, batch: readonly DatasetRow[]): Promise<SavedRows> => {
    const saved: SavedRows = { new: 0, changed: 0, unchanged: 0, missing: 0 };
    const valueOf = (row: DatasetRow, name: string) => row[place.get(name) as number] ?? null;
    let rows = batch
      .map((row, at) => ({ row, at, id: null as Value }))
      .filter(({ row }) => only === undefined || valueOf(row, only[0]) === only[1]);

    const drop = (at: number, column: string, message: string): false => {
      if (!options.skipMissing) throw new MissingReference(at, column, message);
      saved.missing++;
      return false;
    };
    if (reference && findIds) {
      const { names, isOptional } = reference;
      const ids = await findIds(
        trx,
        rows.map(({ row }) => names.map((name) => valueOf(row, name))),
      );
      rows = rows.filter((each, index) => {
        const wanted = names.map((name) => valueOf(each.row, name));
        if (isOptional && wanted.every((value) => value === null)) return true;
        each.id = ids.get(index) ?? null;
        if (each.id !== null) return true;
        const what = reference.table === 'social_media_accounts' ? 'account' : 'post';
        return drop(each.at, names.at(-1) as string, `there is no ${what} ${wanted.join(' ')} in the database.`);
      });
    }
    for (const [column, contentTable] of Object.entries(content)) {
      const wanted = rows.filter(({ row }) => valueOf(row, column) !== null);
      const known = await createFinder(contentTable, ['id'])(
        trx,
        wanted.map(({ row }) => [valueOf(row, column)]),
      );
      const lost = new Set(wanted.filter((_, index) => !known.has(index)));
      rows = rows.filter(
        (each) =>
          !lost.has(each) ||
          drop(
            each.at,
            column,
            `there is no ${contentTable.slice(0, -1)} ${valueOf(each.row, column)} in the database.`,
          ),
      );
    }

    // The same row twice in a batch: the later one stands on the earlier.
    const merged = new Map<string, { values: Value[]; outcome: 'new' | 'changed' | 'unchanged' }>();
    const keys = rows.map(({ row, id }) => keyPlaces.map((at) => (at === undefined ? id : (row[at] ?? null))));
    const stored = await findRows(trx, lookup, keys);
    for (const [index, { row, id }] of rows.entries()) {
      const identity = JSON.stringify(keys[index]);
      const earlier = merged.get(identity);
      const found = stored.get(index);
      const before = earlier?.values ?? (found && columns.map((name) => found[name] ?? null));
      let differs = before === undefined;
      const values = columns.map((name, column): Value => {
        const at = places[column];
        const told = at === undefined ? id : (row[at] ?? null);
        if (before === undefined) return told ?? (defaults[name] === NOW ? now : defaults[name]) ?? null;
        const old = before[column] ?? null;
        if (told === null) return old;
        differs ||= !isSame(told, old, kinds.get(name));
        return told;
      });
      const outcome = before === undefined ? 'new' : differs ? 'changed' : 'unchanged';
      saved[outcome]++;
      if (outcome !== 'unchanged')
        merged.set(identity, { values, outcome: earlier?.outcome === 'new' ? 'new' : outcome });
    }
    const written = [...merged.values()].map(({ values }) => values);
    if (written.length > 0) await write(trx, written);
    if (table === 'social_media_posts') await saveTags(trx, lookup, columns, written);
    return saved;
  };
}

/** Looks up row ids by names. */
function createFinder(table: string, key: readonly string[]) {
  const lookup: Lookup = { table, key: key.map((name) => ({ name, type: 'text' })), columns: ['id'] };
  return async (trx: Kysely<Database>, keys: readonly (readonly Value[])[]): Promise<Map<number, Value>> => {
    // Most rows of a batch are of few accounts and posts.
    const unique = new Map<string, { key: readonly Value[]; rows: number[] }>();
    for (const [at, each] of keys.entries()) {
      const identity = JSON.stringify(each);
      const known = unique.get(identity);
      if (known) known.rows.push(at);
      else unique.set(identity, { key: each, rows: [at] });
    }
    const wanted = [...unique.values()];
    const found = await findRows(
      trx,
      lookup,
      wanted.map((each) => each.key),
    );
    const ids = new Map<number, Value>();
    for (const [at, { id = null }] of found)
      for (const row of wanted[at]?.rows ?? []) if (id !== null) ids.set(row, id);
    return ids;
  };
}

function isSame(a: Value | undefined, b: Value | undefined, kind: string | undefined): boolean {
  if (a === b) return true;
  return kind === 'instant' && typeof a === 'string' && typeof b === 'string' && Date.parse(a) === Date.parse(b);
}

/** Hashtags are read from captions, here as in a fetch. */
async function saveTags(
  trx: Kysely<Database>,
  lookup: Lookup,
  columns: readonly string[],
  written: readonly (readonly Value[])[],
): Promise<void> {
  const at = (name: string) => columns.indexOf(name);
  const keys = written.map((values) => lookup.key.map(({ name }) => values[at(name)] ?? null));
  const posts = await findRows(trx, { ...lookup, columns: ['id', 'caption'] }, keys);
  await saveHashtags(
    trx,
    [...posts.values()].map(({ id, caption }) => ({ id: id as number, caption: String(caption ?? '') })),
  );
}
