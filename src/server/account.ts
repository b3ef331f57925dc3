import { z } from '@hono/zod-openapi';
import type { Context as Call } from 'hono';
import type { Context } from '../context.ts';
import { LAST_ID } from '../core/account-id.ts';
import { nearest } from '../core/text.ts';
import { findNamedAccount } from '../query/find-named-account.ts';
import { readPlatform } from '../record/account-name.ts';
import { Failure, sentence } from './failure.ts';
import type { ServerEnv } from './parts.ts';

/** The parameters that name an account. */
export const ACCOUNT_QUERY = {
  account_id: z
    .string({ error: 'account_id is missing' })
    .regex(/^\d{1,10}$/, 'account_id must be a whole number')
    .transform(Number)
    .refine((id) => id >= 1 && id <= LAST_ID, `account_id must be from 1 to ${LAST_ID}`)
    .openapi({
      type: 'integer',
      minimum: 1,
      maximum: LAST_ID,
      description: 'The row id of the account, or of another one of the same brand.',
      example: 1,
    }),
  platform: z
    .string({ error: 'platform is missing' })
    .trim()
    .regex(/^[a-zA-Z0-9][a-zA-Z0-9._-]{0,63}$/, 'platform must be the name of one, such as instagram')
    .openapi({ description: 'The platform, such as instagram; x is twitter.', example: 'instagram' }),
};

/** A whole number in a query. */
export function wholeQuery(name: string, least: number, most: number, fallback: number, description: string) {
  const message = `${name} must be a whole number from ${least} to ${most}`;
  return z
    .string()
    .regex(/^\d{1,10}$/, message)
    .transform(Number)
    .refine((value) => value >= least && value <= most, message)
    .default(fallback)
    .openapi({ type: 'integer', minimum: least, maximum: most, default: fallback, description });
}

/**
 * Reads the parameters of a request.
 * @throws Failure bad_request for one that is missing, wrong, unknown or given twice.
 */
export function readQuery<Shape extends z.ZodRawShape>(
  c: Call<ServerEnv>,
  schema: z.ZodObject<Shape>,
): z.output<z.ZodObject<Shape>> {
  const given = c.req.queries();
  const names = Object.keys(schema.shape);
  for (const [name, values] of Object.entries(given)) {
    if (!names.includes(name)) {
      const guess = nearest(name, names);
      const shown = JSON.stringify(name.slice(0, 80));
      throw new Failure('bad_request', `There is no parameter ${shown}${guess ? `; did you mean ${guess}?` : ''}.`);
    }
    if (values.length > 1) throw new Failure('bad_request', `${name} is given twice.`);
  }
  const parsed = schema.safeParse(Object.fromEntries(Object.entries(given).map(([name, [value]]) => [name, value])));
  if (parsed.success) return parsed.data;
  throw new Failure('bad_request', sentence(parsed.error.issues.map(({ message }) => message)));
}

/**
 * The account that a request is about.
 * @throws Failure not_found.
 */
export async function findAccountOf(
  context: Context,
  { account_id: id, platform }: { account_id: number; platform: string },
) {
  const { db } = await context.openStore({ create: true });
  const name = readPlatform(platform);
  const account = await findNamedAccount(db, id, name);
  if (!account) throw new Failure('not_found', `There is no account ${id} of ${name}.`);
  return account;
}
