import type { Outcome } from '../../collect/collect.ts';
import { EXIT_CODES } from '../../core/errors.ts';
import type { Context } from '../../context.ts';
import type { Report } from '../../report/report.ts';

/**
 * Prints what came of each account.
 * @returns the exit code of the run.
 * @throws the error of a lone account: it is the run's.
 */
export async function reportOutcomes(context: Context, outcomes: readonly Outcome[], isOne: boolean): Promise<number> {
  const [first] = outcomes;
  if (isOne && first?.error) throw first.error;
  await context.print(outcomeReport(outcomes));
  const stored = outcomes.filter(({ status }) => status === 'stored');
  for (const { account, replacedSample } of stored) {
    if (replacedSample)
      context.say(`${account.platform} @${account.username}: the sample's numbers were replaced by real ones`);
  }
  if (stored.length === outcomes.length) {
    if (context.format === 'table' && !context.flags.scheduled) context.say('next: smstats report');
    return EXIT_CODES.done.code;
  }
  const hint = outcomes.find(({ error }) => error?.hint)?.error?.hint;
  if (hint !== undefined) context.say(`  → ${hint}`);
  if (stored.length > 0) return EXIT_CODES.partial.code;
  const endings = new Set(outcomes.map(({ error }) => error?.ending ?? 'failed'));
  const [only] = endings;
  return EXIT_CODES[endings.size === 1 && only ? only : 'failed'].code;
}

function outcomeReport(outcomes: readonly Outcome[]): Report {
  const rows = outcomes.map(({ account, status, providerName, posts, requests, note, error }) => ({
    platform: account.platform,
    username: account.username,
    status,
    provider_name: providerName,
    posts,
    requests,
    reason: error?.message ?? note,
  }));
  return {
    command: 'fetch',
    data: { accounts: rows, requests: rows.reduce((sum, { requests }) => sum + requests, 0) },
    sections: [
      {
        columns: [
          { key: 'platform', label: 'Platform', kind: 'text' },
          { key: 'username', label: 'Account', kind: 'text' },
          { key: 'status', label: 'Status', kind: 'text' },
          { key: 'provider_name', label: 'Provider', kind: 'text' },
          { key: 'posts', label: 'Posts', kind: 'count' },
          { key: 'requests', label: 'Requests', kind: 'count' },
        ],
        rows,
      },
    ],
  };
}
