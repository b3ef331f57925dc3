import { kindOf, parametersOf, scopeOf } from '../../alert/check.ts';
import { coolDown } from '../../core/cool-down.ts';
import { SmstatsError, UsageError } from '../../core/errors.ts';
import { dayIn } from '../../core/time.ts';
import type { Context } from '../../context.ts';
import { listAlertRules, type AlertRule } from '../../query/list-alert-rules.ts';
import { sendMessage } from '../../send/send.ts';
import { addressingOf, openDelivery, openRuleWorld } from './world.ts';

export interface TestOptions {
  to?: string;
  days: number;
  allowPrivateWebhooks?: boolean;
}

/** Sends a message to try a channel, or tells what a rule would have told. */
export async function runTest(context: Context, id: number | undefined, options: TestOptions): Promise<number> {
  if (id !== undefined && options.to !== undefined)
    throw new UsageError('A rule is tried over its history, a channel with a message: one at a time.');
  if (options.to !== undefined) return sendTest(context, options.to, options.allowPrivateWebhooks ?? false);
  if (id === undefined)
    throw new UsageError('What is to be tried?', 'smstats alerts test <rule>, or smstats alerts test --to <channel>');
  const { db } = await context.openStore();
  const rule = (await listAlertRules(db)).find((each) => each.id === id);
  if (!rule) throw new SmstatsError('not_found', `There is no rule ${id}.`, { hint: 'smstats alerts list' });
  return replay(context, rule, options.days);
}

async function sendTest(context: Context, name: string, allowPrivate: boolean): Promise<number> {
  const config = await context.config();
  const { world, channel } = await openDelivery(context, allowPrivate);
  const { newMessageId } = addressingOf(config);
  const now = context.now();
  const result = await sendMessage(world, channel(name), {
    id: newMessageId(),
    type: 'alert.test',
    title: 'This is a test of smstats: alerts will come here.',
    account: null,
    day: dayIn(config.timezone, now),
    facts: [{ label: 'Channel', value: name }],
    doubts: [],
    url: null,
    firedAt: now,
    values: {},
  });
  if (!result.isSent)
    throw new SmstatsError('unavailable', `${name} was not reached: ${result.message.replace(/\.$/, '')}.`, {
      hint: 'smstats config list shows what is configured',
    });
  if (context.format === 'json')
    await context.print({ command: 'alerts test', data: { channel: name, sent: true }, sections: [] });
  context.say(`${name} took the message`);
  return 0;
}

async function replay(context: Context, rule: AlertRule, days: number): Promise<number> {
  const kind = kindOf(rule);
  if (!kind.replay)
    throw new UsageError(
      `What ${rule.kind} goes by is not kept by day, so it cannot be tried over the history.`,
      'smstats alerts check --dry-run shows what it finds now',
    );
  const found = await kind.replay(await openRuleWorld(context), parametersOf(rule), scopeOf(rule), days);
  const { fresh: fired, cooling } = coolDown([], found, rule.cooldown_days);
  await context.print({
    command: 'alerts test',
    title: `What rule ${rule.id} (${rule.kind}) would have told in ${days} days`,
    data: {
      rule_id: rule.id,
      days,
      fired: fired.map(({ subject, day, title, doubts, values }) => ({ subject, day, title, doubts, values })),
      cooling,
    },
    sections: [
      {
        columns: [
          { key: 'day', label: 'Day', kind: 'day' },
          { key: 'title', label: 'What', kind: 'text', isElastic: true },
        ],
        rows: fired.map(({ day, title, doubts }) => ({ day, title: [title, ...doubts].join(' · ') })),
        empty: 'it would not have fired',
      },
    ],
    warnings: cooling > 0 ? [`${cooling} more were kept back by the cool-down of ${rule.cooldown_days} days`] : [],
  });
  return 0;
}
