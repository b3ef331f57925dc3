import { SmstatsError, UsageError } from '../core/errors.ts';
import { dayIn } from '../core/time.ts';
import type { Context } from '../context.ts';
import { listTokens } from '../query/list-tokens.ts';
import { createToken, revokeToken } from '../store/token.ts';
import type { AddCommand } from './index.ts';
import { dayBefore, readAge } from './prune/age.ts';

interface CreateOptions {
  readOnly?: boolean;
  expires?: string;
}

export const addToken: AddCommand = (command, context, end) => {
  command
    .command('create')
    .description('make a token and print it, this once; only its hash is kept')
    .argument('<name>', 'what it is for, such as grafana')
    .option('--read-only', 'it may ask, not record')
    .option('--expires <age>', 'it ends by itself, for example after 90d, 6m or 1y')
    .action(async (name: string, options: CreateOptions) => end(await runCreate(context, name, options)));
  command
    .command('list', { isDefault: true })
    .description('the tokens, and when each was last used')
    .action(async () => end(await runList(context)));
  command
    .command('revoke')
    .description('end a token at once')
    .argument('<name>', 'its name in the list')
    .action(async (name: string) => end(await runRevoke(context, name)));
};

const NAME = /^[A-Za-z0-9._-]{1,64}$/;

/** Makes a token. On stdout is the token alone, so that a script can take it. */
async function runCreate(context: Context, name: string, { readOnly, expires }: CreateOptions): Promise<number> {
  if (!NAME.test(name)) {
    throw new UsageError(`"${name}" is no name for a token.`, 'up to 64 letters, digits, dots, dashes and underscores');
  }
  const now = context.now();
  const expiresAt = expires === undefined ? null : expiryOf(now, expires);
  const { db } = await context.openStore({ create: true });
  const made = await createToken(db, { name, scope: readOnly ? 'read' : 'write', expiresAt }, now);
  if (!made) {
    throw new SmstatsError('failed', `There is a token "${name}" already.`, {
      hint: `choose another name, or end that one first: smstats token revoke ${name}`,
    });
  }
  const { token, entry } = made;
  if (context.format === 'table') context.stdout.write(`${token}\n`);
  else {
    const row = { token, ...entry };
    const columns = [{ key: 'token', label: 'Token', kind: 'text' } as const, ...COLUMNS];
    await context.print({ command: 'token create', data: row, sections: [{ columns, rows: [row] }] });
  }
  context.say('this is shown once: keep it where secrets are kept');
  return 0;
}

function expiryOf(now: Date, text: string): Date {
  const { count, unit } = readAge(text, '--expires');
  const day = dayBefore(dayIn('UTC', now), { count: -count, unit });
  return new Date(`${day}T${now.toISOString().slice(11)}`);
}

const COLUMNS = [
  { key: 'name', label: 'Token', kind: 'text' },
  { key: 'scope', label: 'May', kind: 'text' },
  { key: 'created_at', label: 'Made', kind: 'instant', rank: 2 },
  { key: 'last_used_at', label: 'Last used', kind: 'instant' },
  { key: 'expires_at', label: 'Ends', kind: 'instant', rank: 1 },
  { key: 'revoked_at', label: 'Revoked', kind: 'instant', rank: 3 },
] as const;

async function runList(context: Context): Promise<number> {
  const { db } = await context.openStore();
  const tokens = await listTokens(db);
  await context.print({
    command: 'token list',
    data: tokens,
    sections: [{ columns: COLUMNS, rows: tokens, empty: 'no token yet; make one: smstats token create <name>' }],
  });
  return 0;
}

async function runRevoke(context: Context, name: string): Promise<number> {
  const { db } = await context.openStore();
  const revoked = await revokeToken(db, name, context.now());
  if (!revoked) {
    throw new SmstatsError('not_found', `There is no token "${name}" in force.`, { hint: 'smstats token list' });
  }
  if (context.format === 'json') await context.print({ command: 'token revoke', data: revoked, sections: [] });
  context.say(`token ${name} is revoked`);
  return 0;
}
