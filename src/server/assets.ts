import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, gzip } from 'node:zlib';
import { Hono, type Context } from 'hono';
import { Failure } from './failure.ts';
import type { ServerEnv, ServerParts } from './parts.ts';

const TYPES: Record<string, string> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
};

/** In the order of preference. */
const ENCODINGS = [
  { name: 'br', compress: promisify(brotliCompress) },
  { name: 'gzip', compress: promisify(gzip) },
] as const;

/** A file of the dashboard, held in memory. */
interface Asset {
  type: string;
  body: Uint8Array<ArrayBuffer>;
  etag: string;
  /** By encoding, made when somebody first asks for it. */
  compressed: Map<string, Promise<Uint8Array<ArrayBuffer>>>;
}

/**
 * The dashboard: its page and the files that the page names. What there is, is read once; a name in a URL is looked up
 * among them and never becomes a path.
 * @param directory as the build leaves it.
 */
export function assetRoutes(
  _parts: ServerParts,
  directory = fileURLToPath(new URL('../../dist/dashboard/', import.meta.url)),
) {
  const { page, assets } = readAssets(directory);
  return new Hono<ServerEnv>()
    .get('/', (c) => {
      if (!page) throw new Failure('not_found', 'The dashboard is not built here: npm run build makes it.');
      return send(c, page, 'no-cache');
    })
    .get('/assets/:name', (c) => {
      const asset = assets.get(c.req.param('name'));
      if (!asset) throw new Failure('not_found', 'There is no such page here.');
      // The name changes with what is in it.
      return send(c, asset, 'public, max-age=31536000, immutable');
    });
}

function readAssets(directory: string): { page: Asset | undefined; assets: Map<string, Asset> } {
  if (!existsSync(directory)) return { page: undefined, assets: new Map() };
  const names = readdirSync(`${directory}/assets`);
  return {
    page: readAsset(`${directory}/index.html`),
    assets: new Map(names.map((name) => [name, readAsset(`${directory}/assets/${name}`)])),
  };
}

function readAsset(path: string): Asset {
  const body = Uint8Array.from(readFileSync(path));
  const type = TYPES[path.slice(path.lastIndexOf('.') + 1)] ?? 'application/octet-stream';
  const etag = createHash('sha256').update(body).digest('base64url').slice(0, 22);
  return { type, body, etag, compressed: new Map() };
}

async function send(c: Context<ServerEnv>, asset: Asset, caching: string): Promise<Response> {
  const encoding = chooseEncoding(c.req.header('accept-encoding'));
  // Of the encoding too: the bytes are others.
  const etag = `"${asset.etag}${encoding ? `-${encoding.name}` : ''}"`;
  const headers = { 'cache-control': caching, etag, vary: 'Accept-Encoding' };
  const known = c.req.header('if-none-match')?.split(',') ?? [];
  if (known.some((each) => each.trim().replace(/^W\//, '') === etag)) return c.body(null, 304, headers);
  if (!encoding) return c.body(asset.body, 200, { ...headers, 'content-type': asset.type });
  let compressed = asset.compressed.get(encoding.name);
  if (!compressed) {
    compressed = encoding.compress(asset.body).then((bytes) => Uint8Array.from(bytes));
    asset.compressed.set(encoding.name, compressed);
  }
  return c.body(await compressed, 200, { ...headers, 'content-type': asset.type, 'content-encoding': encoding.name });
}

/** What the client takes, unless it says `q=0`. */
function chooseEncoding(accepted = ''): (typeof ENCODINGS)[number] | undefined {
  const parts = accepted
    .toLowerCase()
    .split(',')
    .map((each) => each.split(';').map((part) => part.trim()));
  const taken = parts.filter(([, quality]) => !/^q=0(\.0*)?$/.test(quality ?? ''));
  return ENCODINGS.find(({ name }) => taken.some(([each]) => each === name));
}
