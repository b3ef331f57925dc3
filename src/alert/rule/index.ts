import type { AlertKind } from '../../core/alert.ts';
import type { RuleKind } from '../rule-kind.ts';
import { anomaly } from './anomaly.ts';
import { failedFetch } from './failed-fetch.ts';
import { growthDrop } from './growth-drop.ts';
import { quota } from './quota.ts';
import { spike } from './spike.ts';
import { stale } from './stale.ts';
import { viral } from './viral.ts';

/** The kinds of rule, by the names that they are added by. */
export const RULE_KINDS = {
  'growth-drop': growthDrop,
  spike,
  viral,
  stale,
  'failed-fetch': failedFetch,
  quota,
  anomaly,
} as const satisfies Record<AlertKind, RuleKind>;
