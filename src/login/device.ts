import { ProviderError, SmstatsError } from '../core/errors.ts';
import { readGrant, type GrantOptions } from './grant.ts';
import type { StoredToken } from './token-file.ts';
import { refusal, sendTokenRequest } from './token-request.ts';
import type { Vendor } from './vendors.ts';

/** What a person types in on another machine, and where. */
export interface DeviceCode {
  userCode: string;
  page: string;
}

const GRANT = 'urn:ietf:params:oauth:grant-type:device_code';
const USUAL_INTERVAL_S = 5;
const LONGEST_INTERVAL_S = 60;
const SLOW_DOWN_S = 5;
const USUAL_LIFE_S = 1800;
const LONGEST_LIFE_S = 3600;

/**
 * Logs in with a code that a person types in elsewhere (RFC 8628): shows it, then asks until it was typed in.
 * @throws SmstatsError (credentials) when the person says no or the code ends first.
 */
export async function deviceLogin(
  options: GrantOptions & { device: NonNullable<Vendor['device']>; show(code: DeviceCode): void },
): Promise<StoredToken> {
  const { vendor, app, world, device } = options;
  const form = { client_id: app.id, scope: device.scopes.join(' ') };
  const start = await sendTokenRequest({ ...options, url: device.codeUrl, form, app: undefined });
  if (start.error !== undefined) throw refusal(vendor, 'to give a code', start);
  // Google says `verification_url`, the standard `verification_uri`.
  const { device_code: deviceCode, user_code: userCode, verification_uri: uri, verification_url: url } = start.body;
  const page = uri ?? url;
  if (typeof deviceCode !== 'string' || typeof userCode !== 'string' || typeof page !== 'string') {
    throw new ProviderError(vendor.provider, 'schema', 'answered without a code to type in');
  }
  options.addSecret(deviceCode);
  options.show({ userCode, page });

  // The vendor proposes; it cannot make this ask without a pause or without an end.
  let interval = within(LONGEST_INTERVAL_S, start.body['interval'], USUAL_INTERVAL_S);
  let left = within(LONGEST_LIFE_S, start.body['expires_in'], USUAL_LIFE_S);
  const end = world.now().getTime() + left * 1000;
  // The pauses are counted as well: a clock that is set back does not lengthen it.
  for (; left > 0 && world.now().getTime() <= end; left -= interval) {
    await world.sleep(interval * 1000, options.signal);
    const reply = await sendTokenRequest({
      ...options,
      url: vendor.tokenUrl,
      form: { grant_type: GRANT, device_code: deviceCode },
    });
    // By the word, not by the status: Google answers 428 and 403 where the standard says 400.
    if (reply.error === undefined) return { ...readGrant(options, reply) };
    if (reply.error === 'slow_down') interval = Math.min(LONGEST_INTERVAL_S, interval + SLOW_DOWN_S);
    else if (reply.error === 'expired_token') break;
    else if (reply.error === 'access_denied') {
      throw ended(vendor, `${vendor.provider} was not allowed: the person said no (access_denied).`);
    } else if (reply.error !== 'authorization_pending') throw refusal(vendor, 'the code', reply);
  }
  throw ended(vendor, `The code for ${vendor.provider} ended before it was typed in.`);
}

/** A number of seconds from 1 to `most`. */
function within(most: number, value: unknown, usual: number): number {
  return Math.min(most, Math.max(1, Number(value) || usual));
}

function ended(vendor: Vendor, message: string): SmstatsError {
  return new SmstatsError('credentials', message, { hint: `smstats login ${vendor.provider} --device` });
}
