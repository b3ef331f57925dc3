import { type Candidate, DEFAULT_THRESHOLDS, type Thresholds } from './content.ts';

/** A post whose content a person has confirmed, and what the matcher ranked for it, best first. */
export interface CalibrationPair {
  candidates: readonly Candidate[];
  /** Null when the post shows nothing of the catalogue. */
  truth: { kind: Candidate['kind']; id: string } | null;
  /** False when the matcher would not accept the best whatever its score, such as another episode's. */
  isAcceptable?: boolean;
}

/** What a pair of thresholds would have done. */
export interface CalibrationRow {
  accept: number;
  margin: number;
  accepted: number;
  correct: number;
  /** Right ones of the accepted; null when none was accepted. */
  precision: number | null;
  /** Right accepted ones of all posts that show content; null when none does. */
  recall: number | null;
}

/** The outcome of every pair of thresholds tried, and the ones that follow from it. */
export interface Calibration {
  table: CalibrationRow[];
  /** The most posts at the asked precision; null when no row reaches it, or there are too few pairs to tell. */
  implied: Thresholds | null;
  /** Posts looked at. */
  pairs: number;
}

const ACCEPTS = [0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95];
const MARGINS = [0, 0.02, 0.04, 0.06, 0.08, 0.1, 0.15, 0.2];
/** Fewer accepted than this say nothing about 98 in 100. */
const ENOUGH = 50;

/** Tries thresholds on confirmed posts. */
export function calibrate(pairs: readonly CalibrationPair[], precision = 0.98, enough = ENOUGH): Calibration {
  const table = ACCEPTS.flatMap((accept) => MARGINS.map((margin) => tryThresholds(pairs, accept, margin)));
  const good = table.filter((row) => row.accepted >= enough && (row.precision ?? 0) >= precision);
  const best = good.toSorted((a, b) => b.correct - a.correct || b.accept - a.accept || b.margin - a.margin)[0];
  return {
    table,
    implied: best
      ? { accept: best.accept, margin: best.margin, review: Math.min(DEFAULT_THRESHOLDS.review, best.accept) }
      : null,
    pairs: pairs.length,
  };
}

function tryThresholds(pairs: readonly CalibrationPair[], accept: number, margin: number): CalibrationRow {
  let accepted = 0;
  let correct = 0;
  for (const { candidates, truth, isAcceptable = true } of pairs) {
    const [best, next] = candidates;
    if (!best || !isAcceptable || best.score < accept) continue;
    if (best.score - (next?.score ?? 0) + 1e-9 < margin) continue;
    accepted++;
    if (truth && best.kind === truth.kind && best.id === truth.id) correct++;
  }
  const present = pairs.filter(({ truth }) => truth).length;
  return {
    accept,
    margin,
    accepted,
    correct,
    precision: accepted === 0 ? null : correct / accepted,
    recall: present === 0 ? null : correct / present,
  };
}
