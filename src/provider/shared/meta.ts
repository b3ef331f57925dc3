// https://developers.facebook.com/docs/graph-api/guides/error-handling
import { ProviderError } from '../../core/errors.ts';
import { parsePostUrl } from '../../core/post-url.ts';
import type { ReportedQuota } from '../../core/quota.ts';
import { parseRetryAfter, type Failure, type Reply } from '../client/failure.ts';
import { parseJson } from '../client/json.ts';
import type { Credential } from '../provider.ts';
import { shapeError } from './shape.ts';

/**
 * Meta allows 4,800 calls in 24 hours times what an account was seen in them, and tells the used share with each reply:
 * the least that an account has is counted with. https://developers.facebook.com/docs/graph-api/overview/rate-limiting
 */
export const META_QUOTA = { limit: 4_800, period: 86_400, safetyMargin: 0.8, requestsPerSecond: 5 } as const;

/** A token in the address would stand in every log on the way. */
export function metaHeaders(token: string): Record<string, string> {
  return { authorization: `Bearer ${token}` };
}

/** What the Graph API complained about, in its own numbers. */
export class GraphError extends Error {
  override readonly name = 'GraphError';
  readonly code: number;
  readonly subcode: number | undefined;
  constructor(message: string, code: number, subcode: number | undefined) {
    super(message);
    this.code = code;
    this.subcode = subcode;
  }
}

/** The Graph API's own complaint behind a failure, if it made one. */
function findGraphError(error: unknown): GraphError | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof GraphError) return cause;
  }
  return undefined;
}

/** The complaint when only the question was refused and not the whole source: a metric, a field, a permission. */
export function findRefusal(error: unknown): GraphError | undefined {
  const found = error instanceof ProviderError ? findGraphError(error) : undefined;
  return found && (found.code === 100 || found.code === 3001 || isPermission(found.code)) ? found : undefined;
}

/** The rights of a token: 10, or one of the 200s. */
export function isPermission(code: number): boolean {
  return code === 10 || (code >= 200 && code <= 299);
}

/** Says what an error of the Graph API means; most come with HTTP 400, so the code in the body decides. */
export function classifyMeta(reply: Reply, { name, source }: Credential): Failure | undefined {
  const error = readError(reply.body);
  if (!error) return undefined;
  const { code, subcode, message: said } = error;
  const place = `${reply.status}, code ${code}`;
  const failure = { cause: error, retry: false };
  if (isSpent(code)) {
    const waitMs = readWait(reply);
    const back = waitMs === undefined ? '' : `, back in ${Math.ceil(waitMs / 60_000)} min`;
    const hint = 'Meta counts over the last hour or day: wait, then run it again; smstats usage shows what was sent';
    return {
      ...failure,
      problem: 'quota',
      message: `says the quota of calls is spent (${place}${back})`,
      waitMs,
      hint,
    };
  }
  if (code === 613) {
    const waitMs = readWait(reply) ?? 5_000;
    return { ...failure, problem: 'rate_limited', message: `asks to slow down (${place})`, retry: true, waitMs };
  }
  if (code === 190 || code === 102) {
    const what = subcode === 463 ? 'says the token has expired' : 'refused the token';
    const hint = `get a new one (${source}), then: smstats config set credentials.${name}`;
    return { ...failure, problem: 'refused', message: `${what} (${place})`, hint };
  }
  if (isPermission(code) || code === 3) {
    return {
      ...failure,
      problem: 'refused',
      message: `says the token lacks a right (${place}: ${said})`,
      hint: `needed: ${source}`,
    };
  }
  if (code === 1 || code === 2 || isTransient(reply.body)) {
    const waitMs = parseRetryAfter(reply.headers, reply.receivedAt);
    return { ...failure, problem: 'unavailable', message: `is failing (${place}: ${said})`, retry: true, waitMs };
  }
  return { ...failure, problem: 'schema', message: `refused the question (${place}: ${said})` };
}

/** Reads the used shares (percent) of the limits; of several the fullest counts. */
export function readMetaQuota(headers: Headers): ReportedQuota | undefined {
  const usages = readUsages(headers);
  const shares = usages.flatMap(({ call_count, total_cputime, total_time }) =>
    [call_count, total_cputime, total_time].filter((share) => typeof share === 'number' && share >= 0),
  ) as number[];
  if (shares.length === 0) return undefined;
  const { limit } = META_QUOTA;
  const left = Math.max(0, 100 - Math.max(...shares));
  // Both windows slide, the shorter one by the hour; the next reply tells anew.
  return { limit, remaining: Math.floor((limit * left) / 100), resetsInSeconds: (minutesLeft(usages) || 60) * 60 };
}

interface Usage {
  call_count?: unknown;
  total_cputime?: unknown;
  total_time?: unknown;
  estimated_time_to_regain_access?: unknown;
}

function readUsages(headers: Headers): Usage[] {
  const app = parseJson(headers.get('x-app-usage') ?? '');
  const business = parseJson(headers.get('x-business-use-case-usage') ?? '');
  const isBag = (value: unknown) => typeof value === 'object' && value !== null;
  return [app, ...(isBag(business) ? Object.values(business as object).flat() : [])].filter(isBag) as Usage[];
}

function minutesLeft(usages: readonly Usage[]): number {
  const told = usages.map(({ estimated_time_to_regain_access: minutes }) => minutes);
  return Math.max(0, ...told.filter((minutes) => typeof minutes === 'number'));
}

function readWait({ headers, receivedAt }: Reply): number | undefined {
  return parseRetryAfter(headers, receivedAt) ?? (minutesLeft(readUsages(headers)) * 60_000 || undefined);
}

/** Of the app, of its user, of the Page, and those of the business use cases. */
function isSpent(code: number): boolean {
  return code === 4 || code === 17 || code === 32 || (code >= 80_000 && code <= 80_014);
}

function readError(body: unknown): GraphError | undefined {
  const { error } = (body ?? {}) as { error?: unknown };
  if (typeof error !== 'object' || error === null) return undefined;
  const { code, error_subcode: subcode, message } = error as Record<string, unknown>;
  if (typeof code !== 'number') return undefined;
  const said = typeof message === 'string' ? message.slice(0, 200) : 'no reason given';
  return new GraphError(said, code, typeof subcode === 'number' ? subcode : undefined);
}

function isTransient(body: unknown): boolean {
  return (body as { error: { is_transient?: unknown } }).error.is_transient === true;
}

/**
 * The requests that a list of posts costs, about: what Meta filters out afterwards, and what is left out here, makes pages
 * short. One is spare; an account that mostly passes on what others posted costs more.
 */
export function expectedPages(posts: number, pageSize: number): number {
  return Math.max(1, Math.ceil(posts / pageSize)) + 1;
}

/**
 * The number under which Instagram or Threads themselves know a post. It stands in its URL as a shortcode; the id that the
 * API gives is another one, which only the API knows.
 */
export function readPostNumber(provider: string, permalink: string | null | undefined): string {
  const found = parsePostUrl(permalink ?? '');
  const number = found?.kind === 'post' ? found.ids.at(-1) : undefined;
  if (!number) throw shapeError(provider, 'data[].permalink', 'is not the URL of a post');
  return number;
}
