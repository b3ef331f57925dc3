import type { Day } from './time.ts';

/** What can be watched. */
export const ALERT_KINDS = ['growth-drop', 'spike', 'viral', 'stale', 'failed-fetch', 'quota', 'anomaly'] as const;
export type AlertKind = (typeof ALERT_KINDS)[number];

/** One fact of an event, for people: `Expected` `120 to 340`. */
export interface AlertFact {
  label: string;
  value: string;
}

/** What a rule found, before anybody knows whether it was told already. */
export interface Finding {
  /** What it is about, and what a cool-down is of: `account:12`, `account:12:views`, `post:99`, `provider:youtube`. */
  subject: string;
  /** Names the event within its rule: the same key is the same event, whenever it is found. */
  key: string;
  /** The account it belongs to; null for a quota. */
  accountId: number | null;
  /** The day it is about. */
  day: Day;
  /** One sentence in plain text that stands alone: who, what, how much. */
  title: string;
  /** Expected range, observed, score, method, n: what the sentence rests on. */
  facts: readonly AlertFact[];
  /** What may explain it other than the audience; empty when nothing is known. */
  doubts: readonly string[];
  /** Where to look, a post's address for example. */
  url: string | null;
  /** The same as values, for machines. */
  values: Readonly<Record<string, string | number | boolean | null>>;
}
