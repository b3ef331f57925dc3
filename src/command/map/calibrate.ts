import type { Context } from '../../context.ts';
import { calibrate, type CalibrationPair } from '../../match/calibrate.ts';
import { DEFAULT_THRESHOLDS } from '../../match/content.ts';
import { listJudgedPosts } from '../../query/list-judged-posts.ts';
import { loadMatcher, toMatchPost } from './load-matcher.ts';

const PRECISION = 0.98;

/** Tries the rules on what a person has judged. @returns the exit code. */
export async function calibrateThresholds(context: Context): Promise<number> {
  const judged = await listJudgedPosts((await context.openStore()).db);
  const matcher = await loadMatcher(context);
  const pairs = judged.map((row): CalibrationPair => {
    const post = toMatchPost(row);
    const truth =
      row.clip_id === null ? { kind: 'video' as const, id: row.video_id } : { kind: 'clip' as const, id: row.clip_id };
    return {
      ...matcher.rankForCalibration(post),
      truth: row.status === 'confirmed' && truth.id !== null ? { kind: truth.kind, id: truth.id } : null,
    };
  });
  const { table, implied } = calibrate(pairs, PRECISION);
  const confirmed = pairs.filter(({ truth }) => truth !== null).length;
  const usual = table.filter(({ margin }) => margin === (implied?.margin ?? DEFAULT_THRESHOLDS.margin));
  await context.print({
    command: 'map --calibrate',
    title: `The rules on ${pairs.length} posts that you have judged, ${confirmed} of them confirmed; the best must be ${(implied ?? DEFAULT_THRESHOLDS).margin} ahead`,
    data: { judged: pairs.length, confirmed, defaults: DEFAULT_THRESHOLDS, implied, table },
    sections: [
      {
        columns: [
          { key: 'accept', label: 'Accept from', kind: 'score' },
          { key: 'accepted', label: 'Accepted', kind: 'count' },
          { key: 'correct', label: 'Right', kind: 'count' },
          { key: 'precision', label: 'Precision', kind: 'percent' },
          { key: 'recall', label: 'Recall', kind: 'percent' },
        ],
        rows: usual.map((row) => ({
          ...row,
          precision: row.precision === null ? null : row.precision * 100,
          recall: row.recall === null ? null : row.recall * 100,
        })),
      },
    ],
    warnings: [
      implied
        ? `${PRECISION * 100} of 100 would be right from a score of ${implied.accept} on: smstats map --auto --min-confidence ${implied.accept}`
        : `no threshold is shown to be right ${PRECISION * 100} times of 100 by these; confirm more with smstats map --review`,
    ],
  });
  return 0;
}
