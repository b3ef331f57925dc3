import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import type { ServerEnv } from './parts.ts';
import { failureResponses, jsonResponse } from './schema-failure.ts';

const OPEN = [{}];
const HEALTH = z
  .strictObject({
    status: z.enum(['ok', 'unavailable']),
    version: z.string().optional().openapi({ description: 'Not for strangers.' }),
    schema: z.int().optional().openapi({ description: 'The version of the database. Not for strangers.' }),
  })
  .openapi('Health');

/** Describes what machines and browsers ask for beside the numbers. */
export function describeSystem({ openAPIRegistry: registry }: OpenAPIHono<ServerEnv>): void {
  const of = { tags: ['System'] };
  registry.registerPath(
    createRoute({
      ...of,
      method: 'get',
      path: '/healthz',
      operationId: 'getHealth',
      summary: 'Whether the server and its database are well',
      security: OPEN,
      responses: {
        200: jsonResponse('Both are.', HEALTH, { status: 'ok', version: '1.0.0', schema: 13 }),
        503: jsonResponse('The database does not answer.', HEALTH, { status: 'unavailable' }),
        ...without(failureResponses('bad_request'), 503),
      },
    }),
  );
  registry.registerPath(
    createRoute({
      ...of,
      method: 'get',
      path: '/metrics',
      operationId: 'getMetrics',
      summary: 'What the server counts, as Prometheus reads it',
      responses: { 200: textResponse('Text format 0.0.4.', 'text/plain'), ...failureResponses('bad_request') },
    }),
  );
  registry.registerPath(
    createRoute({
      ...of,
      method: 'get',
      path: '/api/social-media/events',
      operationId: 'listen',
      summary: 'Says when something was stored, as server-sent events',
      description: 'The event data-changed comes after a fetch or a record wrote something.',
      responses: {
        200: textResponse('A stream that stays open.', 'text/event-stream'),
        ...failureResponses('bad_request'),
      },
    }),
  );
  registry.registerPath(
    createRoute({
      ...of,
      method: 'post',
      path: '/session',
      operationId: 'openSession',
      summary: 'Let a browser in that was given a token',
      security: OPEN,
      request: {
        body: { required: true, content: { 'application/json': { schema: z.object({ token: z.string() }) } } },
      },
      responses: {
        200: jsonResponse('A cookie stands for the token.', z.object({ success: z.literal(true), scope: z.string() })),
        ...failureResponses('bad_request', 'too_large', 'unsupported_media_type'),
      },
    }),
  );
  registry.registerPath(
    createRoute({
      ...of,
      method: 'delete',
      path: '/session',
      operationId: 'closeSession',
      summary: 'Forget the token of a browser',
      security: OPEN,
      responses: {
        200: jsonResponse('The cookie is gone.', z.object({ success: z.literal(true) })),
        ...failureResponses('bad_request', 'too_large', 'unsupported_media_type'),
      },
    }),
  );
}

function textResponse(description: string, type: string) {
  return { description, content: { [type]: { schema: z.string() } } };
}

function without(responses: ReturnType<typeof failureResponses>, status: number) {
  return Object.fromEntries(Object.entries(responses).filter(([each]) => Number(each) !== status));
}
