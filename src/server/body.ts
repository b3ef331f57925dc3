import type { Context, MiddlewareHandler } from 'hono';
import { Failure } from './failure.ts';
import type { ServerEnv, ServerParts } from './parts.ts';
import { needsToken } from './token.ts';

/** A batch of a year of days of an account is a tenth of it. */
const MOST_BYTES = 1_000_000;
/** Nothing that is asked for here is deeper than four. */
const MOST_LEVELS = 32;

/**
 * Takes JSON alone, up to 1 MB, whatever length the client told. A form is what a foreign page could send without asking, so
 * JSON has to be called JSON; except by who is no browser and on this machine, for that is how `curl -d` sends it.
 */
export function readBody(parts: ServerParts): MiddlewareHandler<ServerEnv> {
  return async (c, next) => {
    if (c.req.method === 'POST' || c.req.method === 'DELETE') await takeJson(c, parts);
    await next();
  };
}

/** Reads the body, judges it, and puts it where a handler finds it: as JSON, whatever it was called. */
async function takeJson(c: Context<ServerEnv>, parts: ServerParts): Promise<void> {
  if (Number(c.req.header('content-length') ?? 0) > MOST_BYTES) throw tooLarge();
  // Only now: of a request that is not read all this need not be made.
  const { body, url, method, signal } = c.req.raw;
  if (!body) return;
  const text = decode(await readAll(body));
  if (isTooDeep(text)) throw new Failure('bad_request', `JSON may be ${MOST_LEVELS} levels deep.`);
  if (text !== '') checkType(c, parts, text);
  const headers = new Headers(c.req.raw.headers);
  headers.set('content-type', 'application/json');
  c.req.raw = new Request(url, { method, headers, body: text, signal });
}

function checkType(c: Context<ServerEnv>, parts: ServerParts, text: string): void {
  const type = c.req.header('content-type') ?? '';
  if (/^application\/json\s*(;|$)/i.test(type)) return;
  const isBrowser = c.req.header('origin') !== undefined || c.req.header('sec-fetch-site') !== undefined;
  // A comma too many is no form.
  const isMeant = /^\s*[[{]/.test(text);
  if (isBrowser || needsToken(c, parts) || !isMeant) {
    throw new Failure('unsupported_media_type', 'Send JSON, with Content-Type: application/json.');
  }
  if (!isJson(text)) throw new Failure('bad_request', 'The body is not valid JSON.');
}

async function readAll(body: ReadableStream<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of body) {
      size += chunk.length;
      if (size > MOST_BYTES) throw tooLarge();
      chunks.push(chunk);
    }
  } catch (error) {
    throw error instanceof Failure ? error : new Failure('bad_request', 'The body did not arrive whole.');
  }
  return Buffer.concat(chunks);
}

function tooLarge(): Failure {
  return new Failure('too_large', `A body may hold ${MOST_BYTES.toLocaleString('en-US')} bytes.`);
}

function decode(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new Failure('bad_request', 'The body is not UTF-8.');
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Counted before anything walks through it: what walks by calling itself would break off without a word. */
function isTooDeep(text: string): boolean {
  let level = 0;
  let isInString = false;
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (isInString) {
      if (char === '\\') at++;
      else if (char === '"') isInString = false;
    } else if (char === '"') isInString = true;
    else if (char === '[' || char === '{') {
      if (++level > MOST_LEVELS) return true;
    } else if (char === ']' || char === '}') level--;
  }
  return false;
}
