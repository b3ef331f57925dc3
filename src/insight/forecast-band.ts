import { quantile } from 'simple-statistics';
import type { ModelName } from './forecast-model.ts';
import type { Origin } from './forecast-origin.ts';

/** What a band promises to hold. */
const BAND = 0.8;
/** A band rests on so many past errors of about the same distance. */
const LEAST_ERRORS = 10;
/** Errors of so many days more or less ahead are like. */
const NEAR = 2;
/** How fast a band that held too little or too much is corrected. */
const CORRECTION = 0.05;

/** How far a value may lie from its forecast. */
export interface Band {
  low: number;
  high: number;
}

/** Bands about the forecasts of a model, one origin after the other, each from the errors that were known by then. */
export function bandsOf(
  origins: readonly Origin[],
  model: ModelName,
  changes: readonly number[],
  isKnown: readonly boolean[],
  horizon: number,
): { next: (scale: number) => (Band | undefined)[]; coverage: number | null; count: number } {
  /** The error of the level at each distance, in units of the origin's scale; null on days not known. */
  const errors = origins.map(({ at, scale, forecasts }) => {
    let off = 0;
    return forecasts[model].map((value, ahead) => {
      off += (changes[at + ahead] as number) - value;
      return isKnown[at + ahead] ? off / scale : null;
    });
  });
  const misses: (number | null)[] = [];
  const bandAt = (now: number, scale: number): (Band | undefined)[] => {
    let outside = 1 - BAND;
    for (const [index, miss] of misses.entries()) {
      const isOver = (origins[index] as Origin).at + horizon <= now;
      if (isOver && miss !== null) outside += CORRECTION * (1 - BAND - miss);
    }
    outside = Math.min(0.6, Math.max(0.02, outside));
    return Array.from({ length: horizon }, (_, ahead) => {
      const like = origins.map(({ at }, index) => knownNear(errors[index] ?? [], ahead, now - at));
      const known = like.flat();
      if (known.length < LEAST_ERRORS) return undefined;
      const band = bandFrom(known, like.filter(({ length }) => length > 0).length, outside);
      return { low: scale * band.low, high: scale * band.high };
    });
  };
  let [held, count] = [0, 0];
  for (const [index, { at, scale }] of origins.entries()) {
    const band = bandAt(at, scale);
    let [inside, seen] = [0, 0];
    for (const [ahead, error] of (errors[index] as (number | null)[]).entries()) {
      const reach = band[ahead];
      if (error === null || !reach) continue;
      seen++;
      if (error * scale >= reach.low && error * scale <= reach.high) inside++;
    }
    misses.push(seen === 0 ? null : 1 - inside / seen);
    held += inside;
    count += seen;
  }
  return { next: (scale) => bandAt(changes.length, scale), coverage: count === 0 ? null : held / count, count };
}

/** The errors of an origin about so many days ahead, of those days that were over `passed` days after it. */
function knownNear(errors: readonly (number | null)[], ahead: number, passed: number): number[] {
  return errors
    .slice(Math.max(0, ahead - NEAR), Math.max(0, Math.min(ahead + NEAR + 1, passed)))
    .filter((error) => error !== null);
}

/**
 * The errors that a share of `outside` of the next ones is expected to exceed. The next error has the same chance of each rank
 * among those of `count` past forecasts and itself: so (count + 1) x share of them are taken in, not count x share (split
 * conformal prediction; Vovk, Gammerman and Shafer 2005; Lei et al. 2018), and all where they are too few for that. Errors
 * of one forecast on neighbouring days count as one. The forecast itself is within its band, also where past ones erred to
 * one side.
 */
export function bandFrom(errors: readonly number[], count: number, outside: number): Band {
  const share = Math.min(1, ((count + 1) * (1 - outside / 2)) / count);
  return {
    low: Math.min(0, quantile([...errors], 1 - share)),
    high: Math.max(0, quantile([...errors], share)),
  };
}
