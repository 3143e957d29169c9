// Symmetric factorisation: runs of gradient flow against the closed form, its scalar values, the slow modes, the three ends
// of the loss, and refusals.
import { inverse, Matrix } from 'ml-matrix';
import { describe, expect, test } from 'vitest';
import type { RunRecord } from '../../../core/contracts/classifier.js';
import {
  exactFactor,
  exactSurplusLevels,
  leadingAngle,
  levelsOf,
  surplus,
} from '../../../plugins/matrix-factorisation/exact-flow.js';
import { parametrisation } from '../../../plugins/matrix-factorisation/parametrisation.js';
import { frames, last, runAll } from '../../validate/flows.js';
import { create } from '../workbench.js';

const flow = {
  loss: { use: 'half-mean-square' },
  noise: { use: 'full-batch' },
  optimiser: { use: 'gradient-flow', learningRate: 0.01 },
};

describe('the closed form', () => {
  test('of one element', () => {
    // lambda = 1, p_0 = 0.01: lambda p_0 e^(2t)/(lambda + p_0 (e^(2t) - 1)).
    const [p] = exactFactor([1], new Matrix([[0.1]]), 2)
      .to1DArray()
      .map((x) => x * x);
    expect(p).toBeCloseTo(0.355461, 6);
    expect(p).toBeCloseTo((0.01 * Math.exp(4)) / (1 + 0.01 * Math.expm1(4)), 14);
    expect(exactSurplusLevels([0], new Matrix([[0.5]]), 10)[0]).toBeCloseTo(0.25 / 6, 14);
  });

  test.each([2, 3, 5])('is followed by Runge-Kutta steps with %i columns, in any basis', async (rank) => {
    for (const basis of ['identity', 'random']) {
      const [run] = await runAll({
        ...flow,
        steps: 400,
        model: { use: 'symmetric-factorisation', rank, basis },
        observers: { flow: { use: 'factorisation-flow', when: { at: [0, 100, 200, 400] } } },
      });
      const distances = frames(run, 'flow.distance').map(([value]) => value);
      expect(distances[0]).toBeLessThan(1e-14);
      expect(Math.max(...distances)).toBeLessThan(1e-6);
      // The steps are those of the flow and not the form itself.
      expect(distances[1]).toBeGreaterThan(1e-12);
    }
  });

  test('holds for a matrix with negative eigenvalues, which X X^T leaves as a least loss', async () => {
    const [run] = await runAll({
      ...flow,
      steps: 4000,
      model: { use: 'symmetric-factorisation', eigenvalues: [-0.5, 2, 1, -1], rank: 3, basis: 'random' },
      observers: {
        flow: { use: 'factorisation-flow', when: { at: [100, 400, 'end'] } },
        modes: { use: 'slow-modes', when: { at: [100, 400] } },
      },
    });
    expect(Math.max(...frames(run, 'flow.distance').map(([value]) => value))).toBeLessThan(1e-6);
    expect(last(run, 'flow.loss')).toBeCloseTo((0.25 + 1) / 4, 10);
    expect(Math.abs(last(run, 'flow.excess'))).toBeLessThan(1e-10);
    const [levels, exact] = ['levels', 'exact'].map((name) => frames(run, `modes.${name}`).map(([value]) => value));
    expect(levels[1]).toBeLessThan(levels[0]);
    for (const [i, value] of levels.entries()) expect(value / exact[i]).toBeCloseTo(1, 4);
  });

  test('has descent as its limit: one step moves X by (M - X X^T) X', async () => {
    const [run] = await runAll({
      ...flow,
      steps: 1,
      optimiser: { use: 'sgd', learningRate: 0.01 },
      model: { use: 'symmetric-factorisation', eigenvalues: [2, 1, -1], rank: 2, initialWidth: 1 },
      observers: { x: { use: 'weights', block: 'X', when: { at: [0, 1] } } },
    });
    const [before, after] = frames(run, 'x.weights').map((values) => Matrix.from1DArray(3, 2, values));
    const force = Matrix.diag([2, 1, -1]).sub(before.mmul(before.transpose())).mmul(before);
    const expected = Matrix.add(before, force.mul(0.01)).to1DArray();
    after.to1DArray().forEach((value, i) => {
      expect(value).toBeCloseTo(expected[i], 14);
    });
  });
});

describe('surplus columns', () => {
  const factor = new Matrix([
    [1, 0.2, 0.3, 0.1],
    [0.1, 1.2, -0.3, 0.4],
    [0.3, -0.2, 0.5, 0.1],
    [0.2, 0.1, 0.1, -0.6],
  ]);

  test('are those of the Schur complement P_22 - P_21 P_11^-1 P_12', () => {
    const p = factor.mmul(factor.transpose());
    const block = (rows: number, cols: number) => p.subMatrix(2 * rows, 2 * rows + 1, 2 * cols, 2 * cols + 1);
    const schur = block(1, 1).sub(
      block(1, 0)
        .mmul(inverse(block(0, 0)))
        .mmul(block(0, 1)),
    );
    const [trace, determinant] = [schur.trace(), schur.get(0, 0) * schur.get(1, 1) - schur.get(0, 1) ** 2];
    const root = Math.sqrt(trace ** 2 / 4 - determinant);
    const levels = levelsOf(surplus([2, 1, 0, 0], factor), 2);
    expect(levels[0]).toBeCloseTo(trace / 2 + root, 12);
    expect(levels[1]).toBeCloseTo(trace / 2 - root, 12);
  });

  test('are none where there are no more columns than needed', () => {
    expect(surplus([3, 2, 1, 1], factor)).toBe(undefined);
    expect([...exactSurplusLevels([3, 2, 1, 1, 0], undefined, 1)]).toEqual([0]);
  });

  test('decay as s/(1 + 2 t s)', async () => {
    const [run] = await runAll({
      ...flow,
      steps: 5000,
      model: { use: 'symmetric-factorisation', rank: 5 },
      observers: { modes: { use: 'slow-modes', when: { at: [0, 500, 5000] } } },
    });
    const [start, five, fifty] = frames(run, 'modes.levels');
    for (const [levels, time] of [
      [five, 5],
      [fifty, 50],
    ] as const) {
      for (const i of [0, 1]) expect((levels[i] * (1 + 2 * time * start[i])) / start[i]).toBeCloseTo(1, 4);
      expect(levels[2]).toBe(0);
    }
  });
});

describe('the loss', () => {
  const ends = async (rank: number, steps: number, at: readonly (number | 'end')[], initialWidth = 0.1) => {
    const [run] = await runAll({
      ...flow,
      steps,
      model: { use: 'symmetric-factorisation', rank, initialWidth },
      observers: { flow: { use: 'factorisation-flow', when: { at } } },
    });
    return frames(run, 'flow.loss').map(([value]) => value);
  };

  test('stays at the square of the eigenvalue that is left out: 1/4', async () => {
    expect((await ends(2, 2000, ['end']))[0]).toBeCloseTo(0.25, 12);
  });

  test('falls at twice the smallest eigenvalue with as many columns as needed', async () => {
    const [first, second] = await ends(3, 1001, [999, 1001]);
    expect((Math.log(first) - Math.log(second)) / 0.02).toBeCloseTo(2, 3);
  });

  test('falls as (r - r*)/(16 t^2) with more', async () => {
    // 1/(t s) below the limit, s the smaller slow mode at the start.
    const losses = await ends(5, 100_000, [1000, 10_000, 100_000], 1);
    const scaled = losses.map((loss, i) => loss * (10 * 10 ** i) ** 2);
    expect(scaled[0]).toBeLessThan(scaled[1]);
    expect(scaled[1]).toBeLessThan(scaled[2]);
    expect(scaled[2]).toBeLessThan(0.125);
    expect(scaled[2]).toBeGreaterThan(0.12);
  });
});

test('the angle to the leading eigenvectors is that of a rotation', () => {
  const angle = 0.3;
  const factor = new Matrix([
    [Math.cos(angle), 0],
    [0, 0.5],
    [Math.sin(angle), 0],
  ]);
  expect(leadingAngle([3, 2, 0], factor)).toBeCloseTo(angle, 14);
  expect(leadingAngle([3, 2, 1], factor)).toBeCloseTo(angle, 14);
  expect(leadingAngle([3, 2, 0], new Matrix([[1], [0], [1e-9]]))).toBeCloseTo(1e-9, 16);
  expect(leadingAngle([3, -1, -2], factor)).toBeCloseTo(angle, 14);
});

describe('parametrisation', () => {
  const { component: classifier } = create(parametrisation);
  const judge = (f: (time: number) => number, status = 'completed') => {
    const time = Float64Array.from({ length: 41 }, (_, i) => (i === 0 ? 0 : 10 ** (i / 10 - 2)));
    const series = () => ({ shape: [], data: time.map(f), step: time, epoch: time, time });
    const record = { id: '', axes: {}, seed: 0, status, steps: 1, parameter: () => undefined, series };
    const { label, evidence } = classifier.scope === 'run' ? classifier.classify(record as RunRecord) : ({} as never);
    return { label, evidence };
  };

  test('tells a plateau, an exponential and a power', () => {
    expect(judge((t) => 0.25 + Math.exp(-t)).label).toBe('under-parametrised');
    expect(judge((t) => 3 * Math.exp(-0.3 * t)).label).toBe('exactly-parametrised');
    expect(judge((t) => 3 * Math.exp(-2 * t)).label).toBe('exactly-parametrised');
    expect(judge((t) => 1 / (1 + t) ** 2).label).toBe('over-parametrised');
    expect(judge((t) => 1 / (1 + t) ** 2).evidence.exponent).toBeCloseTo(1.97, 2);
    expect(judge((t) => 3 * Math.exp(-0.3 * t)).evidence.rate).toBeCloseTo(0.3, 12);
    expect(judge(() => Number.NaN).label).toBe(undefined);
    expect(judge((t) => 1 / (1 + t) ** 2, 'diverged').label).toBe(undefined);
  });
});

test('refuses other models, and slow modes where there can be none', async () => {
  const run = (use: string, observer: string, model: object = {}) =>
    runAll({ ...flow, steps: 1, model: { use, ...model }, observers: { one: { use: observer } } });
  const other = { inputs: 4, samples: 3 };
  await expect(run('diagonal-linear-network', 'slow-modes', other)).rejects.toThrow(
    'slow-modes needs the model symmetric-factorisation',
  );
  await expect(run('diagonal-linear-network', 'factorisation-flow', other)).rejects.toThrow('factorisation-flow needs');
  await expect(run('symmetric-factorisation', 'slow-modes', { eigenvalues: [2, 1] })).rejects.toThrow('all are');
});
