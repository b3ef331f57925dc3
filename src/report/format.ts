import { groupDigits } from '../core/number.ts';
import { safeText } from '../core/text.ts';
import type { Cell, ColumnKind } from './report.ts';
import { bar } from './bar.ts';
import { sparkline } from './sparkline.ts';

/** Stands for what is not known. */
const UNKNOWN = '—';

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
      return `${groupDigits(value, 2)} %`;
    case 'share':
      return bar(value);
    case 'delta':
      return signed(value);
    case 'delta-percent':
      return `${signed(value, 2)} %`;
    case 'decimal':
      return groupDigits(value, 1);
    case 'score':
    case 'money':
      return groupDigits(value, 2);
    case 'fine-money':
      return groupDigits(value, 4);
    default:
      return groupDigits(value);
  }
}

function signed(value: number, digits = 0): string {
  const text = groupDigits(Math.abs(value), digits);
  if (!/[1-9]/.test(text)) return `±${text}`;
  return `${value > 0 ? '+' : '−'}${text}`;
}

function formatInstant(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`;
}

/** True for kinds that line up on the right. */
export function isNumeric(kind: ColumnKind): boolean {
  return ['count', 'decimal', 'score', 'money', 'fine-money', 'percent', 'delta', 'delta-percent'].includes(kind);
}
