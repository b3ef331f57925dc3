import { ALERT_KINDS, type AlertKind, type Finding } from '../core/alert.ts';
import { SmstatsError } from '../core/errors.ts';
import { nearest } from '../core/text.ts';
import type { AlertRule } from '../query/list-alert-rules.ts';
import { saveFindings, type Addressing } from '../store/alert.ts';
import type { RuleKind, RuleParameters, RuleWorld } from './rule-kind.ts';
import { RULE_KINDS } from './rule/index.ts';

/** What a check found. */
export interface Checked {
  /** Events that fired now, by their ids, the oldest first. */
  fired: number[];
  /** Findings that were told before. */
  known: number;
  /** Findings that a cool-down keeps back. */
  cooling: number;
}

/** The kind of a stored rule. @throws SmstatsError when it is of a newer version. */
export function kindOf(rule: Pick<AlertRule, 'id' | 'kind'>): RuleKind {
  if (ALERT_KINDS.includes(rule.kind as AlertKind)) return RULE_KINDS[rule.kind as AlertKind];
  const guess = nearest(rule.kind, ALERT_KINDS);
  throw new SmstatsError('failed', `Rule ${rule.id} is of a kind that this version does not know: "${rule.kind}".`, {
    hint: guess ? `did you mean ${guess}? smstats alerts remove ${rule.id}, and add it again` : 'update smstats',
  });
}

/** What a stored rule goes by, the defaults of its kind filled in. */
export function parametersOf(rule: AlertRule): RuleParameters {
  const { threshold, days } = kindOf(rule);
  return {
    metric: rule.metric as RuleParameters['metric'],
    threshold: rule.threshold ?? threshold?.standard ?? null,
    days: rule.days ?? days?.standard ?? null,
  };
}

/** The accounts that a stored rule watches. */
export function scopeOf({ account_id: accountId, platform, brand }: AlertRule) {
  return { accountId, platform: accountId === null ? platform : null, brand };
}

/** What a rule finds now, whether it was told before or not. */
export async function findNow(world: RuleWorld, rule: AlertRule): Promise<Finding[]> {
  return kindOf(rule).find(world, parametersOf(rule), scopeOf(rule));
}

/** The rules that this version knows; the others are said, for they must not keep these from being asked. */
export function knownRules(rules: readonly AlertRule[], onRemark: (text: string) => void): AlertRule[] {
  return rules.filter(({ id, kind }) => {
    const isKnown = ALERT_KINDS.includes(kind as AlertKind);
    if (!isKnown) onRemark(`rule ${id} was left out: this version knows no kind "${kind}"`);
    return isKnown;
  });
}

/** Asks every rule, and stores what nobody was told of yet. */
export async function checkRules(
  world: RuleWorld,
  rules: readonly AlertRule[],
  addressing: Omit<Addressing, 'channels'>,
  onRemark: (text: string) => void,
): Promise<Checked> {
  const total: Checked = { fired: [], known: 0, cooling: 0 };
  for (const rule of knownRules(rules, onRemark)) {
    const findings = await findNow(world, rule);
    const saved = await saveFindings(world.db, rule, findings, { ...addressing, channels: rule.channels }, world.now);
    total.fired.push(...saved.fired.map(({ id }) => id));
    total.known += saved.known;
    total.cooling += saved.cooling;
  }
  return total;
}
