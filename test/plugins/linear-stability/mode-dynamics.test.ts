// Modes of quadratic losses under optimisers that are linear on them, against published numbers and closed forms.
import { describe, expect, test } from 'vitest';
import {
  criticalStep,
  descend,
  fastestStep,
  runLinear,
  shake,
  shakeGradient,
  solvePoisson,
  squaresOf,
} from './settings.js';

/** Spectral radius of nag-gs over curvatures, from a run. */
const radiusOf = (learningRate: number, eigenvalues: readonly number[], convexity = 1) =>
  descend({ learningRate, eigenvalues, convexity, steps: 1, at: [1] }, (ended) => ended.last('modes.slowest')[0]);

describe('steps of nag-gs', () => {
  // (mu, L, fastest step, radius there): by an independent program for arXiv:2209.14937.
  test.each([
    [1, 3, 2.732051, 0.267949],
    [1, 1.9, 5.285344, 0.1591],
    [1, 10, 0.924951, 0.519494],
    [0.1, 10, 0.222222, 0.818182],
  ])('the fastest one, convexity %d and largest curvature %d', async (mu, l, step, radius) => {
    expect(fastestStep(mu, l)).toBeCloseTo(step, 6);
    const found = await radiusOf(fastestStep(mu, l), [l, mu], mu);
    expect(found).toBeCloseTo(radius, 6);
    for (const factor of [0.99, 1.01]) {
      expect(await radiusOf(factor * fastestStep(mu, l), [l, mu], mu)).toBeGreaterThan(found);
    }
  });

  test.each([
    [1, 3, 4.828427],
    [1, 10, 1],
    [0.1, 10, 0.223467],
  ])('the largest stable one, convexity %d and largest curvature %d', async (mu, l, step) => {
    expect(criticalStep(mu, l)).toBeCloseTo(step, 6);
    expect(await radiusOf(0.999 * criticalStep(mu, l), [l, mu], mu)).toBeLessThan(1);
    expect(await radiusOf(1.001 * criticalStep(mu, l), [l, mu], mu)).toBeGreaterThan(1);
  });

  test('any is stable where the convexity is half of the largest curvature', async () => {
    expect(await radiusOf(100, [1.9, 1])).toBeCloseTo(0.862, 3);
  });
});

test.each([
  [3.5, 0.694307],
  [0.98 * criticalStep(1, 3), 0.983134],
])('nag-gs of step %d shrinks the distance by the spectral radius', async (learningRate, expected) => {
  const [factor, slowest] = await descend({ learningRate, eigenvalues: [1, 1, 3] }, (ended) => [
    ...ended.last('modes.factor'),
    ...ended.last('modes.slowest'),
  ]);
  expect(factor).toBeCloseTo(expected, 5);
  expect(slowest).toBeCloseTo(expected, 5);
});

test.each(['sgd', 'momentum', 'nesterov', 'nag-gs', 'implicit'])(
  '%s follows the recursion without noise',
  async (use) => {
    const [[measured, theory]] = await runLinear(
      {
        seed: 3,
        steps: 30,
        model: {
          use: 'quadratic',
          eigenvalues: [3, 1, 0.2],
          initial: 2,
          initialWidth: 1,
          minimum: 0.5,
          basis: 'random',
          copies: 3,
        },
        loss: { use: 'half-mean-square' },
        noise: { use: 'full-batch' },
        optimiser: { use, learningRate: 0.1, ...((use === 'momentum' || use === 'nesterov') && { momentum: 0.8 }) },
        observers: { modes: { use: 'mode-dynamics', when: 'end' } },
      },
      (ended) => [ended.last('modes.deviation'), ended.last('modes.deviationTheory')],
    );
    measured.forEach((value, i) => {
      expect(value / theory[i]).toBeCloseTo(1, 6);
    });
  },
);

describe('noise', () => {
  // (step, width of the modes of curvature 3 and 1) by an independent program.
  test.each([
    [fastestStep(1, 3), 0.140883, 0.140883],
    [fastestStep(1, 3) / 2, 0.085995, 0.173008],
    [0.98 * criticalStep(1, 3), 3.1219, 0.110971],
  ])('keeps up the variance of the Lyapunov equation, nag-gs of step %d', async (learningRate, steep, flat) => {
    const { measured, theory, stationary } = await shake(
      { learningRate, eigenvalues: [3, 1] },
      { copies: 2000, seed: 1 },
    );
    [steep, flat].forEach((expected, i) => {
      expect(stationary[i] / expected).toBeCloseTo(1, 4);
      // A variance over 2000 copies has an error of 1/sqrt(1000).
      expect(Math.abs(measured[i] / theory[i] - 1)).toBeLessThan(4 / Math.sqrt(1000));
    });
  });

  test.each([
    ['implicit', 0.7, 0.7 / (2 * (2 + 1.4))],
    ['sgd', 0.7, 0.7 / (2 * (2 - 1.4))],
    ['implicit', 1.5, 0.15],
  ] as const)('on gradients: %s at rate %d', async (use, learningRate, expected) => {
    const setting = { learningRate, curvature: 2, copies: 4000, steps: 40, seed: 2 };
    const found = await shakeGradient(use, setting);
    expect(found?.stationary[0]).toBeCloseTo(expected, 12);
    expect(Math.abs((found?.measured[0] ?? 0) / expected - 1)).toBeLessThan(4 / Math.sqrt(2000));
  });

  test('of minibatches is not in the recursion, which says so', async () => {
    const [theory] = await runLinear(
      {
        seed: 1,
        steps: 2,
        model: { use: 'poisson-collocation' },
        loss: { use: 'half-mean-square' },
        noise: { use: 'minibatch', batchSize: 8, order: 'iid' },
        optimiser: { use: 'sgd', learningRate: 1e-7 },
        observers: { modes: { use: 'mode-dynamics', when: 'end' } },
      },
      (ended) => ended.last('modes.deviationTheory'),
    );
    expect(theory.every(Number.isNaN)).toBe(true);
  });

  test('is not known once the map of a step has changed', async () => {
    const [frames] = await runLinear(
      {
        seed: 1,
        steps: 20,
        model: { use: 'quadratic', eigenvalues: [1], initial: 1 },
        loss: { use: 'half-mean-square' },
        noise: { use: 'full-batch' },
        optimiser: { use: 'nag-gs', learningRate: 0.1, mass: 2 },
        observers: { modes: { use: 'mode-dynamics', when: { at: [0, 'end'] } } },
      },
      (ended) => ended.frames('modes.deviationTheory').flat(),
    );
    expect(frames).toEqual([1, Number.NaN]);
  });
});

describe('the collocation problem', () => {
  test('has a diagonal Hessian with curvatures (k pi)^4/2', async () => {
    const read = await solvePoisson({ use: 'sgd', learningRate: 1e-7, steps: 1 }, (ended) => ({
      curvature: ended.last('modes.curvature'),
      stiffness: ended.last('modes.stiffness')[0],
      deviation: ended.frames('modes.deviation')[0],
    }));
    expect(read.curvature[0]).toBeCloseTo(48.7045, 4);
    expect(read.curvature[9]).toBeCloseTo(487045.46, 1);
    expect(read.stiffness).toBeCloseTo(1e4, 6);
    expect(read.deviation).toEqual([1, 0, 0, 0, 0, 0, 0, 0, 0, 0.1]);
  });

  test('the curvatures are those of the model: a step of descent', async () => {
    const rate = 1e-6;
    const after = await solvePoisson({ use: 'sgd', learningRate: rate, steps: 1 }, (ended) =>
      ended.last('modes.deviation'),
    );
    expect(after[0]).toBeCloseTo(1 - rate * 48.704545517, 12);
    expect(after[9]).toBeCloseTo(0.1 * (1 - rate * 487045.45517), 12);
    for (const other of after.slice(1, 9)) expect(other).toBeLessThan(1e-14);
  });

  test('explicit descent is stable up to 2 over the largest curvature', async () => {
    const last = (factor: number) =>
      solvePoisson(
        { use: 'sgd', learningRate: factor * 4.10639e-6, steps: 2000 },
        (ended) => ended.last('modes.deviation')[9],
      );
    expect(await last(0.999)).toBeLessThan(0.1);
    expect(await last(1.001)).toBeGreaterThan(0.1);
  });

  test('implicit descent divides by 1 + rate times curvature', async () => {
    const after = await solvePoisson({ use: 'implicit', learningRate: 0.1, steps: 10 }, (ended) =>
      ended.last('modes.deviation'),
    );
    expect(after[0] / 2.05723e-8).toBeCloseTo(1, 5);
  });

  test.each([
    [{ modes: 64 }, /at least 65/],
    [{ targetModes: [1, 11] }, /from 1 to 10/],
    [{ targetModes: [1, 2, 3] }, /one for each/],
  ])('refuses %o', async (change, message) => {
    const { targetModes } = { targetModes: [1, 10], ...change };
    await expect(
      runLinear(
        {
          seed: 1,
          steps: 1,
          model: { use: 'poisson-collocation', ...change, targetModes },
          loss: { use: 'half-mean-square' },
          noise: { use: 'full-batch' },
          optimiser: { use: 'sgd', learningRate: 1e-7 },
        },
        ({ status }) => status,
      ),
    ).rejects.toThrow(message);
  });
});

test('an optimiser that says no map is refused, and a mode that there is not', async () => {
  const run = (optimiser: { use: string; learningRate: number }, modes?: number[]) =>
    runLinear(
      {
        seed: 1,
        steps: 1,
        model: { use: 'quadratic', modes: 2 },
        loss: { use: 'half-mean-square' },
        noise: { use: 'full-batch' },
        optimiser,
        observers: { modes: { use: 'mode-dynamics', when: 'end', ...(modes && { modes }) } },
      },
      squaresOf,
    );
  await expect(run({ use: 'adam', learningRate: 0.1 })).rejects.toThrow(/use sgd, momentum/);
  await expect(run({ use: 'sgd', learningRate: 0.1 }, [3])).rejects.toThrow(/no mode 3/);
});

describe('gradients per step', () => {
  const count = async (
    optimiser: { use: string; learningRate: number; stepCheck?: boolean },
    noise = { use: 'full-batch' },
  ) => {
    const [found] = await runLinear(
      {
        seed: 1,
        steps: 250,
        model: { use: 'poisson-collocation', modes: 3, targetModes: [1, 3] },
        loss: { use: 'half-mean-square' },
        noise,
        optimiser,
        observers: { work: { use: 'step-evaluations', when: { at: [0, 120, 'end'] } } },
      },
      (ended) => ended.frames('work.evaluations').flat(),
    );
    return found;
  };

  // Steps of kernel calls alone are captured, and counted all the same.
  test.each([
    ['sgd', {}, 1],
    ['gradient-flow', { stepCheck: true }, 4],
    ['gradient-flow', { stepCheck: false }, 4],
  ])('%s %o takes %d', async (use, change, expected) => {
    expect(await count({ use, learningRate: 1e-5, ...change })).toEqual([expected, expected, expected]);
  });

  test('an implicit step takes more of them where it is stiffer', async () => {
    const [gentle] = await count({ use: 'implicit', learningRate: 1e-5 });
    const [stiff] = await count({ use: 'implicit', learningRate: 1 });
    expect(gentle).toBeGreaterThan(1);
    expect(stiff).toBeGreaterThan(gentle);
  });
});
