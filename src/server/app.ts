import { OpenAPIHono } from '@hono/zod-openapi';
import { explainStoreError } from '../store/open.ts';
import { assetRoutes } from './assets.ts';
import { boardRoutes } from './board.ts';
import { Failure, refuse, toFailure } from './failure.ts';
import { guard } from './guard.ts';
import { metricRoutes } from './metric.ts';
import { openapiRoutes } from './openapi.ts';
import type { ServerEnv, ServerParts } from './parts.ts';
import { questionRoutes } from './question.ts';
import { systemRoutes } from './system.ts';

export interface AppOptions {
  /** Nobody has to show a token: said in the API's description. */
  isOpen?: boolean;
}

/** The whole application, without a socket: what guards it, then one part per subject, then what nothing answers. */
export function createApp(parts: ServerParts, options: AppOptions = {}): OpenAPIHono<ServerEnv> {
  const app = new OpenAPIHono<ServerEnv>({ strict: false });
  app.use(...guard(parts));
  app.route('/', systemRoutes(parts));
  app.route('/', metricRoutes(parts));
  app.route('/', questionRoutes(parts));
  app.route('/', boardRoutes(parts));
  app.route('/', openapiRoutes(app, parts, options));
  app.route('/', assetRoutes(parts));
  app.onError(async (error, c) => refuse(c, toFailure(await explain(error, parts))));
  app.notFound((c) => refuse(c, missing(app, c.req.path)));
  return app;
}

/** What a database's driver says becomes what a person can act on. */
async function explain(error: unknown, { context }: ServerParts): Promise<unknown> {
  if (error instanceof Failure) return error;
  try {
    return await explainStoreError(error, (await context.config()).database);
  } catch {
    return error;
  }
}

/** No such page, or one that is asked for in another way. */
function missing(app: OpenAPIHono<ServerEnv>, path: string): Failure {
  const methods = app.routes.filter((route) => fits(route.path, path)).map(({ method }) => method);
  const known = [...new Set(methods.flatMap((each) => (each === 'GET' ? ['GET', 'HEAD'] : [each])))];
  const allowed = known.filter((method) => method !== 'ALL').join(', ');
  if (allowed === '') return new Failure('not_found', 'There is no such page here.');
  return new Failure('method_not_allowed', `Methods here: ${allowed}.`, { headers: { allow: allowed } });
}

/** Whether a path is one of a pattern such as `/assets/:name`. */
function fits(pattern: string, path: string): boolean {
  const [wanted, given] = [pattern, path.replace(/(.)\/+$/, '$1')].map((each) => each.split('/'));
  return (
    wanted?.length === given?.length && (wanted ?? []).every((part, at) => part.startsWith(':') || part === given?.[at])
  );
}
