import { createHash } from 'node:crypto';
import { seededRandom } from '../../src/insight/random.ts';
import type { Store } from '../../src/store/open.ts';
import { runSql } from '../helper/temp-store.ts';

/** A request that somebody made up. */
export interface MadeUp {
  method: string;
  /** With its query. */
  target: string;
  headers: [string, string][];
  body: string | undefined;
}

const METHODS = [
  'GET',
  'GET',
  'GET',
  'GET',
  'POST',
  'POST',
  'POST',
  'DELETE',
  'HEAD',
  'PUT',
  'OPTIONS',
  'BREW',
  'QUERY',
];
const VALUES = [
  '1',
  '0',
  '-1',
  '30',
  '1e9',
  '99999999999999999999',
  '0x10',
  'NaN',
  'null',
  'undefined',
  '',
  ' ',
  'true',
  'tiktok',
  'instagram',
  'tiktok:anna',
  'anna',
  '2026-11-22',
  '2026-02-30',
  '9999-12-31',
  '0000-00-00',
  '%00',
  '%ff%fe',
  '%',
  '%E2%80%A8',
  "'; DROP TABLE audit_log; --",
  '" OR 1=1',
  '../../etc/passwd',
  '<script>alert(1)</script>',
  '[]',
  '{}',
  '__proto__',
  'constructor',
  '𝕬'.repeat(40),
  'a'.repeat(3000),
  '\u0000',
  '-0',
  '1,2',
  '1.5',
  'GB',
  'views',
  'followers',
  'confirm',
];
const KEYS = [
  'account_id',
  'platform',
  'days',
  'limit',
  'account',
  'offset',
  'sort',
  'search',
  'since',
  'until',
  'brand',
  'min_views',
  'provider',
  'months',
  'age',
  'backtest',
  'post_id',
  'metric',
  'hashtag',
  '__proto__',
  'toString',
  '',
  'x'.repeat(200),
];
const FIELDS = [
  'account_id',
  'platform',
  'date',
  'followers',
  'engagement_rate',
  'reach',
  'impressions',
  'likes',
  'post_id',
  'views',
  'content_id',
  'age_18_24',
  'male_percentage',
  'top_countries',
  'campaign_id',
  'cost',
  'revenue',
  'conversions',
  'currency',
  'token',
  'decision',
  'video_id',
  'clip_id',
  'post_url',
  'caption',
  'posted_at',
  'media_type',
  '__proto__',
  'constructor',
];
const LITERALS = [
  '1',
  '0',
  '-1',
  '1e308',
  '1e309',
  '-0',
  '1.5',
  '9007199254740993',
  '"1"',
  '"tiktok"',
  '"instagram"',
  '"anna"',
  '"2026-11-22"',
  '"2026-13-45"',
  'null',
  'true',
  '[]',
  '{}',
  '""',
  '"\\u0000"',
  '"\\ud800"',
  "\"['USA', 'UK']\"",
  '["USA"]',
  '[null]',
  '[[[]]]',
  '{"__proto__":{"isAdmin":true}}',
  '"\u2028<script>"',
  `"${'z'.repeat(5000)}"`,
  '50',
  '"confirm"',
  '"not a number"',
  '"EUR"',
];
const HEADERS: [string, string][] = [
  ['content-type', 'application/json'],
  ['content-type', 'application/json'],
  ['content-type', 'text/plain'],
  ['content-type', 'multipart/form-data; boundary=x'],
  ['content-type', 'application/x-www-form-urlencoded'],
  ['content-type', ''],
  ['content-type', 'application/json; charset=utf-16'],
  ['accept', 'text/html'],
  ['accept', '*/*;q=zzz'],
  ['accept-encoding', 'br;q=2'],
  ['origin', 'null'],
  ['origin', 'http://127.0.0.1:8001'],
  ['origin', '://'],
  ['sec-fetch-site', 'cross-site'],
  ['sec-fetch-site', 'same-origin'],
  ['authorization', 'Bearer '],
  ['authorization', 'Bearer smst_x'],
  ['authorization', 'Basic ????'],
  ['cookie', 'smstats_session=x; a'],
  ['cookie', '=;=;=%%%'],
  ['content-length', '-1'],
  ['range', 'bytes=5-1'],
  ['if-none-match', '*'],
  ['if-modified-since', 'yesterday'],
  ['x-http-method-override', 'DELETE'],
  ['x-forwarded-host', 'evil.example'],
  ['last-event-id', '1.1'],
  ['x-request-id', '\u00ff'],
  ['te', 'trailers'],
  ['expect', 'nothing'],
  ['upgrade', 'h2c'],
];

/** Makes up requests for the routes of a server: some right, most a little wrong. The same seed makes the same ones. */
export function createGenerator(seed: number, routes: readonly string[]) {
  const random = seededRandom(seed);
  const below = (limit: number) => Math.floor(random() * limit);
  const pick = <T>(list: readonly T[]) => list[below(list.length)] as T;
  const some = <T>(most: number, make: () => T) => Array.from({ length: below(most + 1) }, make);

  function mutate(text: string): string {
    const at = below(text.length + 1);
    switch (below(9)) {
      case 0:
        return text.slice(0, at) + text.slice(at + 1);
      case 1:
        return text.slice(0, at) + String.fromCharCode(below(256)) + text.slice(at);
      case 2:
        return text + text;
      case 3:
        return text.slice(at) + text.slice(0, at);
      case 4:
        return text.replaceAll('/', pick(['//', '/./', '/../', '%2f', '\\', '/%2e%2e/']));
      case 5:
        return text.toUpperCase();
      case 6:
        return `${text}/`;
      case 7:
        return text.slice(0, at) + pick(VALUES) + text.slice(at);
      default:
        return text;
    }
  }

  function makeJson(level = 0): string {
    const fields = some(
      9,
      () => `${JSON.stringify(pick(FIELDS))}:${random() < 0.1 && level < 3 ? makeJson(level + 1) : pick(LITERALS)}`,
    );
    const base =
      level === 0 && random() < 0.6 ? ['"account_id":"1"', `"platform":"${pick(['tiktok', 'instagram'])}"`] : [];
    return `{${[...base, ...fields].join(',')}}`;
  }

  function makeBody(): string {
    const one = random() < 0.25 ? `[${some(5, makeJson).join(',')}]` : makeJson();
    const text = random() < 0.2 ? mutate(one) : one;
    if (random() < 0.01) return '['.repeat(below(100_000));
    return random() < 0.03 ? pick(VALUES) : text;
  }

  const whose = () => `account_id=1&platform=${pick(['tiktok', 'instagram'])}`;

  /** One that is right but for its values, perhaps. */
  function makeTame(): MadeUp {
    const route = pick(routes.filter((each) => each.startsWith('/api')));
    const isRecord = random() < 0.3;
    const target = isRecord ? route : `${route}?${random() < 0.7 ? whose() : `days=${below(40)}`}`;
    const body = `{"account_id":"1","platform":"tiktok","${pick(FIELDS)}":${pick(['1', '2.5', '"2026-11-20"', '"x"', '[]'])}}`;
    return isRecord
      ? { method: 'POST', target, headers: [['content-type', 'application/json']], body }
      : { method: 'GET', target, headers: [], body: undefined };
  }

  return (): MadeUp => {
    if (random() < 0.3) return makeTame();
    const method = pick(METHODS);
    const route = pick(routes).replace(/[:*]\w*/g, () => pick(VALUES));
    const path = random() < 0.3 ? mutate(route) : route;
    const write = (value: string) => (random() < 0.7 ? encodeURIComponent(value.toWellFormed()) : value);
    const query = some(4, () => `${pick(KEYS)}=${write(pick(VALUES))}`);
    const asked = random() < 0.4 ? [whose(), ...query] : query;
    const headers = some(3, () => pick(HEADERS));
    const hasBody = method !== 'GET' && method !== 'HEAD' && random() < 0.9;
    return {
      method,
      target: asked.length > 0 ? `${path}?${asked.join('&')}` : path,
      headers: random() < 0.6 && hasBody ? [['content-type', 'application/json'], ...headers] : headers,
      body: hasBody ? makeBody() : undefined,
    };
  };
}

/** What no answer may hold: a place in the code or on the disk, or what a runtime says of itself. */
export const LEAK =
  /\bat [\w.<>]+ \(|\.(c?js|ts):\d+|\/(work|tmp|home|usr|root|var)\/|node:internal|node_modules|SQLITE_|SqliteError|smstats-test-|select .* from /i;

/** Every table's rows, as one number. */
export async function checksumTables(store: Store): Promise<string> {
  const tables = await runSql<{ name: string }>(
    store,
    "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name",
  );
  const hash = createHash('sha256');
  for (const { name } of tables) hash.update(name + JSON.stringify(await runSql(store, `SELECT * FROM "${name}"`)));
  return hash.digest('hex');
}
