import { OpenAPIHono } from '@hono/zod-openapi';
import { DOCS_STYLE } from './docs-style.ts';
import { renderDocs, type Described } from './docs.ts';
import { formatAddress } from './host-check.ts';
import { describeApi } from './openapi-document.ts';
import type { ServerEnv, ServerParts } from './parts.ts';

/** The description of the API for programs, and its page for people. Made when it is first asked for. */
export function openapiRoutes(
  app: OpenAPIHono<ServerEnv>,
  { address }: ServerParts,
  options: { isOpen?: boolean },
): OpenAPIHono<ServerEnv> {
  const routes = new OpenAPIHono<ServerEnv>();
  let document: ReturnType<typeof describeApi> | undefined;
  const describe = () => (document ??= describeApi(app, options));
  routes.get('/openapi.json', (c) => c.json(describe()));
  routes.get('/docs', async (c) => {
    return c.html(await renderDocs(describe() as unknown as Described, `http://${formatAddress(address)}`));
  });
  routes.get('/docs.css', (c) => c.body(DOCS_STYLE, 200, { 'content-type': 'text/css; charset=utf-8' }));
  return routes;
}
