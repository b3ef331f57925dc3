import { createHmac, randomBytes } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { expect, test, vi } from 'vitest';
import { sendMessage } from '../../src/send/send.ts';
import { planWebhook, renderWebhook, signWebhook } from '../../src/send/webhook.ts';
import { createSendWorld, MESSAGE, NOW, openReceiver } from './receiver.ts';

const SECRET = `whsec_${randomBytes(32).toString('base64')}`;

/** The scheme as the specification words it, without the library. */
function sign(secret: string, id: string, seconds: number | string, body: string): string {
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
  return `v1,${createHmac('sha256', key).update(`${id}.${seconds}.${body}`).digest('base64')}`;
}

/** The vector that the project's own libraries are tested with: libraries/javascript/src/index.test.ts and its siblings. */
test('the published example', () => {
  const body = '{"test": 2432232314}';
  const signed = signWebhook(
    'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
    'msg_p5jXN8AQM9LWM0D4loKWxJek',
    new Date(1_614_265_330_000),
    body,
  );
  expect(signed).toEqual({
    body,
    headers: {
      'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    },
  });
});

test('what arrives is verified by the library and by hand', async () => {
  const receiver = await openReceiver();
  vi.useFakeTimers({ toFake: ['Date'], now: NOW });
  try {
    const url = new URL(`http://127.0.0.1:${receiver.port}/hook`);
    const message = { ...MESSAGE, title: 'Ünïcode 🎉 \u2028 </script> "quoted"' };
    const result = await sendMessage(
      createSendWorld(),
      { type: 'webhook', name: 'ci', url, allowPrivate: true, secret: SECRET },
      message,
    );
    expect(result).toEqual({ isSent: true });
    const [request] = receiver.received;
    const headers = request?.headers as Record<string, string>;
    const body = request?.body ?? '';
    expect(new Webhook(SECRET).verify(body, headers)).toEqual(JSON.parse(body));
    expect(headers['webhook-timestamp']).toBe('1795348800');
    expect(headers['webhook-signature']).toBe(sign(SECRET, '42', '1795348800', body));
    for (const changed of [`${body} `, body.replace('anna', 'bert')]) {
      expect(() => new Webhook(SECRET).verify(changed, headers)).toThrow('No matching signature');
    }
    expect(() => new Webhook(SECRET).verify(body, { ...headers, 'webhook-id': '43' })).toThrow('No matching signature');
    expect(JSON.parse(body)).toMatchObject({ data: { title: message.title } });
  } finally {
    vi.useRealTimers();
    await receiver.close();
  }
});

test('the body holds what is known, and null for what is not', () => {
  expect(JSON.parse(renderWebhook(MESSAGE))).toEqual({
    type: 'alert.growth-drop',
    timestamp: '2026-11-22T03:00:00.000Z',
    data: {
      title: MESSAGE.title,
      account: { platform: 'tiktok', username: 'anna' },
      day: '2026-11-21',
      facts: MESSAGE.facts,
      doubts: ['the provider changed'],
      url: 'https://www.tiktok.com/@anna',
      values: { observed: 12, expected_low: 120, known: null },
    },
  });
  expect(JSON.parse(renderWebhook({ ...MESSAGE, account: null, url: null })).data).toMatchObject({
    account: null,
    url: null,
  });
});

test('the id stays at every try while the time moves on', () => {
  const later = new Date(NOW.getTime() + 3_600_000);
  const [first, second] = [planWebhook(SECRET, MESSAGE, NOW), planWebhook(SECRET, MESSAGE, later)];
  expect(second.body).toBe(first.body);
  expect(second.headers['webhook-id']).toBe(first.headers['webhook-id']);
  expect(second.headers['webhook-timestamp']).not.toBe(first.headers['webhook-timestamp']);
  expect(second.headers['webhook-signature']).not.toBe(first.headers['webhook-signature']);
});

test.each(['1.2', 'a\r\nx-evil: 1', '', 'ü', 'x'.repeat(500), 'a b'])(
  'no id ends a header or a part of what is signed: %j',
  (id) => {
    const { headers } = planWebhook(SECRET, { ...MESSAGE, id }, NOW);
    expect(headers['webhook-id']).toMatch(/^[A-Za-z0-9_-]{1,64}$/);
    expect(planWebhook(SECRET, { ...MESSAGE, id }, NOW).headers).toEqual(headers);
    expect(planWebhook(SECRET, { ...MESSAGE, id: `${id}x` }, NOW).headers['webhook-id']).not.toBe(
      headers['webhook-id'],
    );
  },
);
