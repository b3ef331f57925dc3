/** A day's rate in percent, and what it may be a share of. */
export interface RatedDay {
  engagement_rate: number | null;
  reach: number | null;
  impressions: number | null;
  followers: number | null;
}

/** What days are weighted by, in the order of preference. */
const WEIGHTS = ['reach', 'impressions', 'followers'] as const;

/**
 * The rate of several days, in percent: the days that tell one, each weighted by its reach; where a day does not tell its
 * reach, all by their impressions, else by their followers. Where no weight is known of all of them there is no rate of
 * them together, unless it is one day.
 */
export function averageRate(days: readonly RatedDay[]): number | null {
  const rated = days.filter((day) => day.engagement_rate !== null);
  if (rated.length <= 1) return rated[0]?.engagement_rate ?? null;
  const weight = WEIGHTS.find((name) => rated.every((day) => day[name] !== null && day[name] > 0));
  if (weight === undefined) return null;
  const sum = rated.reduce((total, day) => total + (day[weight] as number), 0);
  return rated.reduce((total, day) => total + (day.engagement_rate as number) * ((day[weight] as number) / sum), 0);
}
