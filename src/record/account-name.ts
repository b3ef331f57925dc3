import { SmstatsError } from '../core/errors.ts';
import { accountFilter } from '../core/option.ts';
import { isPlatformName, parsePlatform, parseUsername } from '../core/platform.ts';
import type { FieldValue } from './field.ts';
import type { RecordKind } from './kind.ts';

/** How a person names an account. A platform alone is enough for a campaign. */
export interface AccountName {
  id?: number;
  platform?: string;
  username?: string;
}

/** Takes note of what is wrong with a record. */
export type Complain = (field: string | null, message: string) => void;

/** Of a record that says nothing of whose it is. */
export const NO_ACCOUNT = 'it names no account; write it as platform:username';

/**
 * Takes what names the account out of the values, and complains when nothing does.
 * @param isNamed it was tried, and somebody complained already.
 */
export function readAccountName(
  kind: RecordKind,
  known: Record<string, FieldValue>,
  complain: Complain,
  isNamed: boolean,
): AccountName {
  const { account, account_id: id, platform, username } = known;
  for (const name of ['account', 'account_id', 'platform', 'username']) delete known[name];
  if (kind !== 'campaign' && !isNamed && account === undefined && id === undefined && username === undefined)
    complain('account', NO_ACCOUNT);
  const target: AccountName = {};
  try {
    const named = platform === undefined ? undefined : readPlatform(String(platform));
    if (named !== undefined && isPlatformName(named)) target.platform = named;
    else if (named !== undefined) complain('platform', 'platform must be the name of one, such as instagram');
    if (account !== undefined) {
      const whole = accountFilter({ account: String(account) });
      if (target.platform !== undefined && target.platform !== whole.platform)
        complain('platform', `${String(account)} is not of ${target.platform}`);
      Object.assign(target, whole);
    }
    if (username !== undefined && target.platform === undefined) complain('username', 'username needs a platform');
    else if (username !== undefined) target.username = parseUsername(target.platform as string, String(username));
  } catch (error) {
    if (!(error instanceof SmstatsError)) throw error;
    complain('account', error.message.replace(/\.$/, ''));
  }
  if (typeof id === 'number') target.id = id;
  return target;
}

/** Any platform may be recorded, also one that no provider serves; `x` is still Twitter. */
export function readPlatform(text: string): string {
  const name = text.trim().toLowerCase();
  try {
    return parsePlatform(name);
  } catch {
    return name;
  }
}
