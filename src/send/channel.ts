import { isIP } from 'node:net';
import type { ChannelSettings, MailSettings } from '../core/channel.ts';
import { CHANNEL_TYPES } from '../core/channel.ts';
import { ConfigError } from '../core/errors.ts';
import { isPublicAddress } from '../core/public-address.ts';
import { readMailServer, type MailServer } from './mail-server.ts';

interface Receiver {
  name: string;
  /** Who knows it can post to it, so no more of it than its host is ever told. */
  url: URL;
  /** Whether it may stand inside the machine or its network. */
  allowPrivate: boolean;
}

/** What a message can be sent to, with all that its type needs. */
export type Channel =
  | (Receiver & { type: 'webhook'; secret: string })
  | (Receiver & { type: 'slack' | 'discord' })
  | { type: 'email'; name: string; to: readonly string[]; server: MailServer };

const MAKE_SECRET = "openssl rand -base64 32 | sed 's/^/whsec_/' | smstats config set";

/**
 * Reads a channel from what is configured.
 * @param options.allowPrivate lets it stand inside the network whatever its setting says
 * @throws ConfigError naming what is missing or wrong, and the next command.
 */
export function readChannel(
  settings: ChannelSettings,
  mail: MailSettings,
  options: { allowPrivate?: boolean } = {},
): Channel {
  const { name, type } = settings;
  const key = `channels.${name}`;
  if (type === undefined) {
    throw new ConfigError(`${key}.type is not set.`, {
      hint: `smstats config set ${key}.type webhook, or ${CHANNEL_TYPES.slice(1).join(', ')}`,
    });
  }
  if (type === 'email') {
    if (settings.to.length === 0) {
      throw new ConfigError(`${key}.to is not set.`, { hint: `smstats config set ${key}.to anna@example.org` });
    }
    return { type, name, to: settings.to, server: readMailServer(mail) };
  }
  const allowPrivate = settings.allowPrivate || options.allowPrivate === true;
  const receiver = { name, url: readUrl(key, settings.url, allowPrivate), allowPrivate };
  return type === 'webhook' ? { type, ...receiver, secret: readSecret(key, settings.secret) } : { type, ...receiver };
}

function readUrl(key: string, value: string | undefined, allowPrivate: boolean): URL {
  const hint = `smstats config set ${key}.url`;
  if (value === undefined) throw new ConfigError(`${key}.url is not set.`, { hint });
  if (!URL.canParse(value)) throw new ConfigError(`${key}.url is not a URL.`, { hint });
  const url = new URL(value);
  const { protocol, hostname } = url;
  if (protocol !== 'https:' && protocol !== 'http:')
    throw new ConfigError(`${key}.url must be an https URL.`, { hint });
  if (url.username !== '' || url.password !== '') {
    throw new ConfigError(`${key}.url holds a user name or a password for ${hostname}, which is not sent.`, { hint });
  }
  const literal = hostname.replace(/^\[(.*)\]$/, '$1');
  const isPublic = isIP(literal) ? isPublicAddress(literal) : undefined;
  if (isPublic === false && !allowPrivate) {
    throw new ConfigError(`${key}.url leads to ${hostname}, inside this machine or its network.`, {
      hint: `if it is a receiver of your own: smstats config set ${key}.allow_private true`,
    });
  }
  // A name can be judged only when it is looked up, which is done at each try.
  if (protocol === 'http:' && (isPublic === true || !allowPrivate)) {
    throw new ConfigError(`${key}.url must begin with https, for ${hostname} is asked over the internet.`, {
      hint: isPublic ? hint : `${hint}, or, for a receiver of your own: smstats config set ${key}.allow_private true`,
    });
  }
  return url;
}

/** In the one spelling that every receiver reads the same: base64 with its padding. */
function readSecret(key: string, value: string | undefined): string {
  const hint = `${MAKE_SECRET} ${key}.secret`;
  if (value === undefined)
    throw new ConfigError(`${key}.secret is not set: messages to a webhook are signed.`, { hint });
  const bytes = Buffer.from(/^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(value)?.[1] ?? '', 'base64');
  if (bytes.length < 24 || bytes.length > 64) {
    throw new ConfigError(`${key}.secret must be whsec_ and 24 to 64 bytes in base64.`, { hint });
  }
  return `whsec_${bytes.toString('base64')}`;
}
