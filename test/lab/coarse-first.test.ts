// A map that a tab computes is coarse first, and fine where the user looks.
import { describe, expect, it } from 'vitest';
import { createRank, extentsOf, refinement } from '../../lab/worker/coarse-first.js';

const grid = {
  axes: [
    { name: 'a', values: [1, 2, 3, 4, 5], unit: '1', group: 0 },
    { name: 'b', values: [1, 2, 3], unit: '1', group: 1 },
    { name: 'c', values: [7, 8, 9], unit: '1', group: 1 },
  ],
};

/** Runs in the order in which they would be computed. */
function order(seeds: number, focus?: number): number[] {
  const rank = createRank(grid);
  const runs = Array.from({ length: 15 * seeds }, (_, run) => run);
  const of = (run: number) => rank(Math.floor(run / seeds), run % seeds, focus);
  return runs.sort((x, y) => of(x) - of(y) || x - y);
}

describe('a line of values', () => {
  it('has its ends first, then its middle, then the middles of what is left', () => {
    const levels = (length: number) => Array.from({ length }, (_, i) => refinement(i, length));
    expect(levels(5)).toEqual([0, 2, 1, 2, 0]);
    expect(levels(9)).toEqual([0, 3, 2, 3, 1, 3, 2, 3, 0]);
    expect(levels(12)).toEqual([0, 3, 2, 3, 4, 1, 3, 4, 2, 3, 4, 0]);
    expect([levels(1), levels(2)]).toEqual([[0], [0, 0]]);
  });
});

describe('the order of runs', () => {
  it('counts axes that vary together once', () => {
    expect(extentsOf(grid)).toEqual([5, 3]);
  });

  it('has every run once, corners first, and one seed everywhere before a second one', () => {
    const runs = order(2);
    expect([...runs].sort((x, y) => x - y)).toEqual(Array.from({ length: 30 }, (_, run) => run));
    expect(runs.slice(0, 4).map((run) => run / 2)).toEqual([0, 2, 12, 14]);
    expect(runs.slice(0, 15).every((run) => run % 2 === 0)).toBe(true);
  });

  it('begins with the cell that is looked at, and prefers its neighbours among cells of one fineness', () => {
    const cells = order(1, 13);
    expect(cells.slice(0, 3)).toEqual([13, 12, 14]);
    expect(cells.indexOf(10)).toBeLessThan(cells.indexOf(4));
  });
});
