/** A counter of a post, some hours after the post was published; null when it was not known then. */
export interface Reading {
  hours: number;
  value: number | null;
}

/** A missed day, and a run that came some hours late. */
const LEAST_GAP = 60;

/**
 * What a counter showed at an age: interpolated linearly between the last known reading at or before it and the first
 * known one at or after it. Null when either is missing, or when they lie further apart than 60 hours and a quarter of
 * the age: nobody saw the post then.
 * @param readings in order of their hours.
 * @param age hours since publication.
 */
export function valueAtAge(readings: readonly Reading[], age: number): number | null {
  const before = readings.findLast((reading): reading is Known => reading.hours <= age && isKnown(reading));
  const after = readings.find((reading): reading is Known => reading.hours >= age && isKnown(reading));
  if (!before || !after) return null;
  const gap = after.hours - before.hours;
  if (gap > longestGap(age)) return null;
  return gap === 0 ? before.value : before.value + ((after.value - before.value) * (age - before.hours)) / gap;
}

/** How far apart two readings may be that stand for an age between them. Hours. */
export function longestGap(age: number): number {
  return Math.max(LEAST_GAP, age / 4);
}

type Known = Reading & { value: number };

function isKnown(reading: Reading): reading is Known {
  return reading.value !== null;
}
