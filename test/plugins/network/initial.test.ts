// First weights: the laws and their scales, files under two conventions of names, frozen blocks, learning-rate factors.
import { describe, expect, test } from 'vitest';
import { arraysOf, blocksOf, build, matrix, range, vectorOf } from './build.js';

const data = { data: 'random-labels', samples: 20, inputs: 40, classes: 10, test: 0 };
const first = (params: Record<string, unknown>) => {
  const built = build({ ...data, hidden: [50, 30], ...params });
  return { ...built, blocks: blocksOf(built.model, built.theta()) };
};
const variance = (values: readonly number[]) => values.reduce((sum, value) => sum + value * value, 0) / values.length;

describe('laws', () => {
  test.each([
    ['normal', 1],
    ['uniform', 1],
    ['pytorch', 1 / 3],
  ])('%s has the variance of its initial width', (initial, factor) => {
    const { blocks } = first({ initial, initialWidth: [1, 2, 0.5] });
    for (const [l, cols, width] of [
      [1, 40, 1],
      [2, 50, 2],
      [3, 30, 0.5],
    ]) {
      const entries = blocks.get(`W${l}`) ?? [];
      const expected = (factor * width * width) / cols;
      expect(Math.abs(variance(entries) / expected - 1)).toBeLessThan(4 * Math.sqrt(2 / entries.length));
    }
    const bias = blocks.get('b2') ?? [];
    if (initial === 'pytorch') {
      expect(Math.max(...bias.map(Math.abs))).toBeLessThanOrEqual(1 / Math.sqrt(50));
      expect(Math.abs(variance(bias) * 150 - 1)).toBeLessThan(1);
    } else expect(bias.every((value) => value === 0)).toBe(true);
  });

  test('orthogonal gives rows or columns at right angles, of the length of the initial width', () => {
    const { blocks } = first({ initial: 'orthogonal', initialWidth: 2 });
    for (const [name, rows, cols] of [
      ['W1', 50, 40],
      ['W2', 30, 50],
    ] as const) {
      const W = blocks.get(name) ?? [];
      const tall = rows > cols;
      for (const a of range(Math.min(rows, cols))) {
        for (const b of range(a + 1)) {
          const product = range(Math.max(rows, cols)).reduce((sum, i) => {
            return sum + (tall ? W[i * cols + a] * W[i * cols + b] : W[a * cols + i] * W[b * cols + i]);
          }, 0);
          expect(Math.abs(product - (a === b ? 4 : 0))).toBeLessThan(1e-13);
        }
      }
    }
  });

  test('a width scales one and the same draw', () => {
    const [one, three] = [1, 3].map((initialWidth) => first({ initialWidth }).blocks.get('W2') ?? []);
    expect(three.every((value, i) => Math.abs(value - 3 * one[i]) < 1e-15 * Math.abs(value) + 1e-300)).toBe(true);
  });

  test('another parametrisation has another scale: muP reads out with variance 1/n0, ntk has variance 1', () => {
    const mup = first({ parametrisation: 'mup', baseWidth: 5 }).blocks.get('W3') ?? [];
    expect(Math.abs(variance(mup) * 5 - 1)).toBeLessThan(4 * Math.sqrt(2 / 300));
    const ntk = first({ parametrisation: 'ntk' }).blocks.get('W2') ?? [];
    expect(Math.abs(variance(ntk) - 1)).toBeLessThan(4 * Math.sqrt(2 / 1500));
  });
});

describe('learning-rate factors', () => {
  // Widths 40, 50, 30, 10; base width 5.
  test.each([
    ['mup', {}, [10, 10, 0.6, 6, 6, 1], [1, 1, 0.1, 1, 1, 1]],
    ['mean-field', { gamma0: 2 }, [120, 120, 120, 120, 120, 1], [1, 1, 10 ** -0.5, 1, 1, 1]],
    ['ntk', {}, [1, 1, 1, 1, 1, 1], [10 ** -0.5, 10 ** -0.5, 0.1, 6 ** -0.5, 6 ** -0.5, 1]],
  ])('of %s', (parametrisation, more, proportional, normalised) => {
    const { model } = first({ parametrisation, baseWidth: 5, ...more });
    const near = (found: readonly number[] | undefined, expected: readonly number[]) =>
      found?.forEach((factor, i) => {
        expect(Math.abs(factor / expected[i] - 1)).toBeLessThan(1e-14);
      });
    near(model.learningRateFactors?.proportional, proportional);
    near(model.learningRateFactors?.normalised, normalised);
    expect(model.learningRateFactors?.proportional.length).toBe(6);
  });

  test('the standard form has none', () => expect(first({}).model.learningRateFactors).toBeUndefined());
});

describe('files', () => {
  const task = arraysOf({
    x: matrix([
      [1, 2],
      [3, 4],
      [5, 7],
    ]),
    y: vectorOf([1, 2, 3]),
  });
  const W = (rows: number, cols: number, from: number) =>
    matrix(range(rows).map((k) => range(cols).map((l) => from + k * cols + l)));
  const params = { data: 'task', targets: 'regression', test: 0, initial: 'weights' };
  const load = (arrays: Parameters<typeof arraysOf>[0], more: Record<string, unknown>) => {
    const built = build({ ...params, ...more }, { files: { task, weights: arraysOf(arrays) } });
    return [...built.theta()];
  };

  test('W1, b1, ... and the names of PyTorch give the same network, ten layers in their order', () => {
    const hidden = range(10).map(() => 2);
    const layers = range(11).map((l) => [W(l === 10 ? 1 : 2, 2, 10 * l), vectorOf(l === 10 ? [l] : [l, -l])] as const);
    const ours = Object.fromEntries(
      layers.flatMap(([w, b], l) => [
        [`W${l + 1}`, w],
        [`b${l + 1}`, b],
      ]),
    );
    // As nn.Sequential numbers them, activations in between; a file sorted by text has 10 before 2.
    const torch = Object.fromEntries(
      layers
        .flatMap(
          ([w, b], l) =>
            [
              [`net.${2 * l}.weight`, w],
              [`net.${2 * l}.bias`, b],
            ] as const,
        )
        .sort(),
    );
    expect(load(torch, { hidden })).toEqual(load(ours, { hidden }));
    expect(load(ours, { hidden }).slice(0, 6)).toEqual([0, 1, 2, 3, 0, -0]);
  });

  test('blocks that are not trained stay as they are and leave theta', () => {
    const weights = { W1: W(2, 2, 1), b1: vectorOf([0.5, 0.25]), W2: W(1, 2, 7), b2: vectorOf([0]) };
    expect(load(weights, { hidden: [2], trained: ['b1', 'W2'] })).toEqual([0.5, 0.25, 7, 8]);
  });
});
