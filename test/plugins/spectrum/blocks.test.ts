// Several blocks at once: each channel is that of the block alone, under its name. And the ranks of matrices.
import { Matrix, SingularValueDecomposition } from 'ml-matrix';
import { describe, expect, test } from 'vitest';
import type { Component } from '../../../core/contracts/component.js';
import { levelSpacing } from '../../../plugins/spectral-statistics/level-spacing.js';
import { effectiveRank } from '../../../plugins/spectrum/effective-rank.js';
import { gramSpectrum } from '../../../plugins/spectrum/gram-spectrum.js';
import { spanGrowth } from '../../../plugins/spectrum/span-growth.js';
import { weightNorm } from '../../../plugins/spectrum/weight-norm.js';
import { weights } from '../../../plugins/spectrum/weights.js';
import { linearClasses } from '../linear-classes.js';
import { alteredReference, watch } from '../watch.js';

const observers: readonly [Component<'observer'>, string][] = [
  [gramSpectrum, 'levels'],
  [effectiveRank, 'stableRank'],
  [spanGrowth, 'logarithm'],
  [weightNorm, 'norm'],
  [weights, 'weights'],
  [levelSpacing, 'spacing'],
];

describe.each(observers)('%#', (component, channel) => {
  test.each([['all' as const], [['W', 'V']]])('block %j has the frames of each block by itself', (block) => {
    const together = watch(component, { block }).frames([0, 5]);
    for (const name of ['W', 'V']) {
      const alone = watch(component, { block: name }, {}, 1).frames([0, 5]);
      for (const step of [0, 5]) {
        expect([...(together.get(step)?.[`${channel}_${name}`] ?? [])]).toEqual([
          ...(alone.get(step)?.[channel] ?? []),
        ]);
      }
    }
  });

  test('a list of one is that block, under the name of the channel alone', () => {
    expect(Object.keys(watch(component, { block: ['V'] }).observer.channels)).toEqual(
      Object.keys(watch(component, { block: 'V' }).observer.channels),
    );
  });
});

const model = linearClasses({ train: { x: [[1, 2]], y: [[1, 0]] }, initial: [1, 2, 3, 4, 5, 6] });

test("'all' means matrices to a spectrum and every block to weights", () => {
  expect(Object.keys(watch(gramSpectrum, { block: 'all' }, { model }).observer.channels)).toEqual(['levels_W1']);
  expect(Object.keys(watch(weights, { block: 'all' }, { model }).observer.channels)).toEqual([
    'weights_W1',
    'weights_b1',
  ]);
});

test.each([
  [{ block: 'all' }, /"all" finds no matrix of at least two rows and two columns; name a block: W, V/],
  [{ block: ['W', 'Q'] }, /no block called "Q"/],
  [{ block: ['W', 'W'] }, /names "W" twice; name each once/],
  [{ block: [] }, /block/],
  [{ block: ['W', 3] }, /block\[1\]: expected a text, found 3/],
])('%j is refused', (params, message) => {
  const flat = alteredReference((made) => ({
    layout: made.layout.map((b) => ({ ...b, rows: 1, cols: b.rows * b.cols })),
  }));
  const at = params.block === 'all' ? { model: { component: flat } } : {};
  expect(() => watch(gramSpectrum, params as never, at)).toThrow(message);
});

describe('ranks', () => {
  test('against singular values by ml-matrix', () => {
    const watched = watch(effectiveRank, { block: 'W' });
    const frame = watched.observe();
    const [W] = watched.run.model.layout;
    const matrix = Matrix.from1DArray(W.rows, W.cols, [...watched.run.theta.slice(0, W.rows * W.cols)]);
    const s = new SingularValueDecomposition(matrix, { autoTranspose: true }).diagonal.slice(0, 3);
    const [sum, squares, fourth] = [1, 2, 4].map((k) => s.reduce((total, value) => total + value ** k, 0));
    const entropy = s.reduce((total, value) => total - (value / sum) * Math.log(value / sum), 0);
    expect(frame.effectiveRank[0]).toBeCloseTo(Math.exp(entropy), 12);
    expect(frame.participationRatio[0]).toBeCloseTo(squares ** 2 / fourth, 12);
    expect(frame.stableRank[0]).toBeCloseTo(squares / Math.max(...s) ** 2, 12);
  });

  test.each([
    [[1, 0, 0, 1], 2],
    [[1, 2, 2, 4], 1],
    [[1e-100, 0, 0, 1e-100], 2],
  ])('weights %j have rank %d by all three', (matrix, rank) => {
    const own = linearClasses({ train: { x: [[1, 2]], y: [[1, 0]] }, initial: [...matrix, 0, 0] });
    const frame = watch(effectiveRank, { block: 'W1' }, { model: own }).observe();
    for (const value of Object.values(frame)) expect(value[0]).toBeCloseTo(rank, 6);
  });

  test('a matrix of zeros has none', () => {
    const own = linearClasses({ train: { x: [[1, 2]], y: [[1, 0]] }, initial: [0, 0, 0, 0, 0, 0] });
    const frame = watch(effectiveRank, { block: 'W1' }, { model: own }).observe();
    for (const value of Object.values(frame)) expect(value[0]).toBeNaN();
  });
});
