import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import { SmstatsError } from '../core/errors.ts';
import { QUESTIONS, type QuestionName } from '../question/index.ts';
import type { QuestionEntry } from '../question/parameter.ts';
import { USAGE } from '../question/usage.ts';
import { readQuery } from './account.ts';
import { Failure, toFailure } from './failure.ts';
import type { ServerEnv, ServerParts } from './parts.ts';
import { inApiWords, querySchema, toOptions } from './question-query.ts';
import { ANSWERS } from './question-schema.ts';
import { failureResponses, jsonResponse } from './schema-failure.ts';

/** Every question that the API answers: those of the reports, and the usage of providers. */
export const ASKED = { ...QUESTIONS, usage: USAGE } as const satisfies Record<AskedName, QuestionEntry>;
export type AskedName = QuestionName | 'usage';

/** `/api/social-media/<question>`: the data that the command line's `--json` holds. */
export function questionRoutes({ context }: ServerParts): OpenAPIHono<ServerEnv> {
  const app = new OpenAPIHono<ServerEnv>();
  for (const name of Object.keys(ASKED) as AskedName[]) {
    const { summary, parameters, load }: QuestionEntry = ASKED[name];
    const query = querySchema(parameters);
    const path = `/api/social-media/${name}`;
    app.openAPIRegistry.registerPath(describeQuestion(name, path, summary, query));
    app.get(path, async (c) => {
      const options = toOptions(parameters, readQuery(c, query));
      await context.openStore({ create: true });
      const ask = await load();
      try {
        const { data, warnings = [] } = await ask(context, options, []);
        const said = warnings.map((text) => inApiWords(text, parameters));
        return c.json({ success: true, data: data as object, warnings: said });
      } catch (error) {
        throw error instanceof SmstatsError ? inWords(error, parameters) : error;
      }
    });
  }
  return app;
}

function inWords(error: SmstatsError, parameters: QuestionEntry['parameters']): Failure {
  const { kind, message } = toFailure(error);
  return new Failure(kind, inApiWords(message, parameters));
}

function describeQuestion(name: AskedName, path: string, summary: string, query: z.ZodObject) {
  const command = name === 'usage' ? 'usage' : `report ${name}`;
  return createRoute({
    method: 'get',
    path,
    operationId: `ask${name.replace(/(^|-)(\w)/g, (_, _dash: string, letter: string) => letter.toUpperCase())}`,
    tags: ['Questions'],
    summary: `${summary[0]?.toUpperCase()}${summary.slice(1)}`,
    description: `The data of \`smstats ${command} --json\`.`,
    request: { query },
    responses: {
      200: jsonResponse(
        'The answer. Null is unknown.',
        z.strictObject({ success: z.literal(true), data: ANSWERS[name], warnings: z.array(z.string()) }),
      ),
      ...failureResponses('bad_request', 'not_found'),
    },
  });
}
