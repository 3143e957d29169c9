// What an adaptive sweep asks for, checked against its grid.

import { show } from '../contracts/show.js';
import { EigenflowError } from '../errors.js';
import { log } from '../kernels/elementary.js';
import type { Adaptive } from '../scenario/scenario.js';
import type { Grid } from '../scenario/sweep.js';
import { largest, smallest } from '../statistics/estimate.js';

export interface AdaptivePlan {
  /** Of every cell of the grid, from 0 to 1 along every group of axes: in the logarithm where all values are positive. */
  readonly places: readonly (readonly number[])[];
  readonly seeds: number;
  /** Whether seed k means another instance in every cell. */
  readonly independent: boolean;
  /** Cells that are computed first, with one seed each. */
  readonly first: readonly number[];
  /** Runs in all. */
  readonly runs: number;
  /** Runs that are chosen at a time. */
  readonly batch: number;
}

const fail = (path: string, message: string) => new EigenflowError('scenario', `sweep.adaptive${path}`, message);

function whole(path: string, value: unknown, least: number, most: number): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= least && value <= most) return value;
  throw fail(path, `expected a whole number from ${least} to ${most}, found ${show(value)}`);
}

/** From 0 to 1 along one group of axes, for each of its values. */
function placesAlong(values: readonly unknown[], name: string): number[] {
  if (values.length < 2 || !values.every((value) => typeof value === 'number')) {
    throw fail('', `needs axes of two numbers or more; ${name} has ${show(values)}`);
  }
  const isPositive = values.every((value) => value > 0);
  const along = values.map((value) => (isPositive ? log(value) : value));
  const low = smallest(along);
  const high = largest(along);
  return along.map((value) => (value - low) / (high - low));
}

/** @throws EigenflowError `scenario` naming what does not fit */
export function planAdaptive(adaptive: Adaptive, { axes, seeds, cells, independent }: Grid): AdaptivePlan {
  const groups = [...new Map(axes.map((axis) => [axis.group, axis])).keys()];
  const leaders = groups.map((group) => axes.find((axis) => axis.group === group) as Grid['axes'][number]);
  if (leaders.length === 0) throw fail('', 'needs a sweep with axes');
  const along = leaders.map(({ values, name }) => placesAlong(values, name));
  const lengths = along.map((values) => values.length);
  // First group slowest, as in `cells`.
  const positions = cells.map((_, cell) => {
    let rest = cell;
    return lengths
      .map((length, i) => ({ length, i }))
      .reverse()
      .map(({ length }) => {
        const at = rest % length;
        rest = (rest - at) / length;
        return at;
      })
      .reverse();
  });
  const every = whole('.every', adaptive.every ?? 3, 1, Math.max(...lengths));
  const isFirst = (position: readonly number[]) => position.every((at, i) => at % every === 0 || at === lengths[i] - 1);
  const first = positions.flatMap((position, cell) => (isFirst(position) ? [cell] : []));
  const all = cells.length * seeds;
  const runs = whole('.runs', adaptive.runs ?? Math.max(first.length, Math.ceil(all / 4)), first.length, all);
  return {
    places: positions.map((position) => position.map((at, i) => along[i][at])),
    seeds,
    independent,
    first,
    runs,
    batch: whole('.batch', adaptive.batch ?? Math.max(1, Math.ceil((runs - first.length) / 12)), 1, all),
  };
}
