import { createConfig, lintFromString } from '@redocly/openapi-core';
import { expect, test } from 'vitest';
import { readRecords } from '../../src/record/read.ts';
import { RECORD_FIELDS, type RecordKind } from '../../src/record/kind.ts';
import { RECORD_SCHEMAS } from '../../src/server/schema-record.ts';
import { createCheck, openApi } from '../helper/api.ts';
import { seedMonths } from './seed.ts';

type Operation = {
  operationId: string;
  summary: string;
  requestBody?: { content: Record<string, { schema: { $ref?: string } }> };
  responses: Record<string, { content?: Record<string, unknown> }>;
};
type Document = {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, { example?: unknown }>; securitySchemes: object };
};

async function describe() {
  const api = await openApi();
  const { body, text } = await api.get('/openapi.json');
  return { api, text, document: body as Document };
}

/** No rule of the recommended ones is turned off. */
test('the description has no fault that a linter knows', async () => {
  const { text } = await describe();
  const config = await createConfig({ extends: ['recommended'] });
  const problems = await lintFromString({ source: text, absoluteRef: '/openapi.json', config });
  expect(problems.map(({ ruleId, message, location }) => `${ruleId}: ${message} ${location[0]?.pointer}`)).toEqual([]);
});

test('every route of the API is described, with its errors and who may call it', async () => {
  const { api, document } = await describe();
  expect(document.openapi).toBe('3.1.0');
  expect(document.components.securitySchemes).toMatchObject({ token: { type: 'http', scheme: 'bearer' } });
  const routes = api.app.routes.filter(({ method }) => method !== 'ALL').map(({ method, path }) => `${method} ${path}`);
  const described = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  // Pages for people, and the description itself.
  const pages = new Set(['GET /', 'GET /assets/:name', 'GET /docs', 'GET /docs.css', 'GET /openapi.json']);
  expect([...new Set(routes)].filter((route) => !pages.has(route)).toSorted()).toEqual(described.toSorted());
  for (const [path, methods] of Object.entries(document.paths)) {
    for (const { responses, operationId } of Object.values(methods)) {
      expect(Object.keys(responses), path).toEqual(expect.arrayContaining(['200', '401', '429', '500']));
      expect(operationId, path).toMatch(/^[a-z][A-Za-z]+$/);
    }
  }
});

test('every body that it gives as an example is accepted', async () => {
  const { api, document } = await describe();
  let posted = 0;
  for (const [path, { post }] of Object.entries(document.paths)) {
    const name = /^#\/components\/schemas\/(.+)$/.exec(
      post?.requestBody?.content['application/json']?.schema.$ref ?? '',
    )?.[1];
    const example = document.components.schemas[name ?? '']?.example;
    if (example === undefined || !path.includes('/metrics/')) continue;
    const reply = await api.post(path, example);
    expect(reply.status, reply.text).toBe(200);
    posted += 1;
  }
  expect(posted).toBe(4);
});

test('every GET that needs no parameter answers as described, on months of numbers', async () => {
  const { api, document } = await describe();
  await seedMonths(api.store);
  for (const [path, { get }] of Object.entries(document.paths)) {
    if (!get || path.endsWith('/events') || path.endsWith('/metrics')) continue;
    const needed = /\/(metrics\/|series)/.test(path) ? '?account_id=1&platform=tiktok' : '';
    const query = path.endsWith('/series')
      ? '?account_id=1'
      : path.endsWith('/account')
        ? '?account=tiktok:anna'
        : needed;
    const reply = await api.get(`${path}${query}`);
    expect(reply.status, `${path}: ${reply.text.slice(0, 200)}`).toBe(200);
  }
});

test('the check of replies finds what does not fit', async () => {
  const { document } = await describe();
  const check = createCheck(document);
  const path = '/api/social-media/metrics/roi';
  const reply = { status: 200, headers: new Headers(), text: '' };
  const fine = { success: true, roi: null, roas: 1, conversion_rate: 0, cost_per_conversion: 0, cost_per_reach: 0 };
  expect(() => check('POST', path, { ...reply, body: fine })).not.toThrow();
  expect(() => check('POST', path, { ...reply, body: { ...fine, roi: '400' } })).toThrow(/roi/);
  expect(() => check('POST', path, { ...reply, body: { ...fine, cpm: 1 } })).toThrow(/additional/);
  expect(() => check('POST', path, { ...reply, status: 418, body: fine })).toThrow(/418/);
  expect(() => check('GET', '/nowhere', { ...reply, status: 404, body: { error: 'x' } })).toThrow(/success/);
});

test.each(Object.keys(RECORD_SCHEMAS) as RecordKind[])('the schema of %s takes whatever is recorded', (kind) => {
  const values = [
    0,
    1,
    12.5,
    -1,
    101,
    1e20,
    '',
    'x',
    '2026-01-31',
    '2026-01-31T12:00:00Z',
    'eur',
    '7',
    null,
    [],
    ['USA'],
    "['USA']",
    true,
    {},
  ];
  const choices = RECORD_FIELDS[kind].flatMap((field) => field.choices ?? []);
  const rest = { daily: {}, content: { post: 'p' }, audience: {}, campaign: { campaign: 'c' } }[kind];
  for (const field of RECORD_FIELDS[kind]) {
    for (const name of [field.name, field.column ?? field.name, ...(field.aliases ?? [])]) {
      for (const value of [...values, ...choices]) {
        const body = { account_id: 1, platform: 'tiktok', ...rest, [name]: value };
        const { problems } = readRecords(kind, [{ fields: body, where: '' }], 'json', '2026-11-22');
        if (problems.length > 0) continue;
        const parsed = RECORD_SCHEMAS[kind].safeParse(body);
        expect(parsed.error?.issues ?? [], `${name} ${JSON.stringify(value)}`).toEqual([]);
      }
    }
  }
});
