import type { OpenAPIHono } from '@hono/zod-openapi';
import { FAILURES } from './failure.ts';
import { describeSystem } from './openapi-system.ts';
import type { ServerEnv } from './parts.ts';
import { MEANING } from './schema-failure.ts';

const ABOUT = `What \`smstats serve\` answers. Unknown is null, never 0. Ids of platforms are text; rates are percent.
Errors are \`{"success": false, "message": …, "error": …}\`: a sentence for a person, a word for a program.`;

/** It may name the licence, which the type does not know. */
const LICENSE: { name: string } = { name: 'MIT', identifier: 'MIT' } as { name: string };

interface Operation {
  operationId?: string;
  responses: Record<string, object>;
}

const READ_REFUSALS = ['bad_request'] as const;
const WRITE_REFUSALS = ['bad_request', 'too_large', 'unsupported_media_type'] as const;

/** The whole API as OpenAPI 3.1, made of the schemas that check what comes in. */
export function describeApi(app: OpenAPIHono<ServerEnv>, { isOpen = false }: { isOpen?: boolean }) {
  describeSystem(app);
  app.openAPIRegistry.registerComponent('securitySchemes', 'token', {
    type: 'http',
    scheme: 'bearer',
    description: 'A token from `smstats token create`. On this machine none is needed.',
  });
  const document = app.getOpenAPI31Document({
    openapi: '3.1.0',
    info: { title: 'smstats', version: '1', description: ABOUT.replaceAll('\n', ' '), license: LICENSE },
    servers: [{ url: '/', description: 'This server' }],
    tags: [
      { name: 'Metrics', description: 'Record and read the numbers of one account.' },
      { name: 'Questions', description: 'What `smstats report` and `smstats usage` answer.' },
      { name: 'dashboard', description: 'What the dashboard asks for.' },
      { name: 'System', description: 'Health, counts, news and sessions.' },
    ],
    // On loopback an empty requirement says that nothing has to be shown.
    security: isOpen ? [{ token: [] }, {}] : [{ token: [] }],
  });
  for (const [path, methods] of Object.entries(document.paths ?? {})) {
    for (const [method, operation] of Object.entries(methods as Record<string, Operation>)) {
      operation.operationId ??= nameOperation(method, path);
      // What the door says no route has to know of.
      Object.assign(operation.responses, { ...refusalsOf(method), ...operation.responses });
    }
  }
  return document;
}

/** What any request may be refused with before its route is asked. */
function refusalsOf(method: string): Operation['responses'] {
  const names = method === 'get' ? READ_REFUSALS : WRITE_REFUSALS;
  const content = { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } };
  return Object.fromEntries(names.map((name) => [FAILURES[name], { description: MEANING[name], content }]));
}

/** `GET /api/social-media/series` is `getSeries`. */
function nameOperation(method: string, path: string): string {
  const words = path.replace(/^\/(api\/social-media\/)?/, '').split(/[^a-z0-9]+/i);
  return `${method}${words.map((word) => `${word[0]?.toUpperCase() ?? ''}${word.slice(1)}`).join('')}`;
}
