import { DATASET_NAMES, datasetOf, type DatasetName } from '../../core/dataset.ts';
import { PlaceError, type Place } from './place.ts';

/** How the columns of a file become those of a dataset. */
export interface Shape {
  dataset: DatasetName;
  /** For each column of the dataset where it stands in the file; -1 where it does not. */
  at: readonly number[];
}

/**
 * Tells by its columns which dataset a file is of.
 * @param named the dataset that the file says it is.
 * @throws PlaceError naming the first column that does not fit.
 */
export function findShape(columns: readonly string[], place: Place, named?: string): Shape {
  const twice = columns.find((name, at) => columns.indexOf(name) !== at);
  if (twice !== undefined) throw new PlaceError(place, 'stands there twice.', { column: twice });
  const candidates = DATASET_NAMES.filter((name) => named === undefined || name === named);
  if (candidates.length === 0) throw new PlaceError(place, `there is no dataset "${named}".`);
  const misfits = candidates.map((name) => ({ name, ...misfitOf(columns, name) }));
  const fitting = misfits.filter(({ unknown, missing }) => unknown.length + missing.length === 0);
  // Of two that fit, the one that is filled more.
  const share = (name: DatasetName) => columns.length / datasetOf(name).columns.length;
  const [best] = fitting.toSorted((a, b) => share(b.name) - share(a.name));
  if (best) {
    const at = datasetOf(best.name).columns.map(({ name }) => columns.indexOf(name));
    return { dataset: best.name, at };
  }
  const [nearest] = misfits.toSorted(
    (a, b) => a.unknown.length + a.missing.length - b.unknown.length - b.missing.length,
  );
  const { name, unknown, missing } = nearest as (typeof misfits)[number];
  if (columns.length - unknown.length < 2)
    throw new PlaceError(
      place,
      `these are no columns of anything that smstats exports: ${columns.slice(0, 8).join(', ')}.`,
    );
  if (unknown[0] !== undefined)
    throw new PlaceError(place, `is no column of ${name}, which is the nearest.`, { column: unknown[0] });
  throw new PlaceError(place, `is missing, and ${name} needs it.`, { column: missing[0] as string });
}

function misfitOf(columns: readonly string[], name: DatasetName) {
  const known = datasetOf(name).columns;
  return {
    unknown: columns.filter((column) => !known.some((each) => each.name === column)),
    missing: known.filter((each) => each.isRequired && !columns.includes(each.name)).map((each) => each.name),
  };
}
