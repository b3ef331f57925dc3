import { beforeEach, expect, test } from 'vitest';
import type { Finding } from '../../src/core/alert.ts';
import { listAlertEvents } from '../../src/query/list-alert-events.ts';
import { listAlertRules } from '../../src/query/list-alert-rules.ts';
import { removeAlertRule, saveAlertRule, saveFindings, siftFindings, type Addressing } from '../../src/store/alert.ts';
import {
  claimMessage,
  holdMessage,
  markSent,
  markShown,
  markUnsent,
  resendUnsent,
} from '../../src/store/alert-delivery.ts';
import type { Store } from '../../src/store/open.ts';
import { openAnother, openTempStore, runSql, seedAccount } from '../helper/temp-store.ts';

const NOW = new Date('2026-11-22T10:00:00Z');
const RULE = {
  kind: 'spike',
  account_id: null,
  platform: null,
  brand: null,
  metric: null,
  threshold: null,
  days: null,
  cooldown_days: 3,
  channels: '["team"]',
};

let store: Store;
let account: number;
beforeEach(async () => {
  store = await openTempStore();
  account = await seedAccount(store);
});

const after = (seconds: number) => new Date(NOW.getTime() + seconds * 1000);

function makeFinding(day: string, more: Partial<Finding> = {}): Finding {
  return {
    subject: `account:${account}`,
    key: `account:${account}:${day}`,
    accountId: account,
    day,
    title: `TikTok @anna did something on ${day}`,
    facts: [{ label: 'Observed', value: '1,200' }],
    doubts: ['the provider changed'],
    url: null,
    values: { observed: 1200, expected: null },
    ...more,
  };
}

function makeAddressing(more: Partial<Addressing> = {}): Addressing {
  let count = 0;
  return { channels: ['team'], isGrouped: () => false, newMessageId: () => `msg_${++count}`, ...more };
}

async function addRule(more: Partial<typeof RULE> = {}) {
  return (await saveAlertRule(store.db, { ...RULE, ...more })).rule;
}

test('a rule is added once, listed, and removed with its events; the audit knows', async () => {
  const first = await saveAlertRule(store.db, { ...RULE, account_id: account as never, threshold: 2.5 as never });
  const again = await saveAlertRule(store.db, { ...RULE, account_id: account as never, threshold: 2.5 as never });
  const other = await saveAlertRule(store.db, RULE);
  expect([first.isNew, again.isNew, other.isNew]).toEqual([true, false, true]);
  expect(again.rule).toEqual(first.rule);
  await saveFindings(store.db, other.rule, [makeFinding('2026-11-20')], makeAddressing(), NOW);
  expect(await listAlertRules(store.db)).toMatchObject([
    {
      kind: 'spike',
      username: 'anna',
      platform: 'tiktok',
      threshold: 2.5,
      channels: ['team'],
      events: 0,
      last_fired_at: null,
    },
    { kind: 'spike', username: null, platform: null, threshold: null, events: 1, last_fired_at: NOW.toISOString() },
  ]);
  expect(await removeAlertRule(store.db, other.rule.id)).toMatchObject({ id: other.rule.id });
  expect(await removeAlertRule(store.db, other.rule.id)).toBeUndefined();
  expect(await runSql(store, 'SELECT id FROM alert_events')).toEqual([]);
  expect(await runSql(store, 'SELECT id FROM alert_deliveries')).toEqual([]);
  const audit = await runSql(store, "SELECT action FROM audit_log WHERE table_name = 'alert_rules' ORDER BY id");
  expect(audit).toEqual([{ action: 'add' }, { action: 'add' }, { action: 'remove' }]);
});

test('a finding is an event once, and its way to each channel is stored with it', async () => {
  const rule = await addRule();
  const findings = [makeFinding('2026-11-20')];
  const first = await saveFindings(store.db, rule, findings, makeAddressing(), NOW);
  expect(first).toMatchObject({ fired: [{ date: '2026-11-20', account_id: account }], known: 0, cooling: 0 });
  expect(await saveFindings(store.db, rule, findings, makeAddressing(), after(60))).toEqual({
    fired: [],
    known: 1,
    cooling: 0,
  });
  const [event] = await listAlertEvents(store.db, {});
  expect(event).toEqual({
    id: first.fired[0]?.id,
    rule_id: rule.id,
    kind: 'spike',
    platform: 'tiktok',
    username: 'anna',
    date: '2026-11-20',
    title: 'TikTok @anna did something on 2026-11-20',
    facts: [{ label: 'Observed', value: '1,200' }],
    doubts: ['the provider changed'],
    url: null,
    values: { observed: 1200, expected: null },
    fired_at: NOW.toISOString(),
    deliveries: ['terminal', 'team'].map((channel) => ({
      channel,
      status: 'pending',
      attempts: 0,
      next_attempt_at: channel === 'terminal' ? null : NOW.toISOString(),
      sent_at: null,
      error_message: null,
    })),
  });
});

test('a cool-down keeps back what comes within its days, before and after, of the same subject of the same rule', async () => {
  const rule = await addRule();
  const other = await addRule({ channels: '[]' });
  const save = async (day: string, subject = `account:${account}`, to = rule) => {
    const finding = makeFinding(day, { subject, key: `${subject} ${day}` });
    const { fired, cooling } = await saveFindings(store.db, to, [finding], makeAddressing(), NOW);
    return fired.length === 1 && cooling === 0 ? 'fired' : 'cooling';
  };
  expect(await save('2026-11-10')).toBe('fired');
  expect(await save('2026-11-12')).toBe('cooling');
  expect(await save('2026-11-08')).toBe('cooling');
  expect(await save('2026-11-12', 'another')).toBe('fired');
  expect(await save('2026-11-12', `account:${account}`, other)).toBe('fired');
  expect(await save('2026-11-13')).toBe('fired');
  expect(await save('2026-11-07')).toBe('fired');
});

test('within one check the earliest day of a subject fires, whatever the order', async () => {
  const rule = await addRule();
  const days = ['2026-11-12', '2026-11-10', '2026-11-11', '2026-11-13'];
  const findings = days.map((day) => makeFinding(day));
  const sifted = await siftFindings(store.db, rule, findings);
  const { fired, cooling } = await saveFindings(store.db, rule, findings, makeAddressing(), NOW);
  expect(fired.map(({ date }) => date)).toEqual(['2026-11-10', '2026-11-13']);
  expect(sifted.fresh.map(({ day }) => day)).toEqual(['2026-11-10', '2026-11-13']);
  expect(cooling).toBe(2);
});

test('a rule without a cool-down tells everything, and the same again in one list once', async () => {
  const rule = await addRule({ cooldown_days: 0 });
  const findings = ['2026-11-10', '2026-11-10', '2026-11-11'].map((day) => makeFinding(day));
  const { fired, known } = await saveFindings(store.db, rule, findings, makeAddressing(), NOW);
  expect([fired.length, known]).toEqual([2, 1]);
});

test('a rule that was removed meanwhile tells nothing', async () => {
  const rule = await addRule();
  await removeAlertRule(store.db, rule.id);
  const saved = await saveFindings(store.db, rule, [makeFinding('2026-11-10')], makeAddressing(), NOW);
  expect(saved).toEqual({ fired: [], known: 0, cooling: 0 });
});

test('two who check at once store each event once', async () => {
  const rule = await addRule({ cooldown_days: 0 });
  // Two connections of one process to a SQLite file would wait for each other: processes are another test's.
  const another = store.engine === 'sqlite' ? store : await openAnother(store);
  const findings = Array.from({ length: 20 }, (_, i) => makeFinding(`2026-11-${String(i + 1).padStart(2, '0')}`));
  const saved = await Promise.all(
    [store, another, store, another].map(({ db }, i) =>
      saveFindings(db, rule, findings, makeAddressing({ newMessageId: () => `msg_${i}_${Math.random()}` }), NOW),
    ),
  );
  expect(saved.reduce((sum, { fired }) => sum + fired.length, 0)).toBe(20);
  expect(await runSql(store, 'SELECT count(*) AS n FROM alert_events')).toEqual([{ n: 20 }]);
  expect(await runSql(store, 'SELECT count(*) AS n FROM alert_deliveries')).toEqual([{ n: 40 }]);
});

test('an account that is removed takes its rules and events along', async () => {
  await addRule({ account_id: account as never });
  const all = await addRule();
  await saveFindings(store.db, all, [makeFinding('2026-11-10')], makeAddressing(), NOW);
  await runSql(store, `DELETE FROM social_media_accounts WHERE id = ${account}`);
  expect((await listAlertRules(store.db)).map(({ id, events }) => [id, events])).toEqual([[all.id, 0]]);
});

test('what goes to a channel together is one message, and each has its own on the terminal', async () => {
  const rule = await addRule({ cooldown_days: 0 });
  const findings = ['2026-11-10', '2026-11-11', '2026-11-12'].map((day) => makeFinding(day));
  const addressing = makeAddressing({ channels: ['team', 'hook'], isGrouped: (name) => name === 'team' });
  const { fired } = await saveFindings(store.db, rule, findings, addressing, NOW);
  const ids = fired.map(({ id }) => id);
  const first = await claimMessage(store.db, NOW, after(15));
  expect(first).toEqual({ messageId: 'msg_4', channel: 'team', eventIds: ids, attempts: 1 });
  const second = await claimMessage(store.db, NOW, after(15));
  expect(second).toMatchObject({ channel: 'hook', eventIds: [ids[0]] });
});

test('a claimed message is nobody else’s until its time is over, and can be held on', async () => {
  const rule = await addRule();
  await saveFindings(store.db, rule, [makeFinding('2026-11-10')], makeAddressing(), NOW);
  expect(await claimMessage(store.db, NOW, after(15))).toMatchObject({ messageId: 'msg_2', attempts: 1 });
  expect(await claimMessage(store.db, after(14), after(30))).toBeUndefined();
  await holdMessage(store.db, 'msg_2', after(25));
  expect(await claimMessage(store.db, after(20), after(40))).toBeUndefined();
  expect(await claimMessage(store.db, after(25), after(40))).toMatchObject({ messageId: 'msg_2', attempts: 2 });
  await holdMessage(store.db, 'msg_2', after(50), true);
  await markSent(store.db, 'msg_2', after(26));
  expect(await claimMessage(store.db, after(999), after(1999))).toBeUndefined();
  const [event] = await listAlertEvents(store.db, {});
  expect(event?.deliveries[1]).toMatchObject({ status: 'sent', attempts: 3, sent_at: after(26).toISOString() });
});

test('many processes share the messages, and each is claimed by one', async () => {
  const rule = await addRule({ cooldown_days: 0 });
  const findings = Array.from({ length: 30 }, (_, i) => makeFinding(`2026-11-${String(i + 1).padStart(2, '0')}`));
  await saveFindings(store.db, rule, findings.slice(0, 25), makeAddressing(), NOW);
  const stores =
    store.engine === 'sqlite' ? [store, store] : [store, await openAnother(store), await openAnother(store)];
  const taken = await Promise.all(
    stores.map(async ({ db }) => {
      const mine: string[] = [];
      for (;;) {
        const claimed = await claimMessage(db, NOW, after(15));
        if (!claimed) return mine;
        mine.push(claimed.messageId);
      }
    }),
  );
  expect(taken.flat()).toHaveLength(25);
  expect(new Set(taken.flat()).size).toBe(25);
});

test('what did not arrive waits for its time, is given up without one, and can be sent again', async () => {
  const rule = await addRule();
  await saveFindings(store.db, rule, [makeFinding('2026-11-10')], makeAddressing(), NOW);
  await claimMessage(store.db, NOW, after(15));
  await markUnsent(store.db, 'msg_2', 'it was down', after(3600));
  expect(await claimMessage(store.db, after(3599), after(4000))).toBeUndefined();
  expect(await claimMessage(store.db, after(3600), after(4000))).toMatchObject({ attempts: 2 });
  await markUnsent(store.db, 'msg_2', 'it refused', undefined);
  expect(await claimMessage(store.db, after(99_999), after(199_999))).toBeUndefined();
  const [event] = await listAlertEvents(store.db, {});
  expect(event?.deliveries[1]).toMatchObject({ status: 'failed', error_message: 'it refused', next_attempt_at: null });
  expect(await resendUnsent(store.db, after(5000))).toBe(1);
  expect(await claimMessage(store.db, after(5000), after(6000))).toMatchObject({ attempts: 1 });
});

test('a message that was marked as sent is not unsent by a late failure', async () => {
  const rule = await addRule();
  await saveFindings(store.db, rule, [makeFinding('2026-11-10')], makeAddressing(), NOW);
  await claimMessage(store.db, NOW, after(15));
  await markSent(store.db, 'msg_2', after(1));
  await markUnsent(store.db, 'msg_2', 'too late', undefined);
  const [event] = await listAlertEvents(store.db, {});
  expect(event?.deliveries[1]).toMatchObject({ status: 'sent', error_message: null });
});

test('what nobody has seen is listed until it was shown; the terminal is never claimed', async () => {
  const rule = await addRule({ cooldown_days: 0, channels: '[]' });
  const addressing = makeAddressing({ channels: [] });
  const findings = ['2026-11-10', '2026-11-11'].map((day) => makeFinding(day));
  const { fired } = await saveFindings(store.db, rule, findings, addressing, NOW);
  expect(await claimMessage(store.db, after(99), after(199))).toBeUndefined();
  await markShown(store.db, [fired[0]?.id ?? 0], after(5));
  const unseen = await listAlertEvents(store.db, { isUnseen: true });
  expect(unseen.map(({ date }) => date)).toEqual(['2026-11-11']);
  expect((await listAlertEvents(store.db, {})).map(({ date }) => date)).toEqual(['2026-11-11', '2026-11-10']);
  expect(await listAlertEvents(store.db, { since: after(1) })).toEqual([]);
  expect(await listAlertEvents(store.db, { ids: [] })).toEqual([]);
});
