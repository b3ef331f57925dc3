import { describe, expect, test } from 'vitest';
import { classifyRapidApi, readRapidApiQuota } from '../../src/provider/shared/rapidapi.ts';
import type { Reply } from '../../src/provider/client/failure.ts';
import { readFixture } from './subject.ts';

function reply(status: number, body: unknown, headers: Record<string, string> = {}): Reply {
  const receivedAt = new Date('2026-11-22T10:00:00Z');
  return { receivedAt, status, headers: new Headers(headers), text: JSON.stringify(body), body };
}

const readHeaders = (name: string) => readFixture(`rapidapi/${name}.json`) as Record<string, string>;

describe('the gateway', () => {
  test('says which of its refusals is about the key, the subscription or the person', () => {
    const said = [
      reply(401, readFixture('rapidapi/error-401-invalid-key.json')),
      reply(401, { message: 'Blocked User. Please contact your API provider.' }),
      reply(403, readFixture('rapidapi/error-403-not-subscribed.json')),
      reply(403, undefined),
    ].map((each) => classifyRapidApi(each));
    expect(said.map((failure) => failure?.message)).toEqual([
      'refused the RapidAPI key (401)',
      'has blocked this RapidAPI account (401)',
      'is not part of this RapidAPI key: no subscription (403)',
      'refused the RapidAPI key (403)',
    ]);
    for (const failure of said) expect(failure).toMatchObject({ problem: 'refused', retry: false });
    expect(said.map((failure) => failure?.hint?.includes('credentials.rapidapi_key'))).toEqual([
      true,
      true,
      false,
      false,
    ]);
    expect(said[2]?.hint).toContain('subscribe');
  });

  test('tells a spent quota of a month or a day from too many requests a second', () => {
    const month = classifyRapidApi(reply(429, readFixture('rapidapi/error-429-monthly-quota.json')));
    expect(month).toMatchObject({
      problem: 'quota',
      retry: false,
      message: "says the plan's monthly quota is spent (429)",
    });
    const day = classifyRapidApi(
      reply(429, { message: 'You have exceeded the DAILY quota for Requests on your plan' }),
    );
    expect(day).toMatchObject({ problem: 'quota', message: "says the plan's daily quota is spent (429)" });
    for (const name of ['error-429-per-second', 'error-429-too-many-requests']) {
      const second = classifyRapidApi(reply(429, readFixture(`rapidapi/${name}.json`)));
      expect(second).toMatchObject({ problem: 'rate_limited', retry: true, waitMs: 1_100 });
    }
  });

  test('is waited for as long as its request window lasts, unless it says so itself or the number makes no sense', () => {
    const wait = (headers: Record<string, string>) => classifyRapidApi(reply(429, {}, headers))?.waitMs;
    expect(wait(readHeaders('response-headers-rate-window'))).toBe(41_000);
    expect(wait({ 'x-ratelimit-reset': '41', 'retry-after': '3' })).toBe(3_000);
    for (const reset of ['0', '-1', 'soon', '1795341600', '']) expect(wait({ 'x-ratelimit-reset': reset })).toBe(1_100);
  });

  test('may answer 200 and mean an error', () => {
    const failure = classifyRapidApi(reply(200, readFixture('rapidapi/error-200-status-false.json')));
    expect(failure).toMatchObject({ problem: 'unavailable', retry: true });
    expect(failure?.message).toBe('answered with an error: Something went wrong, try again');
    expect(classifyRapidApi(reply(200, { status: false }))?.message).toContain('no reason given');
    expect(classifyRapidApi(reply(200, { status: false, messages: 'odd plural' }))?.message).toContain('odd plural');
    expect(classifyRapidApi(reply(200, { status: false, message: 'x'.repeat(9_999) }))?.message.length).toBeLessThan(
      300,
    );
  });

  test('leaves everything else to the general rules', () => {
    for (const body of [undefined, null, 0, 'status', [], {}, { status: 0 }, { status: true, message: 'fine' }]) {
      for (const status of [200, 204, 404, 500]) expect(classifyRapidApi(reply(status, body))).toBeUndefined();
    }
  });
});

describe('the quota that the gateway reports', () => {
  const read = (headers: Record<string, string>) => readRapidApiQuota(new Headers(headers));

  test('is read from its headers, and the reset is in seconds', () => {
    expect(read(readHeaders('response-headers'))).toEqual({ limit: 100, remaining: 87, resetsInSeconds: 1_836_211 });
    expect(read(readHeaders('response-headers-rate-window'))).toMatchObject({ limit: 600_000, remaining: 599_911 });
  });

  test('is nothing when a part is missing, garbled or impossible', () => {
    const whole = readHeaders('response-headers');
    for (const name of ['limit', 'remaining', 'reset']) {
      const header = `x-ratelimit-requests-${name}`;
      for (const value of ['', '-1', '1.5', 'unlimited', '1'.repeat(16)]) {
        expect(read({ ...whole, [header]: value }), `${name}: ${value}`).toBeUndefined();
      }
      const { [header]: _, ...rest } = whole;
      expect(read(rest)).toBeUndefined();
    }
    expect(read({ ...whole, 'x-ratelimit-requests-remaining': '101' })).toBeUndefined();
    expect(read({})).toBeUndefined();
  });
});
