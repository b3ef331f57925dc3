import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { deliverWaiting, toMessage, type DeliveryParts } from '../../src/alert/deliver.ts';
import { SmstatsError } from '../../src/core/errors.ts';
import { listAlertEvents, type AlertEvent } from '../../src/query/list-alert-events.ts';
import type { Channel } from '../../src/send/channel.ts';
import { saveAlertRule, saveFindings } from '../../src/store/alert.ts';
import { claimMessage } from '../../src/store/alert-delivery.ts';
import type { Store } from '../../src/store/open.ts';
import { openTempStore } from '../helper/temp-store.ts';
import { startWebhookServer, type Answer, type WebhookServer } from '../helper/webhook-server.ts';

const NOW = new Date('2026-11-22T10:00:00Z');

let store: Store;
let server: WebhookServer;
let now: Date;
let slept: number[];
beforeEach(async () => {
  store = await openTempStore();
  now = NOW;
  slept = [];
});
afterEach(async () => {
  vi.useRealTimers();
  await server.close();
});

async function fire(count: number, channels: string[] = ['hook']): Promise<void> {
  const { rule } = await saveAlertRule(store.db, {
    kind: 'quota',
    account_id: null,
    platform: null,
    brand: null,
    metric: null,
    threshold: null,
    days: null,
    cooldown_days: 0,
    channels: JSON.stringify(channels),
  });
  const findings = Array.from({ length: count }, (_, i) => ({
    subject: `provider:${i}`,
    key: `provider:${i}`,
    accountId: null,
    day: '2026-11-22',
    title: `Event ${i}`,
    facts: [],
    doubts: [],
    url: null,
    values: {},
  }));
  let id = 0;
  const addressing = { channels, isGrouped: () => false, newMessageId: () => `msg_${++id}` };
  await saveFindings(store.db, rule, findings, addressing, NOW);
}

async function parts(answer?: (id: string, count: number) => Answer, names = ['hook']): Promise<DeliveryParts> {
  server = await startWebhookServer(answer);
  const url = new URL(server.url);
  return {
    db: store.db,
    world: { now: () => now, lookUp: () => Promise.resolve(['127.0.0.1']) },
    channel(name): Channel {
      if (!names.includes(name)) throw new SmstatsError('usage', `There is no channel ${name}.`, { hint: 'make one' });
      return { type: 'webhook', name, url, allowPrivate: true, secret: server.secret };
    },
    sleep: (ms) => {
      slept.push(ms);
      now = new Date(now.getTime() + ms);
      return Promise.resolve();
    },
  };
}

const states = async () =>
  (await listAlertEvents(store.db, {}))
    .flatMap(({ deliveries }) => deliveries.filter(({ channel }) => channel !== 'terminal'))
    .map(({ channel, status, attempts }) => [channel, status, attempts])
    .toReversed();

test('messages go in order, each once; a second run has nothing to do', async () => {
  await fire(3);
  const world = await parts();
  expect(await deliverWaiting(world)).toEqual({ sent: 3, unsent: [] });
  expect(server.taken.map(({ id }) => id)).toEqual(['msg_4', 'msg_5', 'msg_6']);
  expect(await deliverWaiting(world)).toEqual({ sent: 0, unsent: [] });
  expect(server.requests).toBe(3);
});

test('a receiver that fails twice gets the message at the third try, and waits as long as it said', async () => {
  await fire(1);
  const world = await parts((_, count) =>
    count === 1 ? { status: 429, headers: { 'retry-after': '4' } } : { status: count < 3 ? 500 : 200 },
  );
  expect(await deliverWaiting(world)).toEqual({ sent: 1, unsent: [] });
  expect(slept).toEqual([4000, 3000]);
  expect(await states()).toEqual([['hook', 'sent', 3]]);
});

test('a channel that is down is left alone for the run; another one is not', async () => {
  await fire(3, ['down', 'hook']);
  const world = await parts(undefined, ['hook']);
  const { sent, unsent } = await deliverWaiting(world);
  expect(sent).toBe(3);
  expect(unsent).toEqual([
    { channel: 'down', reason: 'There is no channel down. make one', nextAt: new Date('2026-11-22T10:55:00Z') },
  ]);
  expect((await states()).filter(([name]) => name === 'down')).toEqual([
    ['down', 'pending', 1],
    ['down', 'pending', 0],
    ['down', 'pending', 0],
  ]);
});

test('a message that is refused is given up, and the next one is tried all the same', async () => {
  await fire(3);
  const world = await parts((id) => ({ status: id === 'msg_5' ? 400 : 200 }));
  const { sent, unsent } = await deliverWaiting(world);
  expect([sent, unsent.map(({ nextAt }) => nextAt)]).toEqual([2, [undefined]]);
  expect(await states()).toEqual([
    ['hook', 'sent', 1],
    ['hook', 'failed', 1],
    ['hook', 'sent', 1],
  ]);
});

test('a receiver that stays down is asked for days, less and less often, and given up then', async () => {
  await fire(1);
  const world = await parts(() => ({ status: 503 }));
  const waits: number[] = [];
  for (let round = 0; round < 50; round++) {
    const { unsent } = await deliverWaiting(world);
    const nextAt = unsent[0]?.nextAt;
    if (!nextAt) break;
    waits.push(Math.round((nextAt.getTime() - now.getTime()) / 3_600_000));
    now = nextAt;
  }
  expect(waits).toEqual([1, 2, 4, 8, 8, 8, 8, 8, 8, 8, 8]);
  expect(await states()).toEqual([['hook', 'failed', 36]]);
});

test('what a process sends slowly stays in its hands', async () => {
  await fire(1);
  let release = () => {};
  const world = await parts();
  const slow = new Promise<readonly string[]>((resolve) => (release = () => resolve(['127.0.0.1'])));
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  world.world.lookUp = () => slow;
  // A name has to be looked up; an address has not.
  world.channel = (name): Channel => ({
    type: 'webhook',
    name,
    url: new URL(server.url.replace('127.0.0.1', 'hook.test')),
    allowPrivate: true,
    secret: server.secret,
  });
  const running = deliverWaiting(world);
  await vi.waitFor(async () => expect(await states()).toEqual([['hook', 'pending', 1]]));
  for (let i = 0; i < 10; i++) {
    now = new Date(now.getTime() + 5000);
    await vi.advanceTimersByTimeAsync(5000);
    expect(await claimMessage(store.db, now, now)).toBeUndefined();
  }
  release();
  expect(await running).toEqual({ sent: 1, unsent: [] });
});

test('a run that is to end begins nothing more', async () => {
  await fire(2);
  const controller = new AbortController();
  const world = await parts((id) => {
    if (id === 'msg_3') controller.abort();
    return { status: 200 };
  });
  expect(await deliverWaiting({ ...world, stop: controller.signal })).toEqual({ sent: 1, unsent: [] });
  expect(await states()).toEqual([
    ['hook', 'sent', 1],
    ['hook', 'pending', 0],
  ]);
});

test('many events are one message that names twenty of them', async () => {
  await fire(23);
  server = await startWebhookServer();
  const events = (await listAlertEvents(store.db, {})).toReversed();
  const message = toMessage('msg_x', events);
  expect(message).toMatchObject({ type: 'alert.quota', title: '23 alerts of the rule quota', values: { events: 23 } });
  expect(message.facts).toHaveLength(21);
  expect(message.facts[0]).toEqual({ label: '2026-11-22', value: 'Event 0' });
  expect(message.facts[20]?.value).toBe('3 more: smstats alerts list --events');
  const many = toMessage(
    'msg_1',
    Array.from({ length: 10_000 }, () => events[0] as AlertEvent),
  );
  expect(many.title).toBe('10,000 alerts of the rule quota');
  expect(many.facts[20]?.value).toBe('9,980 more: smstats alerts list --events');
  const one = toMessage('msg_y', [events[4] as AlertEvent]);
  expect(one).toMatchObject({ title: 'Event 4', account: null, values: { event_id: events[4]?.id } });
});
