// Observers of limiting dynamics on small runs: identities that hold to rounding, and what they refuse.
import { describe, expect, test } from 'vitest';
import type { Scenario } from '../../../core/scenario/scenario.js';
import { atStart, runInThread } from '../../validate/in-thread.js';
import { dataOf, secondMoments, trace } from './theory/second-moments.js';

const quadratic = {
  title: 'test: limiting dynamics',
  plugins: ['solvable', 'sgd', 'limiting-dynamics', 'training', 'spectrum'],
  seed: 1,
  steps: 60,
  model: { use: 'quadratic', eigenvalues: [2, 0.5], initial: 1, copies: 50 },
  loss: { use: 'half-mean-square' },
  noise: { use: 'gaussian-gradient', variance: 0.25, batchSize: 4 },
  optimiser: { use: 'momentum', learningRate: 0.1, momentum: 0.5 },
  observers: {},
} as const;

const regression = {
  ...quadratic,
  steps: 400,
  model: { use: 'linear-regression', eigenvalues: [1, 0.5, 0.25], outputs: 2, samples: 60, initialWidth: 0.1 },
  noise: { use: 'minibatch', batchSize: 4, order: 'iid' },
  optimiser: { use: 'sgd', learningRate: 0.2 },
} as const;

const withObserver = (scenario: object, observer: object, more: object = {}) =>
  ({ ...scenario, ...more, observers: { one: { when: 'end', ...observer } } }) as unknown as Scenario;

describe('velocity-norm and phase-space', () => {
  test('squares of velocities are those of the weights that are stored', async () => {
    const [{ weights, square, velocities, positions }] = await runInThread(
      {
        ...quadratic,
        observers: {
          weights: { use: 'weights', block: 'W', when: { every: 1 } },
          norm: { use: 'velocity-norm', window: 8, when: 'end' },
          space: { use: 'phase-space', count: 2, window: 8, when: 'end' },
        },
      },
      (ended) => ({
        weights: ended.frames('weights.weights'),
        square: ended.last('norm.square')[0],
        velocities: ended.last('space.velocitySquare'),
        positions: ended.last('space.positionSquare'),
      }),
    );
    const last = Array.from({ length: 8 }, (_, k) => 60 - k);
    const meanOf = (of: (step: number, k: number) => number, mode?: number) =>
      last.reduce(
        (sum, step) =>
          sum +
          weights[step].reduce((part, _, k) => (mode === undefined || k % 2 === mode ? part + of(step, k) : part), 0),
        0,
      ) /
      8 /
      50;
    const velocity = (step: number, k: number) => ((weights[step][k] - weights[step - 1][k]) / 0.1) ** 2;
    expect(square).toBeCloseTo(meanOf(velocity), 12);
    for (const mode of [0, 1]) {
      expect(velocities[mode]).toBeCloseTo(meanOf(velocity, mode), 12);
      expect(positions[mode]).toBeCloseTo(
        meanOf((step, k) => weights[step][k] ** 2, mode),
        12,
      );
    }
  });

  test('without noise the trajectory is the exact one, with weight decay about another place', async () => {
    for (const weightDecay of [0, 0.3]) {
      await runInThread(
        withObserver(
          quadratic,
          { use: 'phase-space', count: 2, when: { at: [5, 20] } },
          {
            model: { ...quadratic.model, minimum: 2 },
            noise: { use: 'full-batch' },
            optimiser: { ...quadratic.optimiser, weightDecay },
          },
        ),
        (ended) => {
          const [measured, exact] = [ended.frames('one.position'), ended.frames('one.positionExact')];
          const [speed, exactSpeed] = [ended.frames('one.velocity'), ended.frames('one.velocityExact')];
          for (const frame of [0, 1]) {
            for (const mode of [0, 1]) {
              expect(measured[frame][mode]).toBeCloseTo(exact[frame][mode], 10);
              expect(speed[frame][mode]).toBeCloseTo(exactSpeed[frame][mode], 10);
            }
          }
          const curvatures = [2, 0.5].map((h) => h + weightDecay);
          for (const mode of [0, 1]) {
            const expected = (1 - Math.sqrt(0.5)) ** 2 / (0.1 * curvatures[mode]);
            expect(ended.last('one.damping')[mode]).toBeCloseTo(expected, 10);
          }
        },
      );
    }
  });

  test('a loss that is no quadratic form is refused with a way out, velocities need none', async () => {
    const network = {
      ...quadratic,
      plugins: ['network', 'sgd', 'limiting-dynamics'],
      model: { use: 'network', data: 'moons', samples: 40, hidden: [4] },
      noise: { use: 'minibatch', batchSize: 4, order: 'iid' },
    };
    const refused = runInThread(withObserver(network, { use: 'velocity-norm' }), () => 0);
    await expect(refused).rejects.toThrow(/velocity-norm needs a loss that is a quadratic form/);
    const [square] = await runInThread(
      withObserver(network, { use: 'velocity-norm', theory: false }),
      (ended) => ended.last('one.square')[0],
    );
    expect(square).toBeGreaterThan(0);
    const nesterov = { optimiser: { ...quadratic.optimiser, use: 'nesterov' } };
    await expect(runInThread(withObserver(quadratic, { use: 'phase-space' }, nesterov), () => 0)).rejects.toThrow(
      /Nesterov/,
    );
    await expect(runInThread(withObserver(quadratic, { use: 'phase-space', count: 3 }), () => 0)).rejects.toThrow(
      /3 modes are asked for, and there are 2/,
    );
  });
});

describe('mean-square-displacement', () => {
  test('is counted from the origin, and its exponent is the slope of logarithms', async () => {
    await runInThread(
      {
        ...quadratic,
        observers: {
          weights: { use: 'weights', block: 'W', when: { every: 1 } },
          one: { use: 'mean-square-displacement', origin: 30, when: { at: [10, 30, 31, 34, 40] } },
        },
      },
      (ended) => {
        const weights = ended.frames('weights.weights');
        const frames = ended.frames('one.displacement').flat();
        expect(frames[0]).toBeNaN();
        expect(frames[1]).toBe(0);
        const movedBy = (k: number) => weights[30 + k].reduce((sum, w, i) => sum + (w - weights[30][i]) ** 2, 0) / 50;
        for (const [i, k] of [1, 4, 10].entries()) expect(frames[2 + i]).toBeCloseTo(movedBy(k), 12);
        const [x, y] = [[1, 4, 10].map(Math.log), [1, 4, 10].map((k) => Math.log(movedBy(k)))];
        const [mx, my] = [x, y].map((list) => list.reduce((a, b) => a + b, 0) / 3);
        const slope =
          x.reduce((sum, one, i) => sum + (one - mx) * (y[i] - my), 0) /
          x.reduce((sum, one) => sum + (one - mx) ** 2, 0);
        expect(ended.last('one.exponent')[0]).toBeCloseTo(slope, 10);
        expect(ended.frames('one.exponent')).toHaveLength(2);
      },
    );
  });

  test('an origin that is never passed is refused', async () => {
    await expect(
      runInThread(withObserver(quadratic, { use: 'mean-square-displacement', origin: 60 }), () => 0),
    ).rejects.toThrow(/60 is never passed: the run has 60 steps/);
  });
});

describe('fluctuation-dissipation', () => {
  test('the excess loss is the loss above the least one', async () => {
    const frames = { use: 'full-loss', when: { every: 1 } };
    const [{ excess, losses }] = await runInThread(
      {
        ...regression,
        observers: { loss: frames, one: { use: 'fluctuation-dissipation', window: 400, when: 'end' } },
      } as unknown as Scenario,
      (ended) => ({
        excess: ended.last('one.excessLoss')[0],
        losses: ended.frames('loss.loss').flat(),
      }),
    );
    const [minimum] = await runInThread(
      {
        ...regression,
        model: { ...regression.model, initialWidth: 0 },
        observers: { loss: { use: 'full-loss', when: { at: [0] } } },
      } as unknown as Scenario,
      (ended) => ended.last('loss.loss')[0],
    );
    const mean = losses.slice(1).reduce((a, b) => a + b, 0) / 400;
    expect(excess / (mean - minimum)).toBeCloseTo(1, 9);
  });

  test('the noise of minibatches is that of the data, for batches that are independent', async () => {
    const still = { ...regression, model: { ...regression.model, initialWidth: 0 } };
    const data = await atStart(withObserver(still, { use: 'velocity-norm' }), dataOf);
    const lawOf = async (order: string) => {
      const noise = { use: 'minibatch', batchSize: 4, order };
      const scenario = withObserver(still, { use: 'velocity-norm' }, { noise });
      return (await runInThread(scenario, (ended) => ended.last('one.exact')[0]))[0];
    };
    const setting = { learningRate: 0.2, momentum: 0, batchSize: 4, multiplicative: false };
    // The recursion has the mean over outputs; the observer the sum over modes of that mean, too.
    const solved = trace(secondMoments(data, setting).velocity);
    expect((await lawOf('iid')) / solved).toBeCloseTo(1, 6);
    expect((await lawOf('fresh-subset')) / ((solved * 56) / 59)).toBeCloseTo(1, 6);
    expect(await lawOf('reshuffled')).toBeNaN();
    expect(await lawOf('cyclic')).toBeNaN();
  });

  test('ratios of a run without noise are not numbers, and a window from the start has no frame at the start', async () => {
    await runInThread(
      withObserver(
        quadratic,
        { use: 'fluctuation-dissipation', when: { at: [0, 60] } },
        { noise: { use: 'full-batch' } },
      ),
      (ended) => {
        const leading = ended.frames('one.leading').flat();
        expect(leading[0]).toBeNaN();
        expect(leading[1]).toBeNaN();
        expect(ended.frames('one.yaida')[0][0]).toBeNaN();
        // The loss that is left is that of the way down.
        expect(ended.last('one.excessLoss')[0]).toBeGreaterThan(1);
      },
    );
  });

  test('the multiplicative part is what the recursion adds', async () => {
    // Large steps and small batches, where it matters: a fifth of the noise.
    const scenario = withObserver(
      { ...regression, model: { ...regression.model, initialWidth: 0, outputs: 30 } },
      { use: 'fluctuation-dissipation', window: 40_000 },
      { steps: 40_000, optimiser: { use: 'sgd', learningRate: 0.4 } },
    );
    const [{ exact, discrete, error }] = await runInThread(scenario, (ended) => ({
      exact: ended.last('one.exact')[0],
      discrete: ended.last('one.discrete')[0],
      error: ended.last('one.yaidaError')[0],
    }));
    expect(discrete).toBeGreaterThan(1.1);
    expect(error).toBeLessThan(0.02);
    expect(Math.abs(exact - 1)).toBeLessThan(4 * error + 0.01);
  });
});
