// The order in which a tab computes a map: a coarse one first, then finer and finer, and first what the user looks at.
import type { Grid } from '../../core/scenario/sweep.js';

/**
 * How often a line of values must be halved until this one is on it: 0 for its ends, 1 for its middle.
 *
 * @param index from 0 to `length` - 1
 */
export function refinement(index: number, length: number): number {
  let [low, high] = [0, length - 1];
  for (let level = 0; ; level++) {
    if (index === low || index === high) return level;
    const middle = (low + high) >> 1;
    if (index <= middle) high = middle;
    else low = middle;
  }
}

/** Index of a cell along every group of axes, first group slowest, as in `Grid.cells`. */
function indicesOf(cell: number, lengths: readonly number[]): number[] {
  const indices: number[] = [];
  let rest = cell;
  for (const length of [...lengths].reverse()) {
    indices.unshift(rest % length);
    rest = Math.floor(rest / length);
  }
  return indices;
}

/** Number of values along every group of axes. */
export function extentsOf({ axes }: Pick<Grid, 'axes'>): number[] {
  return [...new Map(axes.map(({ group, values }) => [group, values.length])).values()];
}

/** What a seed more is worth, in halvings: a map of one seed is whole before any cell has two. */
const SEED = 32;

/**
 * Ranks runs: the smallest is computed next.
 *
 * @param focus cell that the user looks at; undefined for none
 */
export function createRank(grid: Pick<Grid, 'axes'>): (cell: number, seed: number, focus?: number) => number {
  const lengths = extentsOf(grid);
  return (cell, seed, focus) => {
    const at = indicesOf(cell, lengths);
    const level = Math.max(0, ...at.map((index, group) => refinement(index, lengths[group])));
    if (focus === undefined) return seed * SEED + level;
    if (cell === focus) return seed * SEED - 1;
    const away = indicesOf(focus, lengths).map((index, group) => Math.abs(index - at[group]) / lengths[group]);
    return seed * SEED + level + Math.min(0.99, Math.max(0, ...away));
  };
}
