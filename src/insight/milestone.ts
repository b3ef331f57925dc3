import type { Day } from '../core/time.ts';
import type { ForecastDay } from './forecast.ts';

/** A round number ahead, and the days between which it is reached. */
export interface Milestone {
  value: number;
  /** The first day on which the upper end of the band is there. */
  earliest: Day;
  /** The same of the forecast and of the lower end; null when that is later than the forecast reaches. */
  expected: Day | null;
  latest: Day | null;
}

/** The next round number: of two digits that count, and of whole hundreds below a thousand. */
export function nextMilestone(value: number): number {
  const step = value < 1000 ? 100 : 10 ** (Math.floor(Math.log10(value)) - 1);
  return (Math.floor(value / step) + 1) * step;
}

/** The next round numbers that the band of a forecast reaches, `most` at most. Days without a band reach none. */
export function milestonesOf(value: number, days: readonly ForecastDay[], most = 3): Milestone[] {
  const milestones: Milestone[] = [];
  for (let next = nextMilestone(value); milestones.length < most; next = nextMilestone(next)) {
    const firstDay = (of: (day: ForecastDay) => number | null) =>
      days.find((day) => (of(day) ?? Number.NEGATIVE_INFINITY) >= next)?.day ?? null;
    const earliest = firstDay(({ high }) => high);
    if (earliest === null) break;
    milestones.push({
      value: next,
      earliest,
      expected: firstDay(({ level, high }) => (high === null ? null : level)),
      latest: firstDay(({ low }) => low),
    });
  }
  return milestones;
}
