import { ProviderError, type ProviderProblem } from '../core/errors.ts';
import { createRedactor } from '../core/redact.ts';
import type { HttpWorld } from '../provider/client/http.ts';
import type { StoredToken } from './token-file.ts';
import type { Vendor } from './vendors.ts';

/** The person's own app at a vendor. */
export interface App {
  id: string;
  secret: string | undefined;
}

/** The app that a token was given to; with its secret, unless the configuration knows another app by now. */
export function appOf(
  vendor: Vendor,
  { client_id: id }: StoredToken,
  credential: (name: string) => string | undefined,
): App {
  const configured = credential(vendor.credentials.id);
  const isSame = configured === undefined || configured === id;
  return { id, secret: isSame ? credential(vendor.credentials.secret) : undefined };
}

/** What is asked of a vendor's token, device or revoke endpoint. */
export interface TokenRequest {
  vendor: Vendor;
  url: string;
  /** GET puts the form into the query: Meta wants it so. */
  method?: 'GET' | 'POST';
  form: Readonly<Record<string, string>>;
  /** Named in the request when it is given. */
  app: App | undefined;
  world: HttpWorld;
  signal?: AbortSignal | undefined;
}

/** A reply, and what is wrong with it in the vendor's own words, free of what was sent. */
export interface TokenReply {
  status: number;
  body: Readonly<Record<string, unknown>>;
  /** `invalid_grant` and the like; undefined for a good reply. */
  error: string | undefined;
  description: string;
}

const TIMEOUT_MS = 30_000;
const MAX_BYTES = 256 * 1024;

/**
 * Sends one request about tokens. It is sent once: a code and many a refresh token are good for one use.
 * @throws ProviderError (unavailable, malformed, rate_limited) when there is no answer that can be read.
 */
export async function sendTokenRequest(request: TokenRequest): Promise<TokenReply> {
  const { vendor, world } = request;
  const { url, init } = buildRequest(request);
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  const signal = request.signal ? AbortSignal.any([request.signal, timeout]) : timeout;
  let status: number;
  let text: string;
  try {
    const response = await world.fetch(url, { ...init, redirect: 'manual', signal });
    status = response.status;
    text = await readText(response);
  } catch (cause) {
    request.signal?.throwIfAborted();
    const reason = timeout.aborted ? 'did not answer in time' : `could not be reached${reasonOf(cause)}`;
    // The cause is left out: some name the address, which may hold a token.
    throw failure(vendor, 'unavailable', reason);
  }
  if (status === 429) throw failure(vendor, 'rate_limited', 'asks to slow down (429)');
  if (status >= 500 || status === 408) throw failure(vendor, 'unavailable', `is failing (${status})`);
  if (status >= 300 && status < 400)
    throw failure(vendor, 'malformed', 'answered with a redirect; it was not followed');
  const body = parseObject(text);
  if (!body && status < 300) throw failure(vendor, 'malformed', 'sent something that is not a JSON object');
  return readReply(status, body ?? {}, secretsOf(request));
}

function buildRequest({ vendor, url, method = 'POST', form, app }: TokenRequest): { url: string; init: RequestInit } {
  const inHeader = vendor.appIn === 'header' && app?.secret !== undefined;
  const fields = new URLSearchParams({
    ...form,
    ...(app && !inHeader && { [vendor.idParameter]: app.id, ...(app.secret && { client_secret: app.secret }) }),
  });
  const headers = {
    accept: 'application/json',
    ...(inHeader && { authorization: `Basic ${Buffer.from(`${app.id}:${app.secret}`).toString('base64')}` }),
  };
  if (method === 'GET') return { url: `${url}?${fields}`, init: { method, headers } };
  const contentType = { 'content-type': 'application/x-www-form-urlencoded' };
  return { url, init: { method, headers: { ...headers, ...contentType }, body: fields.toString() } };
}

async function readText(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength;
    if (size > MAX_BYTES) throw new Error('the answer is too large');
    chunks.push(chunk);
  }
  return new TextDecoder().decode(Buffer.concat(chunks));
}

function parseObject(text: string): Record<string, unknown> | undefined {
  // A revoke endpoint answers with nothing.
  if (text.trim() === '') return {};
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

/** Finds the error in the forms of RFC 6749, of Meta (an object) and of Pinterest (`code` and `message`). */
function readReply(status: number, body: Record<string, unknown>, secrets: readonly string[]): TokenReply {
  const redact = createRedactor(secrets);
  const inner = typeof body['error'] === 'object' ? (body['error'] as Record<string, unknown> | null) : null;
  const given = inner ? (inner['type'] ?? inner['code']) : (body['error'] ?? body['error_type']);
  const said = inner?.['message'] ?? body['error_description'] ?? body['error_message'] ?? body['message'];
  // TikTok sends errors with status 200 as well.
  const isError = status >= 400 || (given !== undefined && given !== null);
  const error = typeof given === 'string' || typeof given === 'number' ? String(given) : `status ${status}`;
  const description = typeof said === 'string' ? redact(said).slice(0, 200).replace(/\.$/, '') : '';
  return { status, body, error: isError ? redact(error).slice(0, 60) : undefined, description };
}

/** A refusal as an error to end with. Like all of a provider's, its message has no subject: who prints it puts the name before. */
export function refusal(vendor: Vendor, what: string, { error, description }: TokenReply): ProviderError {
  const isApp = error === 'invalid_client' || error === 'unauthorized_client';
  const { id, secret } = vendor.credentials;
  return new ProviderError(
    vendor.provider,
    'refused',
    `refused ${what}: ${error}${description ? ` (${description})` : ''}`,
    {
      hint: isApp
        ? `check credentials.${id} and credentials.${secret}, then: smstats login ${vendor.provider}`
        : `smstats login ${vendor.provider}`,
    },
  );
}

function failure(vendor: Vendor, problem: ProviderProblem, what: string): ProviderError {
  return new ProviderError(vendor.provider, problem, `${what}, when asked for a token`, {
    hint: 'check the network and try again later',
  });
}

function secretsOf({ form, app }: TokenRequest): string[] {
  const names = ['code', 'code_verifier', 'refresh_token', 'access_token', 'token', 'device_code', 'client_secret'];
  return [...names.map((name) => form[name] ?? ''), app?.secret ?? ''];
}

function reasonOf(error: unknown): string {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const { code } = cause as { code?: unknown };
    if (typeof code === 'string') return ` (${code})`;
  }
  return '';
}
