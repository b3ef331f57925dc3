import { createHash, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { VENDORS, type Vendor } from '../../src/login/vendors.ts';

/** What the pages of a vendor say, written down a second time: the table under test must not judge itself. */
interface Rules {
  idParameter: string;
  scope: string;
  /** How the challenge is written, and how the app shows its secret. */
  challenge: 'base64url' | 'hex' | null;
  app: 'form' | 'header';
  expiresIn: number;
  /** `rotates`: the old refresh token stops at once. */
  refresh: 'rotates' | 'stays' | 'none' | 'long-lived';
  extra?: Record<string, unknown>;
  error(code: string): [status: number, body: unknown];
}

const standard = (code: string): [number, unknown] => [400, { error: code, error_description: `Bad: ${code}.` }];

const RULES: Record<string, Rules> = {
  youtube: {
    idParameter: 'client_id',
    scope: 'https://www.googleapis.com/auth/youtube.readonly https://www.googleapis.com/auth/yt-analytics.readonly',
    challenge: 'base64url',
    app: 'form',
    expiresIn: 3599,
    refresh: 'stays',
    error: standard,
  },
  x: {
    idParameter: 'client_id',
    scope: 'tweet.read users.read offline.access',
    challenge: 'base64url',
    app: 'header',
    expiresIn: 7200,
    refresh: 'rotates',
    error: standard,
  },
  'tiktok-display': {
    idParameter: 'client_key',
    scope: 'user.info.basic,user.info.profile,user.info.stats,video.list',
    challenge: 'hex',
    app: 'form',
    expiresIn: 7200,
    refresh: 'rotates',
    extra: { open_id: '723f24d7-e717-40f8-a2b6-cb8464cd23b4', refresh_expires_in: 15_552_000 },
    // With status 200, as they do.
    error: (code) => [200, { error: code, error_description: `Bad: ${code}.`, log_id: '2026112210' }],
  },
  pinterest: {
    idParameter: 'client_id',
    scope: 'user_accounts:read,boards:read,pins:read',
    challenge: null,
    app: 'header',
    expiresIn: 2_592_000,
    refresh: 'rotates',
    extra: { response_type: 'authorization_code', refresh_token_expires_in: 5_184_000 },
    error: () => [400, { code: 283, message: 'Invalid grant' }],
  },
  threads: {
    idParameter: 'client_id',
    scope: 'threads_basic,threads_manage_insights',
    challenge: null,
    app: 'form',
    expiresIn: 3600,
    refresh: 'long-lived',
    error: () => [400, { error: { message: 'Error validating code', type: 'OAuthException', code: 190 } }],
  },
  linkedin: {
    idParameter: 'client_id',
    scope: 'r_organization_social rw_organization_admin',
    challenge: null,
    app: 'form',
    expiresIn: 5_184_000,
    refresh: 'none',
    error: standard,
  },
};

/** The app that the server knows. */
export const APP = { id: 'the-id-of-my-app', secret: 'the-secret-of-my-app' };

export interface SeenToken {
  path: string;
  form: Record<string, string>;
  authorization: string | undefined;
}

export interface VendorServer {
  /** The vendor with its addresses on this server. */
  vendor: Vendor;
  /** Requests to anything but the page that asks the person. */
  requests: SeenToken[];
  /** Every secret the server gave out. */
  given: string[];
  /** What the person does on the page; `allow` unless it is set. */
  person: 'allow' | 'deny' | 'other state' | 'no state';
  /** What the device flow answers before it gives a token. */
  pending: string[];
  /** Answers instead of the server; returns true when it did. */
  fault: ((seen: SeenToken, response: ServerResponse) => boolean) | undefined;
  /** The refresh token that is good now. */
  refreshToken: string | undefined;
  close(): Promise<void>;
}

/** Starts a server on loopback that does what the vendor's pages say. */
export async function startVendorServer(provider: string): Promise<VendorServer> {
  const rules = RULES[provider] as Rules;
  const codes = new Map<string, { challenge: string | null; redirectUri: string }>();
  const server: VendorServer = {
    vendor: VENDORS[provider] as Vendor,
    requests: [],
    given: [],
    person: 'allow',
    pending: [],
    fault: undefined,
    refreshToken: undefined,
    close: () => new Promise((resolve) => (http.close(() => resolve()), http.closeAllConnections())),
  };
  let accessToken = '';
  const make = (kind: string) => {
    const secret = `${kind}-${randomBytes(12).toString('hex')}`;
    server.given.push(secret);
    return secret;
  };
  const grant = () => {
    accessToken = make('access');
    if (rules.refresh === 'rotates' || (rules.refresh === 'stays' && server.refreshToken === undefined))
      server.refreshToken = make('refresh');
    return {
      access_token: accessToken,
      expires_in: rules.expiresIn,
      token_type: 'bearer',
      ...(rules.refresh !== 'long-lived' && { scope: rules.scope }),
      ...(server.refreshToken !== undefined && { refresh_token: server.refreshToken }),
      ...rules.extra,
    };
  };

  const authorize = (query: URLSearchParams): string | undefined => {
    const redirectUri = query.get('redirect_uri') ?? '';
    const isGood =
      query.get('response_type') === 'code' &&
      query.get(rules.idParameter) === APP.id &&
      query.get('scope') === rules.scope &&
      (query.get('state') ?? '').length >= 32 &&
      (rules.challenge === null) === (query.get('code_challenge') === null) &&
      query.get('code_challenge_method') === (rules.challenge === null ? null : 'S256');
    if (!isGood) return undefined;
    const back = new URL(redirectUri);
    const state = query.get('state') as string;
    if (server.person !== 'no state') back.searchParams.set('state', server.person === 'other state' ? 'x' : state);
    if (server.person === 'deny') {
      back.searchParams.set('error', 'access_denied');
      back.searchParams.set('error_description', 'The user denied it');
    } else {
      const code = make('code');
      codes.set(code, { challenge: query.get('code_challenge'), redirectUri });
      back.searchParams.set('code', code);
    }
    if (rules.refresh === 'long-lived') back.hash = '_';
    return back.href;
  };

  const isApp = ({ form, authorization }: SeenToken) =>
    rules.app === 'header'
      ? authorization === `Basic ${Buffer.from(`${APP.id}:${APP.secret}`).toString('base64')}`
      : form[rules.idParameter] === APP.id && form['client_secret'] === APP.secret;

  const token = (seen: SeenToken): [number, unknown] => {
    const { form } = seen;
    if (!isApp(seen)) return [401, { error: 'invalid_client', error_description: `unknown ${form['client_secret']}` }];
    if (form['grant_type'] === 'refresh_token') {
      const isGood = server.refreshToken !== undefined && form['refresh_token'] === server.refreshToken;
      return isGood ? [200, grant()] : rules.error('invalid_grant');
    }
    if (form['grant_type'] === 'urn:ietf:params:oauth:grant-type:device_code') {
      const [error] = server.pending.splice(0, 1);
      // The statuses are Google's.
      return error === undefined ? [200, grant()] : [error === 'authorization_pending' ? 428 : 403, { error }];
    }
    const code = codes.get(form['code'] ?? '');
    codes.delete(form['code'] ?? '');
    const verifier = form['code_verifier'] ?? '';
    const isProven =
      rules.challenge === null ||
      (/^[\w.~-]{43,128}$/.test(verifier) &&
        createHash('sha256').update(verifier).digest(rules.challenge) === code?.challenge);
    const isGood =
      form['grant_type'] === 'authorization_code' && code?.redirectUri === form['redirect_uri'] && isProven;
    return isGood ? [200, grant()] : rules.error('invalid_grant');
  };

  const longer = ({ form }: SeenToken, type: string): [number, unknown] => {
    const isGood =
      form['grant_type'] === type &&
      form['access_token'] === accessToken &&
      (type !== 'th_exchange_token' || form['client_secret'] === APP.secret);
    if (!isGood) return rules.error('invalid_grant');
    accessToken = make('long');
    return [200, { access_token: accessToken, token_type: 'bearer', expires_in: 5_183_944 }];
  };

  const answer = (seen: SeenToken): [number, unknown] => {
    if (seen.path === '/token') return token(seen);
    if (seen.path === '/exchange') return longer(seen, 'th_exchange_token');
    if (seen.path === '/renew') return longer(seen, 'th_refresh_token');
    if (seen.path === '/revoke') return [200, ''];
    if (seen.path !== '/device') return [404, { error: 'not_found' }];
    if (seen.form['scope'] !== 'https://www.googleapis.com/auth/youtube.readonly')
      return [400, { error: 'invalid_scope', error_description: `Invalid device flow scope: ${seen.form['scope']}` }];
    return [
      200,
      {
        device_code: make('device'),
        user_code: 'ABCD-EFGH',
        verification_url: 'https://www.google.com/device',
        interval: 5,
        expires_in: 1800,
      },
    ];
  };

  const http = createServer(async (incoming, response) => {
    const url = new URL(incoming.url ?? '/', 'http://localhost');
    if (url.pathname === '/authorize') {
      const location = authorize(url.searchParams);
      response.writeHead(location ? 302 : 400, location ? { location } : {}).end();
      return;
    }
    const form = incoming.method === 'GET' ? url.searchParams : new URLSearchParams(await readBody(incoming));
    const seen = {
      path: url.pathname,
      form: Object.fromEntries(form),
      authorization: incoming.headers.authorization,
    };
    server.requests.push(seen);
    if (server.fault?.(seen, response)) return;
    const [status, body] = answer(seen);
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(body === '' ? '' : JSON.stringify(body));
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const base = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  const { longLived, device, revoke } = server.vendor;
  server.vendor = {
    ...server.vendor,
    authorizeUrl: `${base}/authorize`,
    tokenUrl: `${base}/token`,
    ...(longLived && { longLived: { ...longLived, exchangeUrl: `${base}/exchange`, refreshUrl: `${base}/renew` } }),
    ...(device && { device: { ...device, codeUrl: `${base}/device` } }),
    ...(revoke && { revoke: { ...revoke, url: `${base}/revoke` } }),
  };
  return server;
}

async function readBody(incoming: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of incoming) text += String(chunk);
  return text;
}

/** What a browser does with the vendor's page: follows it to where the person is sent. @returns that address. */
export async function allowInBrowser(url: string): Promise<string> {
  const response = await fetch(url, { redirect: 'manual' });
  const location = response.headers.get('location');
  if (!location) throw new Error(`the vendor's page answered ${response.status} to ${url}`);
  return location;
}
