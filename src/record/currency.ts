import { UsageError } from '../core/errors.ts';
import type { CampaignRow } from '../store/campaign.ts';
import type { FieldValue } from './field.ts';

/** What is an amount of money. */
export const AMOUNTS = ['cost', 'revenue_generated'] as const;

/**
 * The amounts of a campaign that had no currency and are in one now, though nobody gave them again: "cost 5 now counts
 * as EUR".
 */
export function listNewlyNamed(
  { before, after }: { before: object | undefined; after: object },
  given: Readonly<Record<string, FieldValue>>,
): string[] {
  const [old, now] = [before as Partial<CampaignRow> | undefined, after as Partial<CampaignRow>];
  if (old?.currency !== null || typeof now.currency !== 'string') return [];
  return AMOUNTS.filter((column) => typeof old[column] === 'number' && given[column] === undefined).map(
    (column) => `${nameAmount(column)} ${old[column]} now counts as ${now.currency}`,
  );
}

/**
 * The currency of both amounts of a campaign. What is said counts, else the configuration when an amount is given, else
 * what is stored. Amounts that stay must not end up in another currency than they were recorded in.
 */
export function decideCurrency(
  stored: CampaignRow,
  given: Readonly<Record<string, FieldValue>>,
  said: string | undefined,
  configured: string | undefined,
): string | null {
  const hasAmount = AMOUNTS.some((column) => given[column] !== undefined);
  const currency = said ?? (hasAmount ? configured : undefined) ?? stored.currency;
  if (currency === stored.currency) return currency;
  const kept = AMOUNTS.filter((column) => stored[column] !== null && given[column] === undefined);
  // Saying what amounts are in that had no currency changes none.
  if (kept.length === 0 || (stored.currency === null && said !== undefined)) return currency;
  const what = kept.map(nameAmount).join(' and ');
  throw new UsageError(
    `The ${what} of ${stored.campaign_id} ${kept.length > 1 ? 'are' : 'is'} stored ${
      stored.currency === null ? 'without a currency' : `in ${stored.currency}`
    }; it cannot become ${currency} by itself.`,
    `give cost and revenue together, or --currency ${stored.currency ?? currency}`,
  );
}

function nameAmount(column: (typeof AMOUNTS)[number]): string {
  return column === 'cost' ? 'cost' : 'revenue';
}
