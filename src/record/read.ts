import { nearest } from '../core/text.ts';
import { addDays, type Day } from '../core/time.ts';
import { readAccountName, type AccountName, type Complain } from './account-name.ts';
import { findSumProblem, findWindowProblem } from './check.ts';
import { expectedOf, readField, type Field, type FieldValue, type Form } from './field.ts';
import { NAMING_FIELDS, RECORD_FIELDS, type RecordKind } from './kind.ts';

/** A record as somebody wrote it down. */
export interface RawRecord {
  /** By name, alias or column. */
  fields: Readonly<Record<string, unknown>>;
  /** How to point at it: `line 5`; empty when there is only one. */
  where: string;
}

/** A record whose every field is valid. */
export interface ReadRecord {
  kind: RecordKind;
  where: string;
  account: AccountName;
  /** Not of campaigns. */
  day: Day;
  /** What is known, by column. What was left out is not here. */
  values: Record<string, FieldValue>;
}

/** What is wrong with a record. */
export interface RecordProblem {
  /** The record's place, from 0. */
  index: number;
  where: string;
  field: string | null;
  message: string;
}

/**
 * Reads records of a kind, as flags, CSV cells or JSON values.
 * @param today the day of a record that names none; a day after tomorrow is refused.
 * @returns the records, and everything that is wrong with any of them.
 */
export function readRecords(
  kind: RecordKind,
  raws: readonly RawRecord[],
  form: Form,
  today: Day,
): { records: ReadRecord[]; problems: RecordProblem[] } {
  const records: ReadRecord[] = [];
  const problems: RecordProblem[] = [];
  for (const [index, raw] of raws.entries()) {
    const isFine = () => problems.at(-1)?.index !== index;
    const complain = (field: string | null, message: string) =>
      problems.push({ index, where: raw.where, field, message });
    const known = readFields(kind, raw, form, complain);
    // Who it is was said, if badly: that complaint is enough.
    const isNamed = problems.some((problem) => problem.index === index && WHO.has(fold(problem.field ?? '')));
    const record = {
      kind,
      where: raw.where,
      account: readAccountName(kind, known, complain, isNamed),
      day: today,
      values: known,
    };
    const { date } = known;
    delete known['date'];
    if (typeof date === 'string') record.day = date;
    if (record.day > addDays(today, 1)) complain('date', `${record.day} is in the future`);
    checkWhole(record, complain);
    if (isFine() && !saysSomething(record)) complain(null, 'there is nothing to record');
    records.push(record);
  }
  return { records, problems };
}

/** @returns the known values, by column. */
function readFields(kind: RecordKind, raw: RawRecord, form: Form, complain: Complain): Record<string, FieldValue> {
  const fields = RECORD_FIELDS[kind];
  const values: Record<string, FieldValue> = {};
  for (const [given, value] of Object.entries(raw.fields)) {
    const name = fold(given);
    const field = fields.find((each) => namesOf(each).includes(name));
    if (!field) {
      const guess = nearest(name, fields.flatMap(namesOf));
      complain(given, `there is no field ${quote(given)}${guess ? `; did you mean ${guess}?` : ''}`);
    } else if (!isLeftOut(field, value, form)) {
      const column = field.column ?? field.name;
      const read = readField(field, value, form);
      if (read === undefined) complain(given, `${given} must be ${expectedOf(field)}, not ${quote(value)}`);
      else if (column in values) complain(given, `${field.name} is given twice`);
      else values[column] = read;
    }
  }
  return values;
}

const WHO = new Set(['account', 'account_id', 'username']);

function fold(name: string): string {
  return name.trim().toLowerCase();
}

function namesOf(field: Field): string[] {
  return [field.name, ...(field.column ? [field.column] : []), ...(field.aliases ?? [])];
}

/** An empty cell and JSON's null are not known; so is a list without names. A flag was meant to say something. */
function isLeftOut(field: Field, value: unknown, form: Form): boolean {
  if (form === 'flag') return value === undefined;
  if (value === null || value === undefined) return true;
  if (form === 'csv' && typeof value === 'string' && value.trim() === '') return true;
  return field.kind === 'names' && (Array.isArray(value) ? value.length === 0 : /^\s*\[\s*\]\s*$/.test(String(value)));
}

function checkWhole({ kind, values }: ReadRecord, complain: Complain): void {
  if (kind === 'campaign' && values['campaign_id'] === undefined) complain('campaign', 'it names no campaign');
  if (kind === 'content' && values['post'] === undefined && values['post_url'] === undefined)
    complain('post', 'it names no post');
  const problem = kind === 'campaign' ? findWindowProblem(values) : findSumProblem(values);
  if (problem) complain(problem.field, problem.message);
}

function saysSomething({ values }: ReadRecord): boolean {
  return Object.keys(values).some((column) => !NAMING_FIELDS.has(column));
}

function quote(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
