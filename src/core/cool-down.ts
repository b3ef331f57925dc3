import type { Finding } from './alert.ts';
import { daysBetween } from './time.ts';

/** An event that was told. */
export interface ToldEvent {
  event_key: string;
  subject: string;
  date: string;
}

/** Findings, sorted by whether they are news. */
export interface Sifted {
  /** In order of their days. */
  fresh: Finding[];
  /** Told before. */
  known: number;
  /** Those within `cooldownDays` of another event of their subject. */
  cooling: number;
}

/** Leaves out what was told before, and what comes too soon after, or before, another event of its subject. */
export function coolDown(told: readonly ToldEvent[], findings: readonly Finding[], cooldownDays: number): Sifted {
  const keys = new Set(told.map(({ event_key }) => event_key));
  const days = new Map<string, string[]>();
  const remember = (subject: string, day: string) => {
    const known = days.get(subject);
    if (known) known.push(day);
    else days.set(subject, [day]);
  };
  for (const { subject, date } of told) remember(subject, date);
  const sifted: Sifted = { fresh: [], known: 0, cooling: 0 };
  for (const finding of findings.toSorted((a, b) => (a.day === b.day ? 0 : a.day < b.day ? -1 : 1))) {
    const { key, subject, day } = finding;
    if (keys.has(key)) sifted.known++;
    else if (days.get(subject)?.some((other) => Math.abs(daysBetween(other, day)) < cooldownDays)) sifted.cooling++;
    else {
      sifted.fresh.push(finding);
      keys.add(key);
      remember(subject, day);
    }
  }
  return sifted;
}
