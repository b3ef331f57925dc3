import { UsageError } from '../../core/errors.ts';
import { addDays, type Day } from '../../core/time.ts';

/** A span back from today. */
export interface Age {
  count: number;
  unit: 'day' | 'month' | 'year';
}

const UNITS: Record<string, Age['unit']> = { '': 'day', d: 'day', m: 'month', mo: 'month', y: 'year' };

/** Reads `400d`, `18m`, `2y`, `18 months` or a number of days. */
export function readAge(text: string, flag = '--older-than'): Age {
  const [, digits = '', letters = ''] = /^\s*(\d{1,5})\s*([a-z]*)\s*$/i.exec(text) ?? [];
  const name = letters.toLowerCase().replace(/^(d)(ays?)?$|^(mo?)(nths?)?$|^(y)(ears?)?$/, '$1$3$5');
  const unit = UNITS[name];
  const count = Number(digits);
  if (digits !== '' && unit !== undefined && count > 0) return { count, unit };
  throw new UsageError(`${flag} must be an age such as 400d, 18m or 2y, not "${text}".`);
}

/** The day that lies so far back, or ahead when negative; a month that is too short for it ends it. */
export function dayBefore(today: Day, { count, unit }: Age): Day {
  if (unit === 'day') return addDays(today, -count);
  const [year = 0, month = 1, day = 1] = today.split('-').map(Number);
  const months = year * 12 + (month - 1) - count * (unit === 'year' ? 12 : 1);
  const [wantedYear, wantedMonth] = [Math.floor(months / 12), months % 12];
  const last = new Date(Date.UTC(wantedYear, wantedMonth + 1, 0)).getUTCDate();
  return new Date(Date.UTC(wantedYear, wantedMonth, Math.min(day, last))).toISOString().slice(0, 10);
}
