import { mean, quantileSorted } from 'simple-statistics';
import { groupBy } from '../core/group.ts';
import { seededRandom } from './random.ts';
import { poolingWeight, shrink } from './shrink.ts';
import { CELLS, slotOfCell, SLOTS, type Slot } from './slot.ts';

/** A post with its score (natural logarithm of a ratio), and the cell of the week in which it was published. */
export interface TimedScore {
  cell: number;
  /** Posts are compared within their media type only. */
  media_type: string | null;
  /** Null where it is not known: the post is not compared. */
  score: number | null;
}

/** How the posts of a slot did beside the other posts of the account. */
export interface SlotEffect extends Slot {
  n: number;
  /** Geometric mean of the posts in the slot / of those outside: 2 is twice as much. */
  ratio: number;
  /** 95 % interval of the ratio, wide enough for all slots at once. */
  low: number;
  high: number;
  /** The share of shuffles in which any slot stood out as much as this one does: already for all slots. */
  p: number;
}

/** A cell of the week. */
export interface CellEffect extends Slot {
  n: number;
  /** What to expect there beside the account's mean, shrunk to it the more the fewer posts there are: 1 is the mean. */
  expected: number;
}

/** Whether the time of publication matters to an account, and how. */
export interface BestTimes {
  /** Posts compared. */
  n: number;
  /** Null where there are too few posts to say. */
  p: number | null;
  verdict: 'evidence' | 'no evidence' | 'too few posts';
  /** Evidence is a p at or below this. */
  level: number;
  permutations: number;
  seed: number;
  /** Fewer posts, in all or in a slot, are not compared. */
  needs: { posts: number; in_slot: number };
  /** How many posts the account's mean weighs in `expected`; null when it is all there is. */
  pooling_weight: number | null;
  /** Slots with enough posts in and outside them, the one that stands out most first. */
  slots: SlotEffect[];
  /** The whole week. */
  cells: CellEffect[];
  /** Cells with too few posts of all, compared or not: where some would tell most. */
  to_try: (Slot & { n: number })[];
}

/** Fewer posts say nothing. */
const LEAST_POSTS = 30;
/** A slot with fewer posts, or with all but fewer, is not compared. */
const LEAST_IN_SLOT = 4;
/** Evidence is what chance alone brings in fewer cases. */
const LEVEL = 0.05;
const PERMUTATIONS = 999;
const SEED = 20_261;
const TRIES = 3;

/**
 * Tells whether some times of the week do better or worse than others, by one permutation test: the scores are shuffled
 * within their media type, and the largest of all slots' |z| is compared with the largest of the shuffled ones (Westfall,
 * Young, Resampling-Based Multiple Testing, 1993: single-step maxT). So however many slots are looked at, times that do
 * not matter stand out in 5 % of the cases.
 */
export function bestTimes(published: readonly TimedScore[]): BestTimes {
  const posts = published.filter((post): post is Known => post.score !== null);
  const scores = centred(posts);
  const cells = cellEffects(posts, scores);
  const base = {
    n: posts.length,
    level: LEVEL,
    permutations: PERMUTATIONS,
    seed: SEED,
    needs: { posts: LEAST_POSTS, in_slot: LEAST_IN_SLOT },
    ...cells,
    to_try: slotsToTry(published),
  };
  if (posts.length < LEAST_POSTS) return { ...base, p: null, verdict: 'too few posts', slots: [] };
  const compared = compareSlots(posts, scores);
  if (compared.length === 0) return { ...base, p: null, verdict: 'too few posts', slots: [] };
  const largest = shuffledMaxima(posts, scores, compared);
  const critical = quantileSorted(largest, 1 - LEVEL);
  const slots = compared
    .toSorted((a, b) => Math.abs(b.z) - Math.abs(a.z))
    .map(({ slot, n, effect, error, z }): SlotEffect => ({
      ...slot,
      n,
      ratio: Math.exp(effect),
      low: Math.exp(effect - critical * error),
      high: Math.exp(effect + critical * error),
      p: (largest.length - countBelow(largest, Math.abs(z)) + 1) / (PERMUTATIONS + 1),
    }));
  const p = (slots[0] as SlotEffect).p;
  return { ...base, p, verdict: p <= LEVEL ? 'evidence' : 'no evidence', slots };
}

type Known = TimedScore & { score: number };

/** Scores less the mean of their media type: a type that does better is no better time. */
function centred(posts: readonly Known[]): Float64Array {
  const means = new Map(
    [...groupBy(posts, (post) => post.media_type)].map(([type, ofType]) => [
      type,
      mean(ofType.map((post) => post.score)),
    ]),
  );
  return Float64Array.from(posts, ({ media_type, score }) => score - (means.get(media_type) as number));
}

interface Compared {
  slot: Slot;
  cells: readonly number[];
  n: number;
  effect: number;
  error: number;
  /** What a sum of scores in the slot is multiplied by to be a z. */
  factor: number;
  z: number;
}

/** The slots that can be compared: difference of means in and outside, and its standard error if time did not matter. */
function compareSlots(posts: readonly Known[], scores: Float64Array): Compared[] {
  const total = posts.length;
  const deviation = Math.sqrt(scores.reduce((sum, score) => sum + score * score, 0) / (total - 1));
  if (!(deviation > 0)) return [];
  const counts = new Float64Array(CELLS);
  for (const { cell } of posts) counts[cell] = (counts[cell] as number) + 1;
  const sums = sumByCell(cellsOf(posts), scores);
  return SLOTS.flatMap(({ slot, cells }) => {
    const n = sumOf(counts, cells);
    if (n < LEAST_IN_SLOT || total - n < LEAST_IN_SLOT) return [];
    const error = deviation * Math.sqrt(total / (n * (total - n)));
    // The scores add up to 0, so those outside the slot to the opposite of those in it.
    const perSum = total / (n * (total - n));
    const effect = sumOf(sums, cells) * perSum;
    return [{ slot, cells, n, effect, error, factor: perSum / error, z: effect / error }];
  });
}

/** The largest |z| of each shuffle, in ascending order. */
function shuffledMaxima(posts: readonly Known[], scores: Float64Array, compared: readonly Compared[]): number[] {
  const random = seededRandom(SEED);
  const types = [...groupBy(posts.keys(), (index) => posts[index]?.media_type).values()];
  const cells = cellsOf(posts);
  const shuffled = Float64Array.from(scores);
  const largest: number[] = [];
  for (let round = 0; round < PERMUTATIONS; round++) {
    for (const places of types) shufflePlaces(shuffled, places, random);
    const sums = sumByCell(cells, shuffled);
    let most = 0;
    for (const slot of compared) most = Math.max(most, Math.abs(sumOf(sums, slot.cells) * slot.factor));
    largest.push(most);
  }
  return largest.toSorted((a, b) => a - b);
}

/** Shuffles the values at these places among them. */
function shufflePlaces(values: Float64Array, places: readonly number[], random: () => number): void {
  for (let last = places.length - 1; last > 0; last--) {
    const [here, there] = [places[last] as number, places[Math.floor(random() * (last + 1))] as number];
    const value = values[here] as number;
    values[here] = values[there] as number;
    values[there] = value;
  }
}

function sumByCell(cells: Uint8Array, scores: Float64Array): Float64Array {
  const sums = new Float64Array(CELLS);
  for (let index = 0; index < scores.length; index++) {
    const cell = cells[index] as number;
    sums[cell] = (sums[cell] as number) + (scores[index] as number);
  }
  return sums;
}

function cellsOf(posts: readonly Known[]): Uint8Array {
  return Uint8Array.from(posts, ({ cell }) => cell);
}

function sumOf(values: Float64Array, cells: readonly number[]): number {
  let sum = 0;
  for (const cell of cells) sum += values[cell] as number;
  return sum;
}

function cellEffects(posts: readonly Known[], scores: Float64Array) {
  const inCells = groupBy(posts.keys(), (index) => posts[index]?.cell);
  const groups = Array.from({ length: CELLS }, (_, cell) => {
    const inCell = (inCells.get(cell) ?? []).map((index) => scores[index] as number);
    const average = inCell.length === 0 ? 0 : mean(inCell);
    return { n: inCell.length, mean: average, squares: inCell.reduce((sum, each) => sum + (each - average) ** 2, 0) };
  });
  const weight = poolingWeight(
    groups,
    groups.reduce((sum, { squares }) => sum + squares, 0),
  );
  const cells = groups.map((group, cell): CellEffect => ({
    ...slotOfCell(cell),
    n: group.n,
    expected: Math.exp(shrink(group, 0, weight)),
  }));
  return { pooling_weight: weight, cells };
}

/**
 * Where a few posts would tell most: cells with the fewest, first at hours of the day at which the account posts, those
 * with most posts before others, then at the hours next to its busiest ones.
 */
function slotsToTry(published: readonly TimedScore[]): BestTimes['to_try'] {
  if (published.length === 0) return [];
  const cells = Array.from({ length: CELLS }, (_, cell) => ({
    ...slotOfCell(cell),
    n: published.filter((post) => post.cell === cell).length,
  }));
  const hours = groupBy(cells, ({ from_hour }) => from_hour as number);
  const posts = new Map([...hours].map(([hour, atHour]) => [hour, atHour.reduce((sum, { n }) => sum + n, 0)]));
  const postsAt = (cell: Slot) => posts.get(cell.from_hour as number) ?? 0;
  const [busiest] = [...posts].toSorted((a, b) => b[1] - a[1])[0] as [number, number];
  const away = (cell: Slot) => {
    const apart = Math.abs((cell.from_hour as number) - busiest);
    return Math.min(apart, 24 - apart);
  };
  return cells
    .filter(({ n }) => n < LEAST_IN_SLOT)
    .toSorted(
      (a, b) =>
        Number(postsAt(b) > 0) - Number(postsAt(a) > 0) || a.n - b.n || postsAt(b) - postsAt(a) || away(a) - away(b),
    )
    .slice(0, TRIES);
}

/** How many of the sorted values are smaller, by more than rounding. */
function countBelow(sorted: readonly number[], value: number): number {
  const index = sorted.findIndex((each) => each >= value - 1e-9);
  return index === -1 ? sorted.length : index;
}
