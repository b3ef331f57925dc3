import type { Insertable, Kysely, Selectable } from 'kysely';
import type { Finding } from '../core/alert.ts';
import { coolDown, type Sifted } from '../core/cool-down.ts';
import { saveAudit } from './audit.ts';
import type { AlertEventTable, AlertRuleTable, Database } from './schema.ts';
import { inTransaction } from './transaction.ts';

export type AlertRuleRow = Selectable<AlertRuleTable>;
export type AlertEventRow = Selectable<AlertEventTable>;

/** The channel that is the terminal: what is sent there waits until somebody looks. */
export const TERMINAL = 'terminal';

/** How the events of one check reach a channel. */
export interface Addressing {
  /** The names of the channels; the terminal always is one. */
  channels: readonly string[];
  /** Whether a channel gets many events of one check as one message. */
  isGrouped(channel: string, events: number): boolean;
  newMessageId(): string;
}

/** What became of the findings of a rule. */
export interface SavedFindings {
  fired: AlertEventRow[];
  /** Told before. */
  known: number;
  /** Kept back because their subject fired a short time ago. */
  cooling: number;
}

const ROWS_AT_ONCE = 500;

/** Adds a rule, and writes it to the audit. A rule that is the same in everything is not added again. */
export async function saveAlertRule(
  db: Kysely<Database>,
  values: Omit<AlertRuleRow, 'id' | 'created_at'>,
): Promise<{ rule: AlertRuleRow; isNew: boolean }> {
  return inTransaction(db, async (trx) => {
    const all = await trx.selectFrom('alert_rules').selectAll().where('kind', '=', values.kind).orderBy('id').execute();
    const keys = Object.keys(values) as (keyof typeof values)[];
    const same = all.find((rule) => keys.every((key) => rule[key] === values[key]));
    if (same) return { rule: same, isNew: false };
    const rule = await trx.insertInto('alert_rules').values(values).returningAll().executeTakeFirstOrThrow();
    await saveAudit(trx, { action: 'add', table: 'alert_rules', rowId: rule.id, after: rule });
    return { rule, isNew: true };
  });
}

/** Removes a rule with its events, and writes it to the audit. @returns it as it was, or undefined when there is none. */
export async function removeAlertRule(db: Kysely<Database>, id: number): Promise<AlertRuleRow | undefined> {
  return inTransaction(db, async (trx) => {
    const rule = await trx.deleteFrom('alert_rules').where('id', '=', id).returningAll().executeTakeFirst();
    if (rule) await saveAudit(trx, { action: 'remove', table: 'alert_rules', rowId: id, before: rule });
    return rule;
  });
}

/**
 * Stores what a rule found and nobody was told of, with its way to each channel, in one transaction: an event that is
 * stored will be sent, and one that is not will be found again. Of two who check at once, one stores it.
 */
export async function saveFindings(
  db: Kysely<Database>,
  rule: Pick<AlertRuleRow, 'id' | 'cooldown_days'>,
  findings: readonly Finding[],
  { channels, isGrouped, newMessageId }: Addressing,
  now: Date,
): Promise<SavedFindings> {
  if (findings.length === 0) return { fired: [], known: 0, cooling: 0 };
  return inTransaction(db, async (trx) => {
    // An update that changes nothing locks the rule in both databases; one that was removed meanwhile tells nothing.
    const locked = await trx
      .updateTable('alert_rules')
      .set({ cooldown_days: rule.cooldown_days })
      .where('id', '=', rule.id)
      .executeTakeFirst();
    if (locked.numUpdatedRows === 0n) return { fired: [], known: 0, cooling: 0 };
    const { fresh, known, cooling } = await siftFindings(trx, rule, findings);
    const fired: AlertEventRow[] = [];
    for (let at = 0; at < fresh.length; at += ROWS_AT_ONCE) {
      const rows = fresh.slice(at, at + ROWS_AT_ONCE).map((finding) => toEvent(rule.id, finding, now));
      fired.push(...(await trx.insertInto('alert_events').values(rows).returningAll().execute()));
    }
    // The order in which a database returns rows is its own.
    fired.sort((a, b) => a.id - b.id);
    for (const channel of [TERMINAL, ...channels]) {
      const shared = channel !== TERMINAL && isGrouped(channel, fired.length) ? newMessageId() : undefined;
      const rows = fired.map(({ id }) => ({
        event_id: id,
        channel,
        message_id: shared ?? newMessageId(),
        next_attempt_at: now.toISOString(),
      }));
      for (let at = 0; at < rows.length; at += ROWS_AT_ONCE)
        await trx
          .insertInto('alert_deliveries')
          .values(rows.slice(at, at + ROWS_AT_ONCE))
          .execute();
    }
    return { fired, known, cooling };
  });
}

/** Leaves out what nobody needs to be told, by what the rule has told. */
export async function siftFindings(
  db: Kysely<Database>,
  rule: Pick<AlertRuleRow, 'id' | 'cooldown_days'>,
  findings: readonly Finding[],
): Promise<Sifted> {
  const told = await db
    .selectFrom('alert_events')
    .select(['event_key', 'subject', 'date'])
    .where('rule_id', '=', rule.id)
    .execute();
  return coolDown(told, findings, rule.cooldown_days);
}

function toEvent(ruleId: number, finding: Finding, now: Date): Insertable<AlertEventTable> {
  const { key, subject, accountId, day, title, facts, doubts, url, values } = finding;
  return {
    rule_id: ruleId,
    event_key: key,
    subject,
    account_id: accountId,
    date: day,
    title,
    details: JSON.stringify({ facts, doubts, url, values }),
    fired_at: now.toISOString(),
  };
}
