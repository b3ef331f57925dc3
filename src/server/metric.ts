import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import { findAccountSummary, type AccountSummary } from '../query/find-account-summary.ts';
import { listAccountDays } from '../query/list-account-days.ts';
import { listAudience } from '../query/list-audience.ts';
import { listTopContent } from '../query/list-top-content.ts';
import { ACCOUNT_QUERY, findAccountOf, readQuery, wholeQuery } from './account.ts';
import { Failure } from './failure.ts';
import { addRecordRoutes } from './metric-record.ts';
import type { ServerEnv, ServerParts } from './parts.ts';
import { failureResponses, jsonResponse } from './schema-failure.ts';
import { AUDIENCE, CONTENT, DAYS, SUMMARY } from './schema-reply.ts';

const WHOSE = z.object(ACCOUNT_QUERY);
const BY_DAY = z.object({
  ...ACCOUNT_QUERY,
  days: wholeQuery('days', 1, 3650, 30, 'How many days, counted back from the newest one that is known.'),
});
const BEST = z.object({ ...ACCOUNT_QUERY, limit: wholeQuery('limit', 1, 1000, 10, 'Posts at most.') });

/** What is recorded and read of one account: `/api/social-media/metrics/…`. */
export function metricRoutes(parts: ServerParts): OpenAPIHono<ServerEnv> {
  const app = new OpenAPIHono<ServerEnv>();
  const { context } = parts;
  const store = () => context.openStore({ create: true });
  addRecordRoutes(app, parts);

  declare(app, 'daily', BY_DAY, DAYS, {
    summary: 'The metrics of an account day by day',
    description:
      'Newest first: what was reported of each day. A day that was only fetched tells its followers; its metric_id is null.',
  });
  app.get('/api/social-media/metrics/daily', async (c) => {
    const query = readQuery(c, BY_DAY);
    const account = await findAccountOf(context, query);
    const metrics = await listAccountDays((await store()).db, account, query.days);
    return c.json({ success: true, metrics, count: metrics.length, platform: account.platform });
  });

  declare(app, 'summary', WHOSE, SUMMARY, {
    summary: 'An account in eight numbers',
    description: `Over the 30 days up to latest_update, from what was reported and what was fetched; of a day that has
both, what was reported counts. Growth is the last known followers less those 30 days before, or on the nearest earlier
day that is known, or in a younger history on its first one. avg_engagement is of the rates reported for those days,
weighted by their reach, or impressions, or followers, whichever is known of all of them; when none was reported, the
rate of the newest fetch.`.replaceAll('\n', ' '),
  });
  app.get('/api/social-media/metrics/summary', async (c) => {
    const account = await findAccountOf(context, readQuery(c, WHOSE));
    const summary = await findAccountSummary((await store()).db, account);
    if (!summary) throw nothing(account);
    return c.json({ success: true, summary: rounded(summary) });
  });

  declare(app, 'content', BEST, CONTENT, {
    summary: 'The best posts of an account',
    description:
      'The most views first; the most likes first where no post tells its views. Numbers are the latest ones.',
  });
  app.get('/api/social-media/metrics/content', async (c) => {
    const query = readQuery(c, BEST);
    const account = await findAccountOf(context, query);
    const posts = await listTopContent((await store()).db, account, query.limit);
    return c.json({ success: true, top_content: posts, count: posts.length });
  });

  declare(app, 'audience', WHOSE, AUDIENCE, {
    summary: 'Who sees an account',
    description:
      'The newest audience that is known. Percentages are of the part of the audience that the platform knows.',
  });
  app.get('/api/social-media/metrics/audience', async (c) => {
    const account = await findAccountOf(context, readQuery(c, WHOSE));
    const [row] = await listAudience((await store()).db, account);
    if (!row) throw nothing(account);
    const { username: _, ...demographics } = row;
    return c.json({ success: true, demographics });
  });
  return app;
}

function declare(
  app: OpenAPIHono<ServerEnv>,
  name: string,
  query: z.ZodObject,
  reply: z.ZodType,
  words: { summary: string; description: string },
): void {
  app.openAPIRegistry.registerPath(
    createRoute({
      method: 'get',
      path: `/api/social-media/metrics/${name}`,
      operationId: `get${name[0]?.toUpperCase()}${name.slice(1)}`,
      tags: ['Metrics'],
      ...words,
      request: { query },
      responses: { 200: jsonResponse('What is known.', reply), ...failureResponses('bad_request', 'not_found') },
    }),
  );
}

function nothing({ platform, username }: { platform: string; username: string }): Failure {
  return new Failure('not_found', `Nothing of that is known of ${platform} @${username} yet.`);
}

/** As people read percentages; what is stored keeps all its digits. */
function rounded(summary: AccountSummary): AccountSummary {
  const round = (value: number | null) => (value === null ? null : Number(value.toFixed(2)));
  return { ...summary, growth_rate: round(summary.growth_rate), avg_engagement: round(summary.avg_engagement) };
}
