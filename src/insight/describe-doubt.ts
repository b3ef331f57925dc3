import type { Doubt } from './anomaly.ts';

/** A doubt in words. */
export function describeDoubt(doubt: Doubt): string {
  const count = (number: number, noun: string) => `${number} ${noun}${number === 1 ? '' : 's'}`;
  switch (doubt.kind) {
    case 'gap':
      return `${count(doubt.days, 'day')} without numbers before`;
    case 'stalled':
      return `it had not moved for ${count(doubt.days, 'day')}`;
    case 'provider':
      return `provider changed from ${doubt.from} to ${doubt.to}`;
    case 'posts_added':
      return `${count(doubt.posts, 'older post')} fetched for the first time`;
    case 'total_fell':
      return 'a total does not fall: the platform took numbers back';
  }
}
