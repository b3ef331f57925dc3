/** The weights of damped exponential smoothing; each from 0 to 1. */
export interface SmoothingWeights {
  level: number;
  trend: number;
  damping: number;
  season: number;
}

/** Where smoothing starts. */
export interface SmoothingState {
  level: number;
  trend: number;
  /** One value for each day of the season, or none. */
  seasons: readonly number[];
}

/**
 * Damped additive exponential smoothing in its component form (Holt 1957, Winters 1960, Gardner and McKenzie 1985; Hyndman
 * and Athanasopoulos, Forecasting: Principles and Practice, 8.3): with seasons Holt-Winters, without them Holt.
 * @returns the forecast of each next day, and the mean absolute error of forecasting every value from those before it.
 */
export function smooth(
  values: readonly number[],
  weights: SmoothingWeights,
  start: SmoothingState,
  horizon: number,
): { forecast: number[]; error: number } {
  let { level, trend } = start;
  const seasons = start.seasons.length > 0 ? [...start.seasons] : [0];
  const period = seasons.length;
  const seasonal = start.seasons.length > 0 ? weights.season : 0;
  let sum = 0;
  for (const [at, value] of values.entries()) {
    const season = seasons[at % period] as number;
    const expected = level + weights.damping * trend;
    sum += Math.abs(value - expected - season);
    seasons[at % period] = seasonal * (value - expected) + (1 - seasonal) * season;
    const next = weights.level * (value - season) + (1 - weights.level) * expected;
    trend = weights.trend * (next - level) + (1 - weights.trend) * weights.damping * trend;
    level = next;
  }
  let damped = 0;
  const forecast = Array.from({ length: horizon }, (_, ahead) => {
    damped += weights.damping ** (ahead + 1);
    return level + damped * trend + (seasons[(values.length + ahead) % period] as number);
  });
  return { forecast, error: values.length === 0 ? 0 : sum / values.length };
}
