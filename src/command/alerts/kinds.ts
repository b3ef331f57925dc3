import { RULE_KINDS } from '../../alert/rule/index.ts';
import { ALERT_KINDS } from '../../core/alert.ts';

/** The kinds of rule with what they can be given, for the help. */
export function describeKinds(): string {
  const lines = ALERT_KINDS.flatMap((name) => {
    const { summary, threshold, days, cooldownDays } = RULE_KINDS[name];
    const flags = [
      threshold &&
        `--threshold ${threshold.standard}${threshold.unit === 'x' ? 'x' : threshold.unit === '%' ? ' %' : ''}: ${threshold.meaning}`,
      days && `--days ${days.standard}: ${days.meaning}`,
      `--cooldown ${cooldownDays}`,
    ];
    return [`  ${name}: ${summary}`, ...flags.filter((flag) => flag !== null).map((flag) => `      ${flag}`)];
  });
  return ['', 'Kinds, with their defaults:', ...lines].join('\n');
}
