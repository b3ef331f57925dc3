/** How a vendor lets a person log an app in, and what of that differs from the others. */
export interface Vendor {
  /** The provider whose requests carry the token; also the name of the token's file. */
  provider: string;
  /** Where a person makes an app of their own. */
  appPage: string;
  /** What the vendor calls the id of an app, for people. */
  idName: string;
  /** The names of the app's id and secret under `credentials.` in config.toml. */
  credentials: { id: string; secret: string };
  /** Whether an app has a secret at all. */
  secret: 'required' | 'optional';
  authorizeUrl: string;
  /** Fixed parameters of the page that asks the person. */
  authorizeParameters?: Readonly<Record<string, string>>;
  tokenUrl: string;
  scopes: readonly string[];
  scopeSeparator: ' ' | ',';
  idParameter: 'client_id' | 'client_key';
  /** Where the app's id and secret stand in requests for tokens: in the form, or in a header (when there is a secret). */
  appIn: 'form' | 'header';
  /** How the SHA-256 of the PKCE verifier is written; null where the vendor knows no PKCE. */
  challenge: 'base64url' | 'hex' | null;
  redirect: Redirect;
  /** More to say with each request for tokens. */
  tokenParameters?: Readonly<Record<string, string>>;
  /** Meta's own way: tokens are exchanged for longer ones and renewed by themselves, without a refresh token. */
  longLived?: { exchangeUrl: string; refreshUrl: string };
  /** Renewed at this age although it is good for longer: what renews it ends as well when nobody uses it. */
  renewAfterMs?: number;
  /** For machines without a browser: a code that is typed in elsewhere. */
  device?: { codeUrl: string; scopes: readonly string[]; remark: string };
  /** Ends tokens at the vendor, one request for each of `tokens`. */
  revoke?: { url: string; tokens: readonly ('access_token' | 'refresh_token')[]; withApp: boolean };
}

/** Where the vendor sends the browser afterwards. */
export interface Redirect {
  /** `localhost` only where the vendor is known to take that name and not the address (RFC 8252, 8.3). */
  host: '127.0.0.1' | 'localhost';
  path: '/callback' | '/callback/';
  /**
   * `any`: the vendor takes whatever port is free. `fixed`: it compares the whole URI with the registered one.
   * `paste`: it refuses http, so nothing can listen; the person pastes the address of the page.
   */
  port: 'any' | 'fixed' | 'paste';
  /** What to register where the port is `any`; nothing when it is left out. */
  register?: string;
}

/** The port of vendors that want an exact redirect URI. */
export const FIXED_PORT = 8723;

const DAY_MS = 86_400_000;

/** Every vendor with a login. URLs and rules are from the pages named above each. */
export const VENDORS: Readonly<Record<string, Vendor>> = {
  // https://developers.google.com/identity/protocols/oauth2/native-app (loopback address with any port for "Desktop app"
  // clients, PKCE, /revoke) and https://developers.google.com/youtube/v3/guides/auth/devices (allowed scopes: of ours,
  // youtube.readonly alone; the client is of the type "TVs and Limited Input devices").
  youtube: {
    provider: 'youtube',
    appPage: 'https://console.cloud.google.com/apis/credentials (type "Desktop app")',
    idName: 'client ID',
    credentials: { id: 'youtube_client_id', secret: 'youtube_client_secret' },
    secret: 'required',
    authorizeUrl: 'https://accounts.google.com/o/oauth2/v2/auth',
    // Without the question there may be no refresh token the second time.
    authorizeParameters: { access_type: 'offline', prompt: 'consent' },
    tokenUrl: 'https://oauth2.googleapis.com/token',
    scopes: [
      'https://www.googleapis.com/auth/youtube.readonly',
      'https://www.googleapis.com/auth/yt-analytics.readonly',
    ],
    scopeSeparator: ' ',
    idParameter: 'client_id',
    appIn: 'form',
    challenge: 'base64url',
    redirect: { host: '127.0.0.1', path: '/callback', port: 'any' },
    device: {
      codeUrl: 'https://oauth2.googleapis.com/device/code',
      scopes: ['https://www.googleapis.com/auth/youtube.readonly'],
      remark:
        'Google gives no analytics this way, and wants an app of the type "TVs and Limited Input devices". Without --device there are both.',
    },
    revoke: { url: 'https://oauth2.googleapis.com/revoke', tokens: ['refresh_token'], withApp: false },
  },
  // https://docs.x.com/fundamentals/authentication/oauth-2-0/user-access-token and .../authorization-code: exact
  // redirect URI, codes live 30 seconds, access tokens 2 hours, Basic for apps with a secret. That a refresh token is good
  // for one use is not on those pages; the answer brings a new one each time.
  x: {
    provider: 'x',
    appPage: 'https://console.x.com',
    idName: 'OAuth 2.0 client ID',
    credentials: { id: 'x_client_id', secret: 'x_client_secret' },
    secret: 'optional',
    authorizeUrl: 'https://x.com/i/oauth2/authorize',
    tokenUrl: 'https://api.x.com/2/oauth2/token',
    scopes: ['tweet.read', 'users.read', 'offline.access'],
    scopeSeparator: ' ',
    idParameter: 'client_id',
    appIn: 'header',
    challenge: 'base64url',
    redirect: { host: '127.0.0.1', path: '/callback', port: 'fixed' },
    revoke: { url: 'https://api.x.com/2/oauth2/revoke', tokens: ['refresh_token', 'access_token'], withApp: true },
  },
  // https://developers.tiktok.com/doc/login-kit-desktop (loopback with `*` for the port, the challenge in hex) and
  // https://developers.tiktok.com/docs/en/oauth-refresh-a-user-access-token (2 hours, the refresh token changes and the
  // old one stops at once), .../oauth-revoke-a-user-access-token.
  'tiktok-display': {
    provider: 'tiktok-display',
    appPage: 'https://developers.tiktok.com/apps (platform "Desktop", product "Login Kit")',
    idName: 'client key',
    credentials: { id: 'tiktok_client_id', secret: 'tiktok_client_secret' },
    secret: 'required',
    authorizeUrl: 'https://www.tiktok.com/v2/auth/authorize/',
    tokenUrl: 'https://open.tiktokapis.com/v2/oauth/token/',
    scopes: ['user.info.basic', 'user.info.profile', 'user.info.stats', 'video.list'],
    scopeSeparator: ',',
    idParameter: 'client_key',
    appIn: 'form',
    challenge: 'hex',
    redirect: { host: '127.0.0.1', path: '/callback/', port: 'any', register: 'http://127.0.0.1:*/callback/' },
    revoke: { url: 'https://open.tiktokapis.com/v2/oauth/revoke/', tokens: ['access_token'], withApp: true },
  },
  // https://developers.pinterest.com/docs/getting-started/set-up-authentication-and-authorization/ and openapi.yaml of
  // https://github.com/pinterest/api-description: Basic, comma between scopes, refresh tokens of 60 days that come anew
  // with each use, and a /revoke that takes tokens of system users alone. http on localhost as in
  // https://github.com/pinterest/api-quickstart.
  pinterest: {
    provider: 'pinterest',
    appPage: 'https://developers.pinterest.com/apps/',
    idName: 'app ID',
    credentials: { id: 'pinterest_client_id', secret: 'pinterest_client_secret' },
    secret: 'required',
    authorizeUrl: 'https://www.pinterest.com/oauth/',
    tokenUrl: 'https://api.pinterest.com/v5/oauth/token',
    // Apps from before 2025-09-25 get refresh tokens that last only when they ask.
    tokenParameters: { continuous_refresh: 'true' },
    scopes: ['user_accounts:read', 'boards:read', 'pins:read'],
    scopeSeparator: ',',
    idParameter: 'client_id',
    appIn: 'header',
    challenge: null,
    redirect: { host: 'localhost', path: '/callback', port: 'fixed' },
    renewAfterMs: 7 * DAY_MS,
  },
  // https://developers.facebook.com/docs/threads/get-started/get-access-tokens-and-permissions and .../long-lived-tokens:
  // an hour, exchanged for 60 days, renewed from the age of 24 hours on. Redirect URIs are https:
  // https://github.com/fbsamples/threads_api/issues/32. No page names a way to revoke.
  threads: {
    provider: 'threads',
    appPage: 'https://developers.facebook.com/apps (use case "Threads API"; the Threads app ID, not the Meta one)',
    idName: 'Threads app ID',
    credentials: { id: 'threads_client_id', secret: 'threads_client_secret' },
    secret: 'required',
    authorizeUrl: 'https://threads.net/oauth/authorize',
    tokenUrl: 'https://graph.threads.net/oauth/access_token',
    scopes: ['threads_basic', 'threads_manage_insights'],
    scopeSeparator: ',',
    idParameter: 'client_id',
    appIn: 'form',
    challenge: null,
    redirect: { host: 'localhost', path: '/callback', port: 'paste' },
    longLived: {
      exchangeUrl: 'https://graph.threads.net/access_token',
      refreshUrl: 'https://graph.threads.net/refresh_access_token',
    },
    renewAfterMs: 7 * DAY_MS,
  },
  // https://learn.microsoft.com/en-us/linkedin/shared/authentication/authorization-code-flow (60 days) and
  // .../programmatic-refresh-tokens (a year, for approved partners only; it does not change). No page names a way to revoke.
  linkedin: {
    provider: 'linkedin',
    appPage: 'https://www.linkedin.com/developers/apps (product "Community Management API")',
    idName: 'client ID',
    credentials: { id: 'linkedin_client_id', secret: 'linkedin_client_secret' },
    secret: 'required',
    authorizeUrl: 'https://www.linkedin.com/oauth/v2/authorization',
    tokenUrl: 'https://www.linkedin.com/oauth/v2/accessToken',
    scopes: ['r_organization_social', 'rw_organization_admin'],
    scopeSeparator: ' ',
    idParameter: 'client_id',
    appIn: 'form',
    challenge: null,
    redirect: { host: 'localhost', path: '/callback', port: 'fixed' },
  },
};

/** The vendor of a provider, if it has a login. */
export function findVendor(provider: string): Vendor | undefined {
  return Object.hasOwn(VENDORS, provider) ? VENDORS[provider] : undefined;
}
