import * as z from 'zod-mini/mini';
import { CHANNEL_TYPES } from '../core/channel.ts';
import { isTimezone } from '../core/time.ts';

/** One configurable value. `*` in a key stands for any one name. */
export interface Setting {
  key: string;
  /** Made when a value is checked: most runs check two or three. */
  schema: () => z.ZodMiniType;
  /** What a valid value is, in words, for error messages. */
  expected: string;
  /** The environment variable that overrides the file. */
  env?: string;
  /** Credentials are masked wherever they are shown and never taken from the command line. */
  secret?: true;
  /** The default in words, where no fixed value can be given. */
  fallback?: string;
}

const text = () => z.string().check(z.minLength(1));
/** It goes into a header: neither blanks nor what is no ASCII can. */
const token = () => z.string().check(z.regex(/^[\x21-\x7e]+$/));
const whole = (minimum: number, maximum: number) => z.int().check(z.minimum(minimum), z.maximum(maximum));

function isBaseUrl(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const url = new URL(value);
  const isLoopback = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
  const isPlain = url.username === '' && url.password === '' && url.search === '' && url.hash === '';
  return isPlain && (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback));
}

/** A secret as the Standard Webhooks specification wants it: 24 to 64 bytes in base64. */
function isWebhookSecret(value: string): boolean {
  const [, base64] = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(value) ?? [];
  const { length } = Buffer.from(base64 ?? '', 'base64');
  return length >= 24 && length <= 64;
}

const MAIL_ADDRESS = /^[^\s@<>,;"\p{Cc}]+@[^\s@<>,;"\p{Cc}]+$/u;
const mailAddress = () => z.string().check(z.regex(MAIL_ADDRESS), z.maxLength(320));

/** The vendors' secrets; the environment variable of each, which people already have, is its name in capitals. */
const CREDENTIALS: readonly string[] = [
  'rapidapi_key',
  'youtube_api_key',
  'x_bearer_token',
  'instagram_access_token',
  'instagram_business_id',
  'facebook_page_token',
  'tiktok_access_token',
  'linkedin_access_token',
  'pinterest_access_token',
  'threads_access_token',
  'snapchat_access_token',
  'hikerapi_token',
  'smtp_password',
  // A person's own apps, for `smstats login`.
  ...['youtube', 'x', 'tiktok', 'pinterest', 'threads', 'linkedin'].flatMap((vendor) => [
    `${vendor}_client_id`,
    `${vendor}_client_secret`,
  ]),
];

/** Every value that `config.toml` may hold. */
export const SETTINGS: readonly Setting[] = [
  {
    key: 'database',
    schema: text,
    expected: 'the path of a database file, or a postgres:// URL',
    env: 'SMSTATS_DATABASE_URL',
    fallback: 'smstats.db in the data directory',
  },
  {
    key: 'timezone',
    schema: () => z.string().check(z.refine(isTimezone)),
    expected: 'an IANA time zone such as "Europe/Berlin"',
    env: 'SMSTATS_TIMEZONE',
    fallback: "the system's",
  },
  {
    key: 'currency',
    schema: () => z.string().check(z.regex(/^[A-Z]{3}$/)),
    expected: 'three capital letters such as EUR',
    fallback: 'none: amounts have no currency',
  },
  {
    key: 'fetch.posts',
    schema: () => whole(1, 10_000),
    expected: 'a whole number from 1 to 10000',
    fallback: '50 for all accounts, 100 for one',
  },
  {
    key: 'fetch.delay_ms',
    schema: () => whole(0, 3_600_000),
    expected: 'milliseconds, from 0 to 3600000',
    fallback: '2000',
  },
  {
    key: 'fetch.concurrency',
    schema: () => whole(1, 64),
    expected: 'a whole number from 1 to 64',
    fallback: 'per provider',
  },
  {
    key: 'platforms.*.providers',
    schema: () => z.array(text()).check(z.minLength(1)),
    expected: 'a list of provider names such as ["tiktok-api23", "tiktok-scraper7"]',
  },
  {
    key: 'providers.*.base_url',
    schema: () => z.string().check(z.refine(isBaseUrl)),
    expected: 'an https URL, or an http URL on loopback',
  },
  { key: 'providers.*.limit', schema: () => whole(0, 1_000_000_000), expected: 'a whole number of requests' },
  { key: 'providers.*.period', schema: () => z.enum(['day', 'month']), expected: '"day" or "month"' },
  {
    key: 'providers.*.safety_margin',
    schema: () => z.number().check(z.gt(0), z.maximum(1)),
    expected: 'a number above 0, up to 1',
  },
  {
    key: 'providers.*.requests_per_second',
    schema: () => z.number().check(z.gt(0), z.maximum(1000)),
    expected: 'a number above 0, up to 1000',
  },
  { key: 'providers.*.program', schema: text, expected: 'the path of a program' },
  { key: 'providers.*.module', schema: text, expected: "the path of a provider's module" },
  {
    key: 'providers.*.max_response_mb',
    schema: () => z.number().check(z.gt(0), z.maximum(1024)),
    expected: 'megabytes, above 0, up to 1024',
  },
  { key: 'channels.*.type', schema: () => z.enum(CHANNEL_TYPES), expected: CHANNEL_TYPES.join(', ') },
  {
    key: 'channels.*.url',
    schema: () => z.string().check(z.refine((value) => URL.canParse(value) && /^https?:/i.test(value))),
    expected: 'an https URL',
    // Whoever knows the address of a Slack or Discord webhook can post to it.
    secret: true,
  },
  {
    key: 'channels.*.secret',
    schema: () => z.string().check(z.refine(isWebhookSecret)),
    expected: '"whsec_" and 24 to 64 random bytes in base64',
    secret: true,
  },
  {
    key: 'channels.*.to',
    schema: () => z.array(mailAddress()).check(z.minLength(1)),
    expected: 'a list of mail addresses such as ["anna@example.org"]',
  },
  { key: 'channels.*.allow_private', schema: () => z.boolean(), expected: 'true or false' },
  { key: 'mail.host', schema: text, expected: 'the name of a mail server', env: 'SMTP_HOST' },
  {
    key: 'mail.port',
    schema: () => whole(1, 65_535),
    expected: 'a port',
    fallback: 'by mail.security: 465, 587 or 25',
  },
  {
    key: 'mail.security',
    schema: () => z.enum(['tls', 'starttls', 'none']),
    expected: '"tls", "starttls" or "none"',
    fallback: 'starttls',
  },
  { key: 'mail.user', schema: text, expected: 'the name that the mail server knows you by', env: 'SMTP_USER' },
  { key: 'mail.from', schema: mailAddress, expected: 'a mail address', fallback: 'mail.user' },
  {
    key: 'api.create_accounts',
    schema: () => z.boolean(),
    expected: 'true or false',
    fallback: 'true: what is recorded over the API of an account that is not there adds it',
  },
  {
    key: 'api.rate_limit',
    schema: () => whole(1, 10_000_000),
    expected: 'requests a minute of one client, from 1 to 10000000',
    fallback: '1000 for each token, and for each address that shows none',
  },
  ...CREDENTIALS.map((name): Setting => ({
    key: `credentials.${name}`,
    schema: token,
    expected: 'a key or token without blanks',
    env: name.toUpperCase(),
    secret: true,
  })),
];

/** A key that a user's own module asks for: whoever brings modules may name it as they like. */
const OWN_CREDENTIAL: Setting = {
  key: 'credentials.*',
  schema: token,
  expected: 'a key or token without blanks',
  secret: true,
};

/**
 * The setting that a full key such as `providers.tiktok-scraper7.limit` belongs to.
 * @param hasModules whether the user brings modules; without them an unknown credential is a slip of the pen.
 */
export function findSetting(key: string, hasModules = false): Setting | undefined {
  const parts = key.split('.');
  return [...SETTINGS, ...(hasModules ? [OWN_CREDENTIAL] : [])].find((setting) => {
    const pattern = setting.key.split('.');
    return (
      pattern.length === parts.length &&
      pattern.every((part, i) => part === parts[i] || (part === '*' && parts[i] !== ''))
    );
  });
}
