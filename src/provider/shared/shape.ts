import * as z from 'zod/mini';
import { ProviderError } from '../../core/errors.ts';
import { toMetric } from '../../core/metric.ts';

/** A counter: a number, a string of digits, or not told. `toMetric` says what it is worth. */
export const counter = z.optional(z.nullable(z.union([z.number(), z.string()])));

/** An id or a handle: without one there is nothing to store a number under. */
export const id = z.string().check(z.minLength(1));

/** Text that may be missing. */
export const text = z.nullish(z.string());

/** The most that an answer may list in one place, and in all: a few megabytes hold millions of zeros. */
const LONGEST_LIST = 10_000;
const MOST_ITEMS = 250_000;

/**
 * Reads a provider's answer as the shape that its code was written for.
 * @throws ProviderError naming the first field that is not as expected, or when its lists are longer than any page.
 */
export function readShape<Schema extends z.ZodMiniType>(
  provider: string,
  schema: Schema,
  body: unknown,
): z.output<Schema> {
  // What is wrong with a list is told of each of its items, and there is no stopping at the first.
  if (countItems(body) > MOST_ITEMS) throw shapeError(provider, 'it', 'holds lists longer than any page is');
  const result = parse(provider, schema, body);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw shapeError(provider, formatPath(issue?.path ?? []), 'is missing or of another type');
}

/** Each level takes over what is wrong below it as the arguments of one call, of which there may be too many. */
function parse<Schema extends z.ZodMiniType>(provider: string, schema: Schema, body: unknown) {
  try {
    return schema.safeParse(body);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw shapeError(provider, 'it', 'is wrong in more places than can be named');
  }
}

/**
 * Refuses a page in which a field that every item used to have is in none: it was renamed, and taking that for "hidden"
 * would silently lose the metric. `path` is where an item stands, for example `data.videos[]`.
 */
export function refuseRenamed(
  provider: string,
  path: string,
  items: readonly object[],
  fields: readonly string[],
): void {
  const renamed = items.length > 0 && fields.find((field) => items.every((item) => !(field in item)));
  if (renamed) throw shapeError(provider, `${path}.${renamed}`, 'is in none of the items');
}

/** The error for an answer that is not of the shape its code was written for. */
export function shapeError(provider: string, path: string, what: string): ProviderError {
  return new ProviderError(provider, 'schema', `answered in a form smstats does not know: ${path} ${what}`, {
    hint: 'the API may have changed: update smstats, or use another provider (smstats providers list)',
  });
}

/** A cell of text, where the empty string means nothing. */
export function orNull(value: string | null | undefined): string | null {
  return value === undefined || value === null || value === '' ? null : value;
}

/** An instant from epoch seconds, as a number or digits. */
export function fromEpochSeconds(value: number | string | null | undefined): Date | null {
  const seconds = Number(value ?? Number.NaN);
  return Number.isFinite(seconds) && seconds > 0 && seconds < 32_503_680_000 ? new Date(seconds * 1000) : null;
}

/** An instant from epoch milliseconds, as a number or digits. */
export function fromEpochMillis(value: number | string | null | undefined): Date | null {
  const millis = toMetric(value);
  return millis !== null && millis > 0 && millis < 32_503_680_000_000 ? new Date(millis) : null;
}

/** An instant from ISO-8601 with a zone: `Z`, `+02:00`, or `+0000` as the Graph API writes it. */
export function fromIsoTime(value: string | null | undefined): Date | null {
  const form = /^(\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?)(Z|[+-]\d\d:?\d\d)$/;
  const [, time, zone = ''] = form.exec(value ?? '') ?? [];
  const instant = new Date(`${time}${zone.replace(/^(.\d\d)(\d\d)$/, '$1:$2')}`);
  return Number.isNaN(instant.getTime()) ? null : instant;
}

/** The items of all lists in a value; more than there may be when one of them is too long. */
function countItems(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  let items = Array.isArray(value) ? value.length : 0;
  if (items > LONGEST_LIST) return Infinity;
  for (const each of Object.values(value)) items += countItems(each);
  return items;
}

function formatPath(path: readonly PropertyKey[]): string {
  const parts = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`));
  return parts.join('').replace(/^\./, '') || 'the answer';
}
