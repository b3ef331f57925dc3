import type { Day } from '../core/time.ts';
import { NO_ACCOUNT } from '../record/account-name.ts';
import type { RecordKind } from '../record/kind.ts';
import { readRecords, type RawRecord, type ReadRecord } from '../record/read.ts';
import type { RecordError } from '../record/record.ts';
import { Failure, sentence, toFailure } from './failure.ts';
import type { ErrorBody } from './parts.ts';
import { RECORD_SCHEMAS } from './schema-record.ts';

/** Records in one request. */
export const MOST_RECORDS = 1000;
/** Problems that a reply lists. */
const MOST_ITEMS = 200;

type Item = NonNullable<ErrorBody['items']>[number];

/**
 * Reads the record in a body.
 * @throws Failure bad_request with everything that is wrong with it.
 */
export function readOne(kind: RecordKind, body: unknown, today: Day): ReadRecord {
  if (!isObject(body)) throw new Failure('bad_request', 'The body must be a JSON object.');
  const { records, problems } = readAll(kind, [body], today, () => '');
  const [record] = records;
  if (record && problems.length === 0) return record;
  throw new Failure('bad_request', sentence(problems.slice(0, 20).map(({ message }) => message)));
}

/**
 * Reads the records in a body.
 * @throws Failure bad_request with the index of each bad one, and what is wrong with it.
 */
export function readBatch(kind: RecordKind, body: unknown, today: Day): ReadRecord[] {
  if (!Array.isArray(body)) throw new Failure('bad_request', 'The body must be a JSON array.');
  if (body.length === 0) throw new Failure('bad_request', 'The array is empty.');
  if (body.length > MOST_RECORDS) {
    throw new Failure('bad_request', `There are ${body.length} items; send ${MOST_RECORDS} at most.`);
  }
  const others = body.flatMap((item: unknown, index): Item[] =>
    isObject(item) ? [] : [{ index, field: null, message: 'it must be an object' }],
  );
  const objects = body.map((item: unknown) => (isObject(item) ? item : {}));
  const { records, problems } = readAll(kind, objects, today, (at) => `item ${at}`);
  const items = [...others, ...problems.filter(({ index }) => !others.some((other) => other.index === index))];
  if (items.length === 0) return records;
  const bad = new Set(items.map(({ index }) => index)).size;
  throw new Failure(
    'bad_request',
    `Nothing was stored: ${bad} of ${body.length} items ${bad === 1 ? 'is' : 'are'} wrong.`,
    {
      items: items.toSorted((a, b) => a.index - b.index).slice(0, MOST_ITEMS),
    },
  );
}

/** The failure of a batch of which the database took all but one. */
export function nameItem({ record, cause }: RecordError, records: readonly ReadRecord[]): Failure {
  const { kind, message } = toFailure(cause);
  const items = [{ index: records.indexOf(record), field: null, message }];
  return new Failure(kind, `Nothing was stored: 1 of ${records.length} items is wrong.`, { items });
}

/** Both must find nothing: the reader of records, which explains, and the schema that the API's description shows. */
function readAll(kind: RecordKind, bodies: readonly object[], today: Day, name: (at: number) => string) {
  const raws = bodies.map((fields, at): RawRecord => ({
    fields: fields as Record<string, unknown>,
    where: name(at),
  }));
  const { records, problems } = readRecords(kind, raws, 'json', today);
  const items = problems.map(({ index, field, message }): Item =>
    message === NO_ACCOUNT ? { index, ...NO_ID } : { index, field, message },
  );
  for (const [index, body] of bodies.entries()) {
    const { account } = records[index] as ReadRecord;
    const needsPlatform =
      account.id !== undefined || items.some((item) => item.index === index && item.message === NO_ID.message);
    if (needsPlatform && !hasPlatform(body)) items.push({ index, field: 'platform', message: 'platform is missing' });
    if (items.some((item) => item.index === index)) continue;
    const parsed = RECORD_SCHEMAS[kind].safeParse(body);
    for (const { path, message } of parsed.error?.issues ?? [])
      items.push({ index, field: path.length === 0 ? null : String(path[0]), message });
  }
  return { records, problems: items };
}

/** What clients of the API are told of a record that is of no account. */
const NO_ID = { field: 'account_id', message: 'account_id is missing' };

function hasPlatform(body: object): boolean {
  return Object.entries(body).some(([name, value]) => name.trim().toLowerCase() === 'platform' && value !== null);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
