import { RULE_KINDS } from '../../alert/rule/index.ts';
import type { Range, RuleKind } from '../../alert/rule-kind.ts';
import { ALERT_KINDS, type AlertKind } from '../../core/alert.ts';
import { SmstatsError, UsageError } from '../../core/errors.ts';
import { accountFilter } from '../../core/option.ts';
import { nearest } from '../../core/text.ts';
import type { Context } from '../../context.ts';
import { findAccount } from '../../query/find-account.ts';
import { listAccounts } from '../../query/list-accounts.ts';
import { saveAlertRule } from '../../store/alert.ts';
import { openChannel } from './channel.ts';
import { describeScope, METRICS, nameMetric } from './describe.ts';

/** A number as it was given, with its unit if it had one. */
export interface Threshold {
  value: number;
  unit: '%' | 'x' | null;
}

export interface AddOptions {
  account?: string;
  platform?: string;
  brand?: string;
  metric?: string;
  threshold?: Threshold;
  days?: number;
  cooldown?: number;
  to?: string[];
}

/** Stores a rule. What it is not given stays open: a better default of a later version applies to it. */
export async function runAdd(context: Context, name: string, options: AddOptions): Promise<number> {
  const kind = readKind(name);
  const rule = RULE_KINDS[kind];
  refuseUnfit(kind, rule, options);
  const config = await context.config();
  for (const channel of options.to ?? []) openChannel(config, channel, {});
  const { db } = await context.openStore();
  const { username, isPaused, ...scope } = await readScope(context, options);
  const { rule: saved, isNew } = await saveAlertRule(db, {
    kind,
    ...scope,
    metric: options.metric === undefined ? null : (METRICS[options.metric] ?? null),
    threshold: options.threshold?.value ?? null,
    days: options.days ?? null,
    cooldown_days: options.cooldown ?? rule.cooldownDays,
    channels: JSON.stringify([...new Set(options.to)]),
  });
  const about = describeScope({ ...saved, username });
  if (context.format === 'json')
    await context.print({
      command: 'alerts add',
      data: { ...saved, channels: JSON.parse(saved.channels) as string[], is_new: isNew },
      sections: [],
    });
  context.say(
    isNew
      ? `rule ${saved.id} watches for ${kind}${about}; every scheduled fetch asks it, and so does smstats alerts check`
      : `rule ${saved.id} is the same already; nothing was added`,
  );
  if (isPaused) context.say('the account is paused, so the rule is silent until: smstats accounts resume');
  return 0;
}

function readKind(name: string): AlertKind {
  if (ALERT_KINDS.includes(name as AlertKind)) return name as AlertKind;
  const guess = nearest(name, ALERT_KINDS);
  throw new UsageError(
    `There is no kind of alert "${name}".`,
    guess ? `did you mean ${guess}?` : `kinds: ${ALERT_KINDS.join(', ')}`,
  );
}

function refuseUnfit(kind: AlertKind, rule: RuleKind, { metric, threshold, days, ...scope }: AddOptions): void {
  refuseOutside(kind, '--threshold', rule.threshold, threshold?.value);
  if (threshold) refuseOtherUnit(kind, rule, threshold);
  refuseOutside(kind, '--days', rule.days, days);
  if (metric !== undefined && !rule.metrics?.some((known) => nameMetric(known) === metric))
    throw new UsageError(
      `${kind} watches no ${metric}.`,
      rule.metrics ? `it watches ${rule.metrics.map(nameMetric).join(', ')}` : 'leave --metric out',
    );
  const given = [scope.account, scope.platform, scope.brand].filter((each) => each !== undefined);
  if (kind === 'quota' && given.length > 0)
    throw new UsageError("A quota is a provider's, not an account's.", 'smstats alerts add quota');
  if (scope.account !== undefined && given.length > 1)
    throw new UsageError('--account names one account; --platform and --brand have nothing to add to that.');
}

function refuseOutside(kind: AlertKind, flag: string, range: Range | null, value: number | undefined): void {
  if (value === undefined) return;
  if (range === null) throw new UsageError(`${kind} has no use for ${flag}.`, 'smstats alerts add --help');
  if (value >= range.least && value <= range.most) return;
  throw new UsageError(`${flag} of ${kind} must be from ${range.least} to ${range.most}, not ${value}.`);
}

function refuseOtherUnit(kind: AlertKind, { threshold }: RuleKind, { value, unit }: Threshold): void {
  if (unit !== null && unit !== threshold?.unit)
    throw new UsageError(`--threshold of ${kind} is not in ${unit}.`, 'smstats alerts add --help');
  if (threshold?.unit === 'times' && !Number.isInteger(value))
    throw new UsageError(`--threshold of ${kind} must be a whole number, not ${value}.`);
}

async function readScope(context: Context, { account, platform, brand }: AddOptions) {
  const { db } = await context.openStore();
  if (account !== undefined) {
    const handle = accountFilter({ account });
    const found = await findAccount(db, { platform: handle.platform as string, username: handle.username as string });
    if (found)
      return {
        account_id: found.id,
        platform: null,
        brand: null,
        username: found.username,
        isPaused: !found.is_active,
      };
    throw new SmstatsError('not_found', `There is no account ${account}.`, { hint: 'smstats accounts list' });
  }
  const accounts = await listAccounts(db);
  const named = platform?.toLowerCase();
  refuseUnknown(
    'platform',
    named,
    accounts.map((each) => each.platform),
  );
  refuseUnknown(
    'brand',
    brand,
    accounts.flatMap((each) => each.brand ?? []),
  );
  return { account_id: null, platform: named ?? null, brand: brand ?? null, username: null, isPaused: false };
}

function refuseUnknown(what: string, name: string | undefined, known: readonly string[]): void {
  if (name === undefined || known.includes(name)) return;
  const guess = nearest(name, known);
  throw new SmstatsError('not_found', `No account is of the ${what} "${name}".`, {
    hint: guess ? `did you mean ${guess}?` : 'smstats accounts list',
  });
}
