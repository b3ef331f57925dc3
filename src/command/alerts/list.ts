import { ALERT_KINDS, type AlertKind } from '../../core/alert.ts';
import { RULE_KINDS } from '../../alert/rule/index.ts';
import { addDays, dayIn, startOfDay } from '../../core/time.ts';
import type { Context } from '../../context.ts';
import { listAlertEvents, type AlertDelivery } from '../../query/list-alert-events.ts';
import { listAlertRules, type AlertRule } from '../../query/list-alert-rules.ts';
import { describeScope, nameMetric } from './describe.ts';

/** Lists the rules, or what fired. */
export async function runList(context: Context, options: { events?: boolean; days: number }): Promise<number> {
  return options.events ? listEvents(context, options.days) : listRules(context);
}

async function listRules(context: Context): Promise<number> {
  const { db } = await context.openStore();
  const rules = await listAlertRules(db);
  await context.print({
    command: 'alerts list',
    title: 'Alert rules',
    data: rules,
    sections: [
      {
        columns: [
          { key: 'id', label: 'Rule', kind: 'id' },
          { key: 'kind', label: 'Watches for', kind: 'text' },
          { key: 'scope', label: 'Of', kind: 'text' },
          { key: 'settings', label: 'Fires at', kind: 'text', isElastic: true, rank: 2 },
          { key: 'cooldown_days', label: 'Cool-down days', kind: 'count', rank: 3 },
          { key: 'channels', label: 'Sent to', kind: 'text' },
          { key: 'events', label: 'Fired', kind: 'count' },
          { key: 'last_fired_at', label: 'Last', kind: 'instant', rank: 1 },
        ],
        rows: rules.map((rule) => ({
          ...rule,
          scope: describeScope(rule).replace(/^ of /, '') || 'all accounts',
          settings: describeSettings(rule),
          channels: ['terminal', ...rule.channels].join(', '),
        })),
        empty: 'no rule yet; add one: smstats alerts add growth-drop',
      },
    ],
  });
  return 0;
}

function describeSettings(rule: AlertRule): string | null {
  if (!ALERT_KINDS.includes(rule.kind as AlertKind)) return null;
  const { threshold, days } = RULE_KINDS[rule.kind as AlertKind];
  const parts = [
    threshold && `${rule.threshold ?? threshold.standard} ${threshold.unit}`,
    days && `${rule.days ?? days.standard} days`,
    rule.metric === null ? null : nameMetric(rule.metric),
  ];
  return parts.filter((part) => part !== null).join(', ') || null;
}

async function listEvents(context: Context, days: number): Promise<number> {
  const { timezone } = await context.config();
  const { db } = await context.openStore();
  const since = startOfDay(timezone, addDays(dayIn(timezone, context.now()), 1 - days));
  const events = await listAlertEvents(db, { since });
  await context.print({
    command: 'alerts list',
    title: `Alerts of ${days} days`,
    data: events,
    sections: [
      {
        columns: [
          { key: 'fired_at', label: 'Fired', kind: 'instant' },
          { key: 'date', label: 'Day', kind: 'day', rank: 2 },
          { key: 'kind', label: 'Alert', kind: 'text' },
          { key: 'title', label: 'What', kind: 'text', isElastic: true },
          { key: 'told', label: 'Told', kind: 'text', rank: 1 },
          { key: 'rule_id', label: 'Rule', kind: 'id', rank: 3 },
        ],
        rows: events.map(({ fired_at, date, kind, title, rule_id, deliveries }) => ({
          fired_at,
          date,
          kind,
          title,
          rule_id,
          told: deliveries.map(describeDelivery).join(', '),
        })),
        empty: 'nothing fired in these days',
      },
    ],
  });
  return 0;
}

function describeDelivery({ channel, status, error_message }: AlertDelivery): string {
  if (status === 'sent') return channel === 'terminal' ? 'seen' : channel;
  if (channel === 'terminal') return 'not seen yet';
  const why = error_message === null ? '' : ` (${error_message.replace(/\.$/, '')})`;
  return `${channel} ${status === 'failed' ? 'gave up' : 'waiting'}${why}`;
}
