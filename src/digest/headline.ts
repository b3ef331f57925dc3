import { formatCell } from '../report/format.ts';
import type { Digest } from './digest.ts';

/** The period in one or two sentences, built from the numbers alone. */
export function headline(digest: Digest): string {
  const { totals, accounts } = digest;
  if (accounts.length === 0) return 'None of your own accounts is among these.';
  const gained = [
    phrase(totals.followers.sum, 'follower', totals.followers),
    phrase(totals.views.sum, 'view', totals.views),
  ].filter((text) => text !== null);
  const who = accounts.length === 1 ? `@${accounts[0]?.username}` : `${accounts.length} accounts`;
  const posts =
    totals.posts.sum === null ? [] : [`published ${countOrNo(totals.posts.sum, 'post')}${knownOf(totals.posts)}`];
  const published = posts.length === 0 ? [] : [`${who} ${posts[0]}.`];
  if (gained.length === 0) return [...published, NOTHING_GAINED].join(' ');
  const told = gained
    .join(' and ')
    .replace(/(?<= and )(gained|lost) /, (verb) => (gained[0]?.startsWith(verb) ? '' : verb));
  return [`${who} ${[told, ...posts].join(', and ')}.`, ...comparison(digest)].join(' ');
}

const NOTHING_GAINED = 'What was gained is not known yet: that takes the numbers of two days.';

function phrase(sum: number | null, noun: string, { known, of }: { known: number; of: number }): string | null {
  if (sum === null) return null;
  return `${sum < 0 ? 'lost' : 'gained'} ${count(Math.abs(sum), noun)}${knownOf({ known, of })}`;
}

function knownOf({ known, of }: { known: number; of: number }): string {
  return known < of ? ` (known of ${known} of ${of} accounts)` : '';
}

/** Beside the period before: of views where they compare, else of followers. */
function comparison({ totals, before, kind }: Digest): string[] {
  for (const [noun, { rate, compared, of }] of [
    ['views', totals.views],
    ['followers', totals.followers],
  ] as const) {
    if (rate === null) continue;
    const part = compared < of ? `, by the ${compared} of ${of} accounts known in both` : '';
    const then = kind === 'week' ? 'the 7 days before' : monthName(before.first);
    // Fewer than none is not said in percent.
    if (rate < -100) return [`In ${then}, ${noun} were gained${part}.`];
    const share = formatCell(Math.abs(rate), 'percent');
    if (!/[1-9]/.test(share)) return [`That is as many ${noun} a day as in ${then}${part}.`];
    return [`That is ${share} ${rate > 0 ? 'more' : 'fewer'} ${noun} a day than in ${then}${part}.`];
  }
  return [];
}

function countOrNo(number: number, noun: string): string {
  return number === 0 ? `no ${noun}s` : count(number, noun);
}

/** A number with its noun. */
export function count(number: number, noun: string): string {
  return `${formatCell(number, 'count')} ${noun}${number === 1 ? '' : 's'}`;
}

const MONTHS = 'January February March April May June July August September October November December'.split(' ');

/** `November 2026`. */
export function monthName(day: string): string {
  return `${MONTHS[Number(day.slice(5, 7)) - 1]} ${day.slice(0, 4)}`;
}

/** `16 to 22 November 2026`, `30 November to 6 December 2026`. */
export function formatDays({ first, last }: { first: string; last: string }): string {
  const day = (text: string) => String(Number(text.slice(8)));
  if (first.slice(0, 7) === last.slice(0, 7)) return `${day(first)} to ${day(last)} ${monthName(last)}`;
  const begin = first.slice(0, 4) === last.slice(0, 4) ? monthName(first).split(' ')[0] : monthName(first);
  return `${day(first)} ${begin} to ${day(last)} ${monthName(last)}`;
}
