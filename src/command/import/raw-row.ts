import type { Place } from './place.ts';
import type { Shape } from './shape.ts';

/** A row of a file as it was read; `shape` says what its values mean. */
export interface RawRow {
  place: Place;
  shape: Shape;
  values: readonly unknown[];
}
