import { createRoute, z } from '@hono/zod-openapi';
import { webLink } from '../core/web-link.ts';
import { listAlertEvents } from '../query/list-alert-events.ts';
import { createBoard, repliesOf, wholeQuery } from './board-request.ts';
import { ALERTS } from './board-run-schema.ts';
import type { ServerParts } from './parts.ts';

const DAY_MS = 86_400_000;

const route = createRoute({
  method: 'get',
  path: '/api/social-media/alerts',
  tags: ['dashboard'],
  summary: 'what the alert rules found, and who was told',
  request: { query: z.object({ days: wholeQuery(1, 3650, 30), limit: wholeQuery(1, 1000, 100) }) },
  responses: repliesOf('The newest first.', ALERTS),
});

/** What fired. */
export function boardAlertRoutes({ context }: ServerParts) {
  return createBoard().openapi(route, async (c) => {
    const { days, limit } = c.req.valid('query');
    const { db } = await context.openStore();
    const since = new Date(context.now().getTime() - days * DAY_MS);
    const events = await listAlertEvents(db, { since, limit });
    const data = {
      days,
      events: events.map((event) => ({
        event_id: String(event.id),
        kind: event.kind,
        platform: event.platform,
        username: event.username,
        date: event.date,
        title: event.title,
        facts: event.facts,
        doubts: event.doubts,
        url: webLink(event.url),
        fired_at: event.fired_at,
        deliveries: event.deliveries.map(({ channel, status, attempts, sent_at, error_message: why }) => ({
          channel,
          status,
          attempts,
          sent_at,
          error_message: why === null ? null : context.redact(why),
        })),
      })),
    };
    return c.json({ success: true as const, data }, 200);
  });
}
