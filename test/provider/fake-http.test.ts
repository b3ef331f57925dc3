import { describe, expect, test } from 'vitest';
import { createFakeHttp, createFakeWorld, json, stall } from '../helper/fake-http.ts';

describe('the fake network', () => {
  test('answers each stub once, and fails on a request that nobody foresaw', async () => {
    const http = createFakeHttp().on({ host: 'api.example', path: '/a', query: { page: '1' } }, json({ ok: true }));
    const response = await http.fetch('https://api.example/a?page=1&other=2', { headers: { 'x-key': 'k' } });
    expect(await response.json()).toEqual({ ok: true });
    expect(http.requests[0]?.headers.get('x-key')).toBe('k');
    http.verify();
    await expect(http.fetch('https://api.example/a?page=1')).rejects.toThrow(
      'no stub for GET https://api.example/a?page=1',
    );
    expect(() => http.verify()).toThrow('unforeseen request: GET https://api.example/a?page=1');
  });

  test('fails on a stub that nobody used', () => {
    const http = createFakeHttp().on({ path: '/never' }, json({}));
    expect(() => http.verify()).toThrow('stub never used: {"path":"/never"}');
  });

  test('keeps the order of ordered stubs, and lets the others come whenever they like', async () => {
    const http = createFakeHttp()
      .next({ path: '/1' }, json('1'))
      .next({ path: '/2' }, json('2'))
      .on({ path: '/x' }, json('3'));
    await expect(http.fetch('https://api.example/2')).rejects.toThrow('no stub');
    for (const [path, text] of [
      ['x', '3'],
      ['1', '1'],
      ['2', '2'],
    ]) {
      expect(await (await http.fetch(`https://api.example/${path}`)).text()).toBe(text);
    }
    expect(() => http.verify()).toThrow('unforeseen request: GET https://api.example/2');
  });

  test('ends a stalled request when the caller gives up', async () => {
    const http = createFakeHttp().on(() => true, stall);
    const controller = new AbortController();
    const request = http.fetch('https://api.example/', { signal: controller.signal });
    controller.abort(new Error('enough'));
    await expect(request).rejects.toThrow('enough');
  });
});

test('the fake clock moves only when somebody sleeps', async () => {
  const world = createFakeWorld(createFakeHttp().fetch);
  const start = world.now().getTime();
  await world.sleep(1_500);
  world.advance(500);
  expect(world.now().getTime() - start).toBe(2_000);
  expect(world.sleeps).toEqual([1_500]);
  await expect(world.sleep(1, AbortSignal.abort(new Error('over')))).rejects.toThrow('over');
  expect(world.sleeps).toEqual([1_500]);
});
