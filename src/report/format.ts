import { safeText } from '../core/text.ts';
import type { Cell, ColumnKind } from './report.ts';
import { sparkline } from './sparkline.ts';

/** Stands for what is not known. */
export const UNKNOWN = '—';

const decimals = (digits: number) =>
  new Intl.NumberFormat('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const one = decimals(1);
const two = decimals(2);

/** Writes one value for people. */
export function formatCell(value: Cell, kind: ColumnKind): string {
  if (value === null) return UNKNOWN;
  if (Array.isArray(value)) return formatSeries(value as (number | null)[]);
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'string') return formatText(value, kind);
  return formatNumber(value as number, kind);
}

function formatText(value: string, kind: ColumnKind): string {
  if (kind === 'instant') return formatInstant(value);
  return kind === 'handle' ? `@${safeText(value)}` : safeText(value);
}

/** One point is no course. */
function formatSeries(values: readonly (number | null)[]): string {
  return values.filter((value) => value !== null).length > 1 ? sparkline(values) : UNKNOWN;
}

function formatNumber(value: number, kind: ColumnKind): string {
  switch (kind) {
    case 'percent':
      return `${two.format(value)} %`;
    case 'delta':
      return signed(value, whole);
    case 'delta-percent':
      return `${signed(value, two)} %`;
    case 'decimal':
      return one.format(value);
    default:
      return whole.format(value);
  }
}

function signed(value: number, format: Intl.NumberFormat): string {
  const text = format.format(Math.abs(value));
  if (value === 0 || Number(text.replaceAll(',', '')) === 0) return `±${text}`;
  return `${value > 0 ? '+' : '−'}${text}`;
}

function formatInstant(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`;
}

/** True for kinds that line up on the right. */
export function isNumeric(kind: ColumnKind): boolean {
  return ['count', 'decimal', 'percent', 'delta', 'delta-percent'].includes(kind);
}
