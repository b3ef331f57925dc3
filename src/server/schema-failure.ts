import { z } from '@hono/zod-openapi';
import { FAILURES, type FailureName } from './failure.ts';

/** The body of every error. */
const failureSchema = z
  .strictObject({
    success: z.literal(false),
    message: z.string().openapi({ description: 'One sentence for a person.' }),
    error: z.enum(Object.keys(FAILURES) as [FailureName, ...FailureName[]]).openapi({
      description: 'One word for a program.',
    }),
    items: z
      .array(
        z.strictObject({
          index: z.int().min(0).openapi({ description: 'The place in the array, from 0.' }),
          field: z.string().nullable(),
          message: z.string(),
        }),
      )
      .optional()
      .openapi({ description: 'Of a batch: everything that is wrong with any item.' }),
  })
  .openapi('Error', { example: { success: false, message: 'platform is missing.', error: 'bad_request' } });

/** What each failure means, for the description of the API. */
export const MEANING: Record<FailureName, string> = {
  bad_request: 'A parameter or field is missing, unknown or wrong.',
  unauthorized: 'A token is needed, or is not valid.',
  forbidden: 'The request comes from another site, or the token does not allow it.',
  not_found: 'There is no such account, or nothing is known of it.',
  method_not_allowed: 'The page does not answer this method.',
  conflict: 'Somebody has decided meanwhile; that stays.',
  too_large: 'The body is larger than the server reads.',
  unsupported_media_type: 'The body is not JSON.',
  misdirected: 'The Host header names another server.',
  too_many_requests: 'Too many requests; Retry-After says when to come back.',
  internal: 'A fault of the server, which its log explains.',
  unavailable: 'The database does not answer, or is locked; try again.',
};

const EVERYWHERE: readonly FailureName[] = [
  'unauthorized',
  'forbidden',
  'misdirected',
  'too_many_requests',
  'internal',
  'unavailable',
];

/** What a route answers when it fails: in its own ways, and in those that every route shares. */
export function failureResponses(...own: FailureName[]) {
  const names = [...own, ...EVERYWHERE].toSorted((a, b) => FAILURES[a] - FAILURES[b]);
  return Object.fromEntries(
    names.map((name) => [
      FAILURES[name],
      { description: MEANING[name], content: { 'application/json': { schema: failureSchema } } },
    ]),
  );
}

/** A response that is a JSON document. */
export function jsonResponse(description: string, schema: z.ZodType, example?: unknown) {
  const content = { schema, ...(example !== undefined && { example }) };
  return { description, content: { 'application/json': content } };
}
