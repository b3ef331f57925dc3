import type { DailyInsight } from '../../core/account.ts';

/** Each day once: of a day that comes twice, the later one goes first, and the earlier one fills what it leaves unknown. */
export function mergeDays(days: readonly DailyInsight[]): DailyInsight[] {
  const merged = new Map<string, DailyInsight>();
  for (const { day, metrics } of days) {
    const told = Object.entries(metrics).filter(([, value]) => value !== null && value !== undefined);
    merged.set(day, { day, metrics: { ...metrics, ...merged.get(day)?.metrics, ...Object.fromEntries(told) } });
  }
  return [...merged.values()];
}
