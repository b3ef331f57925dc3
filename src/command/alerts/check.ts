import { checkRules, findNow, knownRules, type Checked } from '../../alert/check.ts';
import { deliverWaiting, type Delivered } from '../../alert/deliver.ts';
import { EXIT_CODES } from '../../core/errors.ts';
import { formatClock } from '../../core/time.ts';
import type { Context } from '../../context.ts';
import { listAlertEvents } from '../../query/list-alert-events.ts';
import { listAlertRules, type AlertRule } from '../../query/list-alert-rules.ts';
import type { Section } from '../../report/report.ts';
import { siftFindings } from '../../store/alert.ts';
import { markShown, resendUnsent } from '../../store/alert-delivery.ts';
import { addressingOf, openDelivery, openRuleWorld } from './world.ts';

export interface CheckOptions {
  exitCode?: boolean;
  dryRun?: boolean;
  resend?: boolean;
  allowPrivateWebhooks?: boolean;
}

const NO_RULE = 'there is no rule yet; add one: smstats alerts add growth-drop';

/** Asks every rule, sends what is new, and shows what nobody has seen on a terminal yet. */
export async function runCheck(context: Context, options: CheckOptions): Promise<number> {
  const { db } = await context.openStore();
  const rules = await listAlertRules(db);
  if (options.dryRun) return showFindings(context, rules, options);
  const checked = await check(context, rules);
  if (options.resend) await resendUnsent(db, context.now());
  const delivered = await deliver(context, options.allowPrivateWebhooks ?? false);
  const events = (await listAlertEvents(db, { isUnseen: true })).toReversed();
  await context.print({
    command: 'alerts check',
    title: 'Alerts',
    data: {
      events,
      known: checked.known,
      cooling: checked.cooling,
      sent: delivered.sent,
      unsent: delivered.unsent.map(({ channel, reason, nextAt }) => ({
        channel,
        reason,
        next_attempt_at: nextAt?.toISOString() ?? null,
      })),
    },
    sections: [
      eventSection(
        events.map(({ kind, date, title, doubts, rule_id, fired_at }) => ({
          rule_id,
          kind,
          date,
          title: [title, ...doubts].join(' · '),
          fired_at,
        })),
        rules.length === 0 ? NO_RULE : 'nothing new',
      ),
    ],
    warnings: await describeUnsent(context, delivered),
  });
  // Only now: what could not be printed was not seen.
  await markShown(
    db,
    events.map(({ id }) => id),
    context.now(),
  );
  return options.exitCode && events.length > 0 ? EXIT_CODES.fired.code : 0;
}

/** The same after a scheduled fetch: remarks go to the log, and what fired waits for somebody at a terminal. */
export async function checkAfterFetch(context: Context): Promise<void> {
  const { db } = await context.openStore();
  const rules = await listAlertRules(db);
  if (rules.length === 0) return;
  const { fired } = await check(context, rules);
  for (const { kind, title } of (await listAlertEvents(db, { ids: fired })).toReversed())
    context.say(`alert (${kind}): ${title}`);
  for (const line of await describeUnsent(context, await deliver(context, false))) context.say(line);
}

async function check(context: Context, rules: readonly AlertRule[]): Promise<Checked> {
  const addressing = addressingOf(await context.config());
  return checkRules(await openRuleWorld(context), rules, addressing, (text) => context.say(text));
}

async function deliver(context: Context, allowPrivate: boolean): Promise<Delivered> {
  context.onSignals();
  return deliverWaiting(await openDelivery(context, allowPrivate));
}

async function describeUnsent(context: Context, { unsent }: Delivered): Promise<string[]> {
  const { timezone } = await context.config();
  return unsent.map(({ channel, reason, nextAt }) => {
    const next = nextAt
      ? `it will be tried again after ${formatClock(timezone, nextAt)}`
      : 'it was given up; smstats alerts check --resend tries again';
    return `an alert did not reach ${channel}: ${reason.replace(/\.$/, '')}; ${next}`;
  });
}

/** What would fire, and nothing is kept. */
async function showFindings(context: Context, rules: readonly AlertRule[], options: CheckOptions): Promise<number> {
  const world = await openRuleWorld(context);
  const rows = [];
  for (const rule of knownRules(rules, (text) => context.say(text))) {
    const { fresh } = await siftFindings(world.db, rule, await findNow(world, rule));
    rows.push(
      ...fresh.map(({ day, title, doubts }) => ({
        rule_id: rule.id,
        kind: rule.kind,
        date: day,
        title: [title, ...doubts].join(' · '),
      })),
    );
  }
  await context.print({
    command: 'alerts check',
    title: 'Alerts that would fire',
    data: rows,
    sections: [eventSection(rows, rules.length === 0 ? NO_RULE : 'nothing new')],
  });
  return options.exitCode && rows.length > 0 ? EXIT_CODES.fired.code : 0;
}

function eventSection(rows: Section['rows'], empty: string): Section {
  return {
    columns: [
      { key: 'date', label: 'Day', kind: 'day' },
      { key: 'kind', label: 'Alert', kind: 'text' },
      { key: 'rule_id', label: 'Rule', kind: 'id' },
      // Whole on every screen, in two lines if need be: what was shown once counts as seen.
      { key: 'title', label: 'What', kind: 'text' },
    ],
    rows,
    empty,
  };
}
