import { DATASET_NAMES, type DatasetName } from '../../core/dataset.ts';
import { UsageError } from '../../core/errors.ts';
import { nearest } from '../../core/text.ts';

/** Reads the name of a dataset. */
export function readName(text: string): DatasetName {
  const found = DATASET_NAMES.find((name) => name === text.toLowerCase().replaceAll('_', '-'));
  if (found !== undefined) return found;
  const guess = nearest(text, DATASET_NAMES);
  throw new UsageError(
    `There is no dataset "${text}".`,
    guess ? `did you mean ${guess}?` : `datasets: ${DATASET_NAMES.join(', ')}`,
  );
}
