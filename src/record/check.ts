import { AGE_FIELDS, GENDER_FIELDS } from './kind.ts';

/** What is wrong with values that are each valid. */
interface WholeProblem {
  field: string;
  message: string;
}

/** Percentages that platforms round may add up to a little more than all. */
const MAX_PERCENT_SUM = 100.5;

/** What is wrong with a campaign's days, also with those that are stored already. */
export function findWindowProblem(values: Readonly<Record<string, unknown>>): WholeProblem | undefined {
  const { start_date: start, end_date: end } = values;
  if (typeof start !== 'string' || typeof end !== 'string' || start <= end) return undefined;
  return { field: 'end', message: `the end (${end}) is before the start (${start})` };
}

/** Which percentages are more than all together, also with those that are stored already. */
export function findSumProblem(values: Readonly<Record<string, unknown>>): WholeProblem | undefined {
  for (const [what, fields] of [['ages', AGE_FIELDS] as const, ['genders', GENDER_FIELDS] as const]) {
    const sum = fields.reduce((total, field) => total + Number(values[field] ?? 0), 0);
    if (sum > MAX_PERCENT_SUM) {
      return { field: fields[0], message: `the ${what} add up to ${Number(sum.toFixed(2))} %, more than 100` };
    }
  }
  return undefined;
}
