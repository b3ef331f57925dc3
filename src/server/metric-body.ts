import type { Context } from 'hono';
import { parseJson } from '../provider/client/json.ts';
import { Failure } from './failure.ts';
import type { ServerEnv } from './parts.ts';

/**
 * Reads the body of a request as JSON, with its long ids whole. Its type and its size were judged before.
 * @throws Failure for what is not JSON.
 */
export async function readJson(c: Context<ServerEnv>): Promise<unknown> {
  const text = await c.req.text();
  if (text.trim() === '') throw new Failure('bad_request', 'The body is empty; send JSON.');
  const parsed = parseJson(text);
  if (parsed === undefined) throw new Failure('bad_request', 'The body is not valid JSON.');
  return parsed;
}
