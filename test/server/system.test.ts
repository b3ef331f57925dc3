import { describe, expect, test, vi } from 'vitest';
import type { Hono } from 'hono';
import type { ServerEnv } from '../../src/server/parts.ts';
import { saveAudit } from '../../src/store/audit.ts';
import { SCHEMA_VERSION } from '../../src/store/schema.ts';
import { createToken, revokeToken } from '../../src/store/token.ts';
import { ask, guardedApp, makeParts, type TestParts } from '../helper/guarded-app.ts';
import { parsePrometheus } from '../helper/prometheus.ts';
import { runSql, seedAccount, seedDay } from '../helper/temp-store.ts';

/** Reads a stream of events as it comes. */
async function listenTo(app: Hono<ServerEnv>, headers: Record<string, string> = {}) {
  const response = await ask(app, 'GET', '/api/social-media/events', headers);
  const reader = response.body?.getReader();
  let text = '';
  let isOver = false;
  void (async () => {
    for (;;) {
      const { done, value } = (await reader?.read().catch(() => undefined)) ?? { done: true, value: undefined };
      if (done) break;
      text += Buffer.from(value as Uint8Array).toString();
    }
    isOver = true;
  })();
  return {
    response,
    events: () => text.split('\n\n').filter((each) => each.startsWith('event:')),
    text: () => text,
    isOver: () => isOver,
    stop: () => reader?.cancel(),
  };
}

describe('/healthz', () => {
  test('is well when the database answers, and says of what version', async () => {
    const app = guardedApp(await makeParts());
    const response = await ask(app, 'GET', '/healthz');
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ status: 'ok', version: '0.0.0-test', schema: SCHEMA_VERSION });
    expect((await ask(app, 'HEAD', '/healthz')).status).toBe(200);
  });

  test('tells a stranger that it is well, and nothing else', async () => {
    const parts = await makeParts({ host: '192.168.1.5' });
    const made = await createToken(parts.store.db, { name: 'a', scope: 'read', expiresAt: null }, parts.clock.now);
    const app = guardedApp(parts);
    const headers = { host: '192.168.1.5:8001' };
    expect(await (await ask(app, 'GET', '/healthz', headers)).json()).toEqual({ status: 'ok' });
    const known = await ask(app, 'GET', '/healthz', { ...headers, authorization: `Bearer ${made?.token}` });
    expect(await known.json()).toMatchObject({ version: '0.0.0-test' });
  });

  test('is not well when the database does not answer', async () => {
    const parts = await makeParts();
    const app = guardedApp(parts);
    await (await parts.context.openStore()).close();
    const response = await ask(app, 'GET', '/healthz');
    expect(response.status).toBe(503);
    expect(await response.json()).toEqual({ status: 'unavailable' });
  });

  test('nor when it takes too long', async () => {
    const parts = await makeParts();
    vi.spyOn(parts.context, 'openStore').mockResolvedValue({
      ...parts.store,
      db: { getExecutor: () => ({ transformQuery: () => new Promise(() => {}) }) },
    } as never);
    const start = performance.now();
    expect((await ask(guardedApp(parts), 'GET', '/healthz')).status).toBe(503);
    expect(performance.now() - start).toBeLessThan(4_000);
  });
});

describe('/metrics', () => {
  const read = async (app: Hono<ServerEnv>) => {
    const response = await ask(app, 'GET', '/metrics');
    expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    return parsePrometheus(await response.text());
  };
  const valueOf = (samples: Awaited<ReturnType<typeof read>>, name: string, labels: Record<string, string> = {}) =>
    samples.find(
      (each) => each.name === name && Object.entries(labels).every(([key, value]) => each.labels[key] === value),
    )?.value;

  test('holds what the server counts, in Prometheus own format', async () => {
    const app = guardedApp(await makeParts());
    for (const path of ['/api/echo', '/api/echo?a=1', '/nothing', '/api/broken']) await ask(app, 'GET', path);
    await ask(app, 'GET', '/api/echo', { host: 'evil.example' });
    await ask(app, 'BREW', '/api/echo');
    const samples = await read(app);
    const requests = (route: string, status: string, method = 'GET') =>
      valueOf(samples, 'smstats_http_requests_total', { route, status, method });
    expect(requests('/api/echo', '200')).toBe(2);
    expect(requests('/api/echo', '421')).toBe(1);
    expect(requests('none', '404')).toBe(1);
    expect(requests('/api/broken', '500')).toBe(1);
    expect(requests('none', '405', 'other')).toBe(1);
    expect(valueOf(samples, 'smstats_http_request_duration_seconds_count', { route: '/api/echo' })).toBe(3);
    expect(valueOf(samples, 'smstats_http_requests_in_flight')).toBe(1);
    expect(valueOf(samples, 'smstats_http_rate_limited_total')).toBe(0);
  });

  test('holds how the numbers stand: size, freshness, failures, quotas', async () => {
    const parts = await makeParts();
    const { store } = parts;
    const [anna, bert] = [await seedAccount(store, 'anna'), await seedAccount(store, 'bert')];
    await seedAccount(store, 'zoe', { is_active: 0 });
    await seedAccount(store, 'new');
    await seedAccount(store, 'q"\\\nx', { platform: 'own"\\\nplatform' });
    await seedDay(store, anna, '2026-11-22');
    await seedDay(store, bert, '2026-11-15');
    await runSql(
      store,
      `INSERT INTO analytics_fetch_jobs (account_id, status, date) VALUES (${bert}, 'completed', '2026-11-15'), (${bert}, 'failed', '2026-11-21')`,
    );
    await runSql(
      store,
      `INSERT INTO api_usage_tracking (provider_name, platform, endpoint, date) VALUES ('tiktok-scraper7', 'tiktok', '/user/info', '2026-11-22')`,
    );
    const samples = await read(guardedApp(parts));
    const tiktok = { platform: 'tiktok' };
    expect(valueOf(samples, 'smstats_accounts', { ...tiktok, state: 'active' })).toBe(3);
    expect(valueOf(samples, 'smstats_accounts', { ...tiktok, state: 'paused' })).toBe(1);
    expect(valueOf(samples, 'smstats_newest_snapshot_age_days', tiktok)).toBe(0);
    expect(valueOf(samples, 'smstats_oldest_snapshot_age_days', tiktok)).toBe(7);
    expect(valueOf(samples, 'smstats_oldest_snapshot_age_days', { platform: 'own"\\\nplatform' })).toBeUndefined();
    expect(valueOf(samples, 'smstats_failed_fetches', tiktok)).toBe(1);
    expect(valueOf(samples, 'smstats_failed_fetches', { platform: 'own"\\\nplatform' })).toBe(0);
    expect(valueOf(samples, 'smstats_quota_used', { provider: 'tiktok-scraper7' })).toBe(1);
    expect(valueOf(samples, 'smstats_quota_allowed', { provider: 'tiktok-scraper7' })).toBe(480_000);
    expect(valueOf(samples, 'smstats_database_bytes')).toBeGreaterThan(10_000);
    const build = samples.find(({ name }) => name === 'smstats_build_info');
    expect(build?.labels).toEqual({ version: '0.0.0-test', schema: String(SCHEMA_VERSION), engine: store.engine });
  });
});

describe('/api/social-media/events', () => {
  /** A change by another process, or by this one. */
  const write = ({ store }: TestParts) => saveAudit(store.db, { action: 'add', table: 'x', rowId: 1 });

  test('tells who listens that something was written, once, and that it is still there', async () => {
    const parts = await makeParts();
    const listener = await listenTo(guardedApp(parts));
    expect(listener.response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    await vi.waitFor(() => expect(listener.text()).toContain(': listening'));
    await vi.waitFor(() => expect(listener.text()).toContain(': still here'), 2_000);
    expect(listener.events()).toEqual([]);
    await write(parts);
    await vi.waitFor(() => expect(listener.events()).toHaveLength(1), 2_000);
    expect(listener.events()[0]).toMatch(/^event: data-changed\nid: [\d.]+\ndata: {"at":"2026-11-22T10:00:00.000Z"}$/);
    await new Promise((done) => setTimeout(done, 200));
    expect(listener.events()).toHaveLength(1);
    await listener.stop();
  });

  test('lets go who listens with a token that is revoked or over, and tells it nothing more', async () => {
    const parts = await makeParts({ host: '192.168.1.5' });
    const { db } = parts.store;
    const app = guardedApp(parts);
    const listenAs = async (name: string, expiresAt: Date | null = null) => {
      const made = await createToken(db, { name, scope: 'read', expiresAt }, parts.clock.now);
      return listenTo(app, { host: '192.168.1.5:8001', authorization: `Bearer ${made?.token}` });
    };
    const soon = new Date(parts.clock.now.getTime() + 1_000);
    const [revoked, over, kept] = [await listenAs('revoked'), await listenAs('over', soon), await listenAs('kept')];
    await vi.waitFor(() => expect(kept.text()).toContain(': still here'), 2_000);
    // Making a token is told as well.
    await new Promise((done) => setTimeout(done, 100));
    const told = revoked.events();
    await revokeToken(db, 'revoked', parts.clock.now);
    await vi.waitFor(() => expect(revoked.isOver()).toBe(true), 2_000);
    parts.clock.now = new Date(soon.getTime() + 1);
    await vi.waitFor(() => expect(over.isOver()).toBe(true), 2_000);
    expect(kept.isOver()).toBe(false);
    expect(revoked.events()).toEqual(told);
    await kept.stop();
  });

  test('tells of a fetch as well, and of what this very process writes', async () => {
    const parts = await makeParts();
    const id = await seedAccount(parts.store);
    const listener = await listenTo(guardedApp(parts));
    await new Promise((done) => setTimeout(done, 100));
    await runSql(
      parts.store,
      `UPDATE social_media_accounts SET last_fetched_at = '2026-11-22T10:00:00.000Z' WHERE id = ${id}`,
    );
    await vi.waitFor(() => expect(listener.events()).toHaveLength(1), 2_000);
    await saveAudit((await parts.context.openStore()).db, { action: 'record', table: 'x', rowId: 1 }, 'api');
    await vi.waitFor(() => expect(listener.events()).toHaveLength(2), 2_000);
    await listener.stop();
  });

  test('tells who comes back what changed in between', async () => {
    const parts = await makeParts();
    const app = guardedApp(parts);
    const first = await listenTo(app);
    await new Promise((done) => setTimeout(done, 100));
    await write(parts);
    await vi.waitFor(() => expect(first.events()).toHaveLength(1), 2_000);
    const id = /id: (.*)/.exec(first.events()[0] as string)?.[1] as string;
    await first.stop();
    const same = await listenTo(app, { 'last-event-id': id });
    await new Promise((done) => setTimeout(done, 100));
    expect(same.events()).toEqual([]);
    await same.stop();
    await write(parts);
    const late = await listenTo(app, { 'last-event-id': id });
    await vi.waitFor(() => expect(late.events()).toHaveLength(1), 2_000);
    await late.stop();
  });

  test('asks the database only while somebody listens', async () => {
    const parts = await makeParts();
    const openStore = vi.spyOn(parts.context, 'openStore');
    const listener = await listenTo(guardedApp(parts));
    await vi.waitFor(() => expect(openStore.mock.calls.length).toBeGreaterThan(2), 2_000);
    await listener.stop();
    await new Promise((done) => setTimeout(done, 100));
    const asked = openStore.mock.calls.length;
    await new Promise((done) => setTimeout(done, 200));
    expect(openStore.mock.calls.length).toBe(asked);
  });

  test('has room for fifty; who ends makes room, and the server ends them all', async () => {
    const parts = await makeParts();
    const app = guardedApp(parts);
    const all = await Promise.all(Array.from({ length: 100 }, () => listenTo(app)));
    const open = all.filter(({ response }) => response.status === 200);
    expect(open).toHaveLength(50);
    const refused = all.find(({ response }) => response.status === 503);
    expect(refused?.response.headers.get('retry-after')).toBe('30');
    expect((await ask(app, 'HEAD', '/api/social-media/events')).status).toBe(200);
    await open[0]?.stop();
    const next = await listenTo(app);
    expect(next.response.status).toBe(200);
    parts.stop();
    await vi.waitFor(() => expect([next, ...open].every(({ isOver }) => isOver())).toBe(true), 2_000);
    expect((await listenTo(app)).response.status).toBe(503);
  });

  test('goes on when the database is away for a moment', async () => {
    const parts = await makeParts();
    const listener = await listenTo(guardedApp(parts));
    await vi.waitFor(() => expect(listener.text()).toContain(': listening'));
    const away = vi.spyOn(parts.context, 'openStore').mockRejectedValue(new Error('away'));
    await new Promise((done) => setTimeout(done, 150));
    away.mockRestore();
    await write(parts);
    await vi.waitFor(() => expect(listener.events()).toHaveLength(1), 2_000);
    await listener.stop();
  });
});
