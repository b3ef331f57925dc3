import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { onTestFinished } from 'vitest';
import { createContext, type Context } from '../../src/context.ts';
import { createApp } from '../../src/server/app.ts';
import type { Store } from '../../src/store/open.ts';
import { makeHome, NOW } from './run-cli.ts';
import { databaseOf, openTempStore } from './temp-store.ts';

/** A reply, read to its end, that fits the API's own description. */
export interface Reply {
  status: number;
  headers: Headers;
  text: string;
  /** Parsed where it is JSON. */
  body: unknown;
}

/** The application on a database of its own, without a socket. */
export interface Api {
  app: ReturnType<typeof createApp>;
  context: Context;
  store: Store;
  /** What was said on stderr. */
  said(): string;
  request(path: string, init?: RequestInit): Promise<Reply>;
  get(path: string): Promise<Reply>;
  post(path: string, body: unknown): Promise<Reply>;
}

export interface ApiOptions {
  env?: Record<string, string>;
  now?: Date;
  /** The configuration file. */
  toml?: string;
  /** Already open, and filled. */
  store?: Store;
}

/** Opens the application; everything is closed with the test. */
export async function openApi({ env = {}, now = NOW, toml = '', store: given }: ApiOptions = {}): Promise<Api> {
  const store = given ?? (await openTempStore());
  const home = makeHome();
  writeFileSync(join(home, 'config.toml'), toml);
  let said = '';
  const never = new AbortController().signal;
  const context = createContext(
    {
      env: {
        SMSTATS_HOME: home,
        SMSTATS_TIMEZONE: 'UTC',
        SMSTATS_DATABASE_URL: await databaseOf(store),
        ...env,
      },
      stdin: () => process.stdin,
      stdout: { write: () => true },
      stderr: { write: (text) => (said += text) },
      now: () => now,
      version: '0.0.0-test',
      running: {
        execPath: process.execPath,
        script: '/opt/smstats/bin/smstats.js',
        version: process.version,
        modules: process.versions.modules,
      },
      program: 'smstats',
      stop: never,
      abort: never,
      onSignals: () => {},
    },
    {},
  );
  onTestFinished(() => context.close());
  const app = createApp({ context, address: { host: '127.0.0.1', port: 8001 } }, { isOpen: true });
  const request = checkedRequest(app);
  return {
    app,
    context,
    store,
    said: () => said,
    request,
    get: (path) => request(path),
    post: (path, body) =>
      request(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  };
}

/** Reads a reply to its end, but for a stream that has none. */
export async function readReply(response: Response): Promise<Reply> {
  const { status, headers } = response;
  const type = headers.get('content-type') ?? '';
  if (type.startsWith('text/event-stream')) return { status, headers, text: '', body: undefined };
  const text = await response.text();
  const isJson = type.startsWith('application/json') && text !== '';
  return { status, headers, text, body: isJson ? (JSON.parse(text) as unknown) : undefined };
}

/** `app.request` that fails the test when a reply does not fit the description of the API. */
function checkedRequest(app: ReturnType<typeof createApp>): Api['request'] {
  let check: ((method: string, path: string, reply: Reply) => void) | undefined;
  return async (path, init) => {
    const reply = await readReply(await app.request(path, init));
    check ??= createCheck(await (await app.request('/openapi.json')).json());
    check((init?.method ?? 'GET').toUpperCase(), new URL(path, 'http://local').pathname, reply);
    return reply;
  };
}

type Operation = { responses: Record<string, { content?: Record<string, unknown> }> };
type Document = { paths: Record<string, Record<string, Operation>> };

/** Checks replies by the schemas of an OpenAPI document. */
export function createCheck(document: unknown): (method: string, path: string, reply: Reply) => void {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats.default(ajv);
  ajv.addSchema(document as object, 'api');
  const compiled = new Map<string, ValidateFunction>();
  const fits = (pointer: string, reply: Reply) => {
    const validate = compiled.get(pointer) ?? ajv.compile({ $ref: `api#${pointer}` });
    compiled.set(pointer, validate);
    if (validate(reply.body)) return;
    throw new Error(`${pointer}: ${ajv.errorsText(validate.errors)}\n${reply.text.slice(0, 2000)}`);
  };
  return (method, path, reply) => {
    if (method === 'HEAD' || reply.status === 304) return;
    const { paths } = document as Document;
    const operation = paths[path]?.[method.toLowerCase()];
    if (!operation) {
      if (reply.status >= 400) fits('/components/schemas/Error', reply);
      return;
    }
    const described = operation.responses[reply.status];
    if (!described) throw new Error(`${method} ${path}: the description knows no reply ${reply.status}\n${reply.text}`);
    const escaped = path.replaceAll('~', '~0').replaceAll('/', '~1');
    const [type] = Object.keys(described.content ?? {});
    if (type === 'application/json') {
      fits(
        `/paths/${escaped}/${method.toLowerCase()}/responses/${reply.status}/content/application~1json/schema`,
        reply,
      );
    }
  };
}
