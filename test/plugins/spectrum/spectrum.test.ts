// Weights, norms and levels against an independent decomposition and against each other.
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { describe, expect, test } from 'vitest';
import type { Component } from '../../../core/contracts/component.js';
import type { RunView } from '../../../core/contracts/observer.js';
import { gramSpectrum } from '../../../plugins/spectrum/gram-spectrum.js';
import { spanGrowth } from '../../../plugins/spectrum/span-growth.js';
import { targetSpectrum } from '../../../plugins/spectrum/target-spectrum.js';
import { weightNorm } from '../../../plugins/spectrum/weight-norm.js';
import { weights } from '../../../plugins/spectrum/weights.js';
import { configOf, framesOf, networkScenario, resultOf } from '../../core/engine/runs.js';
import { watch } from '../watch.js';
import { BLOCKS, type BlockName, weightsOnly } from '../weights-only.js';

interface Measured {
  readonly run: RunView;
  readonly shape: readonly number[] | undefined;
  readonly data: Float64Array;
}

function measure(
  component: Component<'observer'>,
  channel: string,
  params: Readonly<Record<string, unknown>>,
  change: (theta: Float64Array) => void = () => {},
): Measured {
  const { run, observer, observe } = watch(component, params, { model: { component: weightsOnly } });
  change(run.theta);
  return { run, shape: observer.channels[channel].shape, data: observe()[channel] };
}

function matrixOf({ run }: Measured, name: BlockName): Matrix {
  const { rows, cols, offset } = run.model.layout.find((block) => block.name === name) ?? {
    rows: 0,
    cols: 0,
    offset: 0,
  };
  return Matrix.from1DArray(rows, cols, [...run.theta.subarray(offset, offset + rows * cols)]);
}

const names = Object.keys(BLOCKS) as BlockName[];

test.each(names)('weights: the matrix %s, row-major', (block) => {
  const measured = measure(weights, 'weights', { block });
  expect(measured.shape).toEqual(BLOCKS[block]);
  expect([...measured.data]).toEqual(matrixOf(measured, block).to1DArray());
});

describe('weight-norm', () => {
  test.each(names)('of block %s', (block) => {
    const measured = measure(weightNorm, 'norm', { block });
    expect(measured.shape).toBeUndefined();
    expect(measured.data[0]).toBeCloseTo(matrixOf(measured, block).norm('frobenius'), 12);
  });

  test('of all weights', () => {
    const measured = measure(weightNorm, 'norm', {});
    const sum = measured.run.theta.reduce((total, x) => total + x * x, 0);
    expect(measured.data[0]).toBeCloseTo(Math.sqrt(sum), 12);
  });
});

describe('gram-spectrum', () => {
  test.each(names)('the levels of W W^T for block %s that are not 0 by its shape, descending', (block) => {
    const measured = measure(gramSpectrum, 'levels', { block });
    const matrix = matrixOf(measured, block);
    const { realEigenvalues } = new EigenvalueDecomposition(matrix.mmul(matrix.transpose()), { assumeSymmetric: true });
    const expected = realEigenvalues.sort((a, b) => b - a);
    const [rows, cols] = BLOCKS[block];
    expect(measured.shape).toEqual([Math.min(rows, cols)]);
    measured.data.forEach((level, i) => {
      expect(Math.abs(level - expected[i])).toBeLessThan(1e-13 * expected[0]);
      if (i > 0) expect(level).toBeLessThanOrEqual(measured.data[i - 1]);
    });
  });

  test('levels sum to the square of the norm', () => {
    const levels = measure(gramSpectrum, 'levels', { block: 'wide' }).data;
    const norm = measure(weightNorm, 'norm', { block: 'wide' }).data[0];
    const trace = levels.reduce((a, b) => a + b, 0);
    expect(Math.abs(trace - norm * norm)).toBeLessThan(1e-12 * trace);
  });

  test('known levels: a diagonal', () => {
    const { data } = measure(gramSpectrum, 'levels', { block: 'square' }, (theta) => {
      const start = 16 * 32 + 9 * 4;
      theta.fill(0, start, start + 25);
      [3, -1, 0, 4, 2].forEach((value, i) => {
        theta[start + 6 * i] = value;
      });
    });
    expect([...data]).toEqual([16, 9, 4, 1, 0]);
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY])('a weight of %d makes every level NaN', (value) => {
    const { data } = measure(gramSpectrum, 'levels', { block: 'tall' }, (theta) => {
      theta[16 * 32 + 3] = value;
    });
    expect([...data]).toEqual(Array(4).fill(Number.NaN));
  });
});

test.each([
  [weights, 'weights'],
  [weightNorm, 'norm'],
  [gramSpectrum, 'levels'],
] as [Component<'observer'>, string][])('%# names the blocks that there are', (component, channel) => {
  expect(() => measure(component, channel, { block: 'wild' })).toThrow(
    'block: no block called "wild"; did you mean "wide"? The model has wide, tall, square, row',
  );
  expect(() => measure(component, channel, { block: 'encoder' })).toThrow(
    'block: no block called "encoder". The model has wide, tall, square, row',
  );
});

describe('span-growth', () => {
  test('is the logarithm of the span over its first value, whatever the size of the weights', () => {
    const levels = measure(gramSpectrum, 'levels', { block: 'wide' });
    const grown = measure(spanGrowth, 'logarithm', { block: 'wide' }, (theta) => {
      for (let i = 0; i < theta.length; i++) theta[i] *= 1e3;
    });
    expect(levels.data[0]).toBeGreaterThan(levels.data[15]);
    expect(grown.data[0]).toBeCloseTo(Math.log(1e6), 12);
    const still = measure(spanGrowth, 'logarithm', { block: 'tall' });
    expect(still.data[0]).toBe(0);
    expect(measure(spanGrowth, 'rate', { block: 'tall' }).data[0]).toBeNaN();
  });

  test('a single level has no span', () => {
    expect(measure(spanGrowth, 'logarithm', { block: 'row' }).data[0]).toBeNaN();
  });

  test('per epoch, it is the published exponent of a run', async () => {
    const observers = {
      growth: { use: 'span-growth', block: 'W', when: { atEpochs: [0, 7] } },
      spectrum: { use: 'gram-spectrum', block: 'W', when: { atEpochs: [0, 7] } },
    } as const;
    const result = await resultOf(configOf({ observers }, networkScenario));
    const [first, last] = framesOf(result, 'spectrum.levels');
    const spacings = (levels: readonly number[]) => levels.slice(1).map((level, i) => levels[i] - level);
    const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
    const expected = Math.log(mean(spacings(last)) / mean(spacings(first))) / 7;
    expect(framesOf(result, 'growth.rate')[1][0]).toBeCloseTo(expected, 12);
  });
});

describe('target-spectrum', () => {
  test('is what the levels of a student come to that starts at its teacher', async () => {
    const observers = {
      target: { use: 'target-spectrum', block: 'W', when: { at: [0, 'end'] } },
      spectrum: { use: 'gram-spectrum', block: 'W', when: { at: 'end' } },
    } as const;
    const model = { use: 'teacher-student', hidden: 8, features: 4, samples: 40, initialWidth: 0.5 };
    const result = await resultOf(configOf({ observers, model, steps: 20_000 }, networkScenario));
    const [before, after] = framesOf(result, 'target.levels');
    expect(after).toEqual(before);
    // The trace of W W^T of a teacher of unit width: rows, up to fluctuations.
    const trace = before.reduce((sum, level) => sum + level, 0);
    expect(trace).toBeGreaterThan(2);
    expect(trace).toBeLessThan(7);
    for (const [i, level] of before.entries()) if (i > 0) expect(level).toBeLessThanOrEqual(before[i - 1]);
  });

  test('a model without a teacher is refused', () => {
    expect(() => measure(targetSpectrum, 'levels', { block: 'wide' })).toThrow('needs a model with a teacher');
  });
});
