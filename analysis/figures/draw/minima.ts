// Where along a third axis the value of a line is least: one place for every seed, in place of its runs.
import type { ScaleKind } from '../../../core/contracts/figure.js';
import { log } from '../../../core/kernels/elementary.js';
import { leastAt } from '../../../core/statistics/least.js';
import type { LeftOut, RunValue } from './sample.js';

/** A run at its place on the axis, as drawn. */
export interface PlacedRun extends RunValue {
  readonly place: number;
}

/** What a run contributes: a height, or the reason for which nothing can be said of its whole seed. */
function heightOf({ value, leftOut }: PlacedRun): number | LeftOut {
  // Beyond all others, as the loss is where training runs away: a minimum may stand beside it.
  if (leftOut === 'diverged' || (leftOut === undefined && !Number.isFinite(value))) return Number.POSITIVE_INFINITY;
  return leftOut ?? value;
}

/**
 * The place for one seed, see `LineDeclaration.leastAlong`.
 *
 * @param runs of one seed, in any order
 * @returns its natural logarithm where the scale is logarithmic, since that is what seeds are summarised by
 */
export function minimumOf(runs: readonly PlacedRun[], scale: ScaleKind): RunValue {
  const ordered = [...runs].sort((a, b) => a.place - b.place);
  const heights: number[] = [];
  for (const run of ordered) {
    const height = heightOf(run);
    if (typeof height === 'string') return { value: Number.NaN, leftOut: height };
    heights.push(height);
  }
  if (!heights.some(Number.isFinite)) return { value: Number.NaN, leftOut: 'diverged' };
  const least = heights.indexOf(Math.min(...heights));
  const beside = heights.slice(Math.max(0, least - 1), least + 2);
  const inLogarithms = beside.every((height) => height > 0);
  const place = leastAt(
    ordered.map(({ place: at }) => (scale === 'log' ? log(at) : at)),
    inLogarithms ? heights.map((height) => (height > 0 ? log(height) : Number.POSITIVE_INFINITY)) : heights,
  );
  return Number.isNaN(place) ? { value: place, leftOut: 'no minimum' } : { value: place };
}
