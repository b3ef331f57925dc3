import { OpenAPIHono, z } from '@hono/zod-openapi';
import { Failure, type FailureName } from './failure.ts';
import type { ServerEnv } from './parts.ts';
import { failureResponses } from './schema-failure.ts';

/** A row id: text, as every id. */
export const DIGITS = z
  .string()
  .regex(/^\d{1,15}$/, 'must be the digits of an id')
  .openapi({ example: '12' });
export const WORD = z.string().openapi({ example: 'views' });
/** Which account. */
export const NAME = {
  platform: z.string().openapi({ example: 'tiktok' }),
  username: z.string().openapi({ example: 'isaiah_dupree' }),
};
/** An http or https address without a login in it; null where there is none. */
export const LINK = z.string().nullable().openapi({ example: 'https://www.tiktok.com/@isaiah_dupree' });

/** The routes of a subject; what does not fit their schemas is refused in the words of the API. */
export function createBoard(): OpenAPIHono<ServerEnv> {
  return new OpenAPIHono<ServerEnv>({
    defaultHook: (result) => {
      if (result.success) return;
      const [issue] = result.error.issues;
      const field = issue?.path.join('.') ?? '';
      throw new Failure('bad_request', `${field === '' ? '' : `${field}: `}${issue?.message ?? 'does not fit'}.`);
    },
  });
}

/** A whole number in the query, within bounds. */
export function wholeQuery(least: number, most: number, fallback: number) {
  return z
    .string()
    .regex(/^\d{1,6}$/, `must be a whole number from ${least} to ${most}`)
    .transform(Number)
    .refine((value) => value >= least && value <= most, `must be a whole number from ${least} to ${most}`)
    .optional()
    .transform((value) => value ?? fallback)
    .openapi({
      param: { required: false },
      type: 'integer',
      minimum: least,
      maximum: most,
      default: fallback,
    });
}

/** `{ "success": true, "data": … }` */
function answerOf<Data extends z.ZodType>(data: Data) {
  return z.object({ success: z.literal(true), data });
}

/** The reply of a route that answers with `data`, and its failures. */
export function repliesOf<Data extends z.ZodType>(description: string, data: Data, ...failures: FailureName[]) {
  return {
    200: { description, content: json(answerOf(data)) },
    // A handler answers with 200 or throws: its type need not know of the others.
    ...(failureResponses('bad_request', ...failures) as object),
  };
}

export function json<Schema extends z.ZodType>(schema: Schema) {
  return { 'application/json': { schema } };
}
