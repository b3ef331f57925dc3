import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import type { Context as Call } from 'hono';
import { dayIn } from '../core/time.ts';
import type { RecordKind } from '../record/kind.ts';
import { listRatioLines } from '../record/ratio-line.ts';
import { recordAll, RecordError, type Outcome } from '../record/record.ts';
import { MOST_RECORDS, nameItem, readBatch, readOne } from './batch.ts';
import { readJson } from './metric-body.ts';
import type { ServerEnv, ServerParts } from './parts.ts';
import { failureResponses, jsonResponse } from './schema-failure.ts';
import { RECORD_SCHEMAS } from './schema-record.ts';
import { RATIOS, RECORDED, RECORDED_BATCH, RECORDED_DAY } from './schema-reply.ts';

const RATIO_KEYS = ['roi', 'roas', 'conversion_rate', 'cost_per_conversion', 'cost_per_reach'];

const WHOSE = `account_id and platform name the account: the one of that id if it is on the platform, else the one of
the same brand there. When there is none it is added, for what is recorded only: no fetch asks for it, and the setting
api.create_accounts turns that off.`.replaceAll('\n', ' ');
const AGAIN = 'Null and left out are unknown; the same day again updates what is given and keeps the rest.';

/** What can be recorded, and how it is answered. */
const ROUTES = {
  daily: {
    kind: 'daily',
    summary: 'Record what a platform reports for an account on a day',
    description: `Without a date it is today, in the time zone of the configuration. ${AGAIN} ${WHOSE}`,
    message: 'Daily metrics recorded',
    reply: RECORDED_DAY,
    example: { success: true, message: 'Daily metrics recorded', date: '2025-10-23' },
  },
  content: {
    kind: 'content',
    summary: "Record a post's numbers on a day",
    description: `post is its id or its URL; one that is not stored is added. The engagement rate is computed from what
is known of reach, impressions, views or followers when it is not given. ${AGAIN} ${WHOSE}`.replaceAll('\n', ' '),
    message: 'Content performance recorded',
    reply: RECORDED,
    example: { success: true, message: 'Content performance recorded' },
  },
  audience: {
    kind: 'audience',
    summary: "Record an account's audience on a day",
    description: `Percentages from 0 to 100; ages, and genders, add up to 100 at most. top_countries and top_cities are
arrays, or the text of one: "['USA', 'UK']". ${AGAIN} ${WHOSE}`.replaceAll('\n', ' '),
    message: 'Demographics recorded',
    reply: RECORDED,
    example: { success: true, message: 'Demographics recorded' },
  },
  roi: {
    kind: 'campaign',
    summary: 'Record what a campaign cost and brought, and get its ratios',
    description:
      `The ratios are of all that is known of the campaign, rounded in the reply only. One whose denominator is
0 or not known is null. The campaign may be of no account. ${WHOSE}`.replaceAll('\n', ' '),
    message: '',
    reply: RATIOS,
    example: {
      success: true,
      roi: 400,
      roas: 5,
      conversion_rate: 0.03,
      cost_per_conversion: 33.33,
      cost_per_reach: 0.0333,
    },
  },
} as const satisfies Record<string, { kind: RecordKind } & Record<string, unknown>>;

type RouteName = keyof typeof ROUTES;

/** Declares and answers the routes that record. */
export function addRecordRoutes(app: OpenAPIHono<ServerEnv>, parts: ServerParts): void {
  for (const name of Object.keys(ROUTES) as RouteName[]) {
    addOne(app, parts, name);
    if (name !== 'roi') addBatch(app, parts, name);
  }
}

function addOne(app: OpenAPIHono<ServerEnv>, parts: ServerParts, name: RouteName): void {
  const { kind, summary, description, message, reply, example } = ROUTES[name];
  const path = `/api/social-media/metrics/${name}`;
  app.openAPIRegistry.registerPath(
    createRoute({
      method: 'post',
      path,
      operationId: `record${capital(name)}`,
      tags: ['Metrics'],
      summary,
      description,
      request: { body: { required: true, content: { 'application/json': { schema: RECORD_SCHEMAS[kind] } } } },
      responses: {
        200: jsonResponse('It is stored.', reply, example),
        ...failureResponses('bad_request', 'not_found', 'too_large', 'unsupported_media_type'),
      },
    }),
  );
  app.post(path, async (c) => {
    const body = await readJson(c);
    const [outcome] = await record(parts, (today) => [readOne(kind, body, today)]);
    if (name === 'roi') return c.json({ success: true, ...ratiosOf(outcome as Outcome) });
    return c.json({ success: true, message, ...(name === 'daily' && { date: outcome?.record.day }) });
  });
}

function addBatch(app: OpenAPIHono<ServerEnv>, parts: ServerParts, name: Exclude<RouteName, 'roi'>): void {
  const { kind, summary, message } = ROUTES[name];
  const path = `/api/social-media/metrics/${name}/batch`;
  const items = RECORD_SCHEMAS[kind].array().min(1).max(MOST_RECORDS);
  app.openAPIRegistry.registerPath(
    createRoute({
      method: 'post',
      path,
      operationId: `record${capital(name)}Batch`,
      tags: ['Metrics'],
      summary: `${summary}, up to ${MOST_RECORDS} at once`,
      description: 'All of them are stored, or none: the error then lists every bad item by its index.',
      request: { body: { required: true, content: { 'application/json': { schema: items } } } },
      responses: {
        200: jsonResponse('All of them are stored.', RECORDED_BATCH, { success: true, message, count: 2 }),
        ...failureResponses('bad_request', 'not_found', 'too_large', 'unsupported_media_type'),
      },
    }),
  );
  app.post(path, async (c: Call<ServerEnv>) => {
    const body = await readJson(c);
    const outcomes = await record(parts, (today) => readBatch(kind, body, today));
    return c.json({ success: true, message, count: outcomes.length });
  });
}

async function record({ context }: ServerParts, read: (today: string) => Parameters<typeof recordAll>[1]) {
  const { timezone, currency, api } = await context.config();
  const now = context.now();
  const records = read(dayIn(timezone, now));
  const { db } = await context.openStore({ create: true });
  const options = { create: api.createAccounts, byBrand: true, currency };
  try {
    return await recordAll(db, records, options, { actor: 'api', now });
  } catch (error) {
    throw error instanceof RecordError ? nameItem(error, records) : error;
  }
}

function ratiosOf({ ratios }: Outcome): Record<string, number | null> {
  const lines = listRatioLines(ratios as NonNullable<Outcome['ratios']>);
  return Object.fromEntries(RATIO_KEYS.map((key) => [key, lines.find(({ name }) => name === key)?.value ?? null]));
}

function capital(name: string): string {
  return `${name[0]?.toUpperCase()}${name.slice(1)}`;
}
