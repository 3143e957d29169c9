// Observers on runs of the engine against their own theory, other components and closed forms; what they refuse.
import { expect, test } from 'vitest';
import type { NamedArrays } from '../../../core/contracts/arrays.js';
import type { RunRecord } from '../../../core/contracts/classifier.js';
import type { Scenario } from '../../../core/scenario/scenario.js';
import { network } from '../../../plugins/network/model.js';
import { bumpRegression } from '../../../plugins/nonequilibrium/bump-regression.js';
import { epochDisplacement } from '../../../plugins/nonequilibrium/epoch-displacement.js';
import { equilibrium } from '../../../plugins/nonequilibrium/equilibrium.js';
import { meanEstimation } from '../../../plugins/nonequilibrium/mean-estimation.js';
import { steadyState } from '../../../plugins/nonequilibrium/steady-state.js';
import { bernoulli } from '../../../plugins/optimisers/bernoulli.js';
import { halfMeanSquare } from '../../../plugins/sgd/half-mean-square.js';
import { minibatch } from '../../../plugins/sgd/minibatch.js';
import { momentum } from '../../../plugins/sgd/momentum.js';
import { sgd } from '../../../plugins/sgd/sgd.js';
import { gaussianGradient } from '../../../plugins/solvable/gaussian-gradient.js';
import { watch } from '../watch.js';
import { create } from '../workbench.js';
import { lastOf, numberOf, PER_ETA, regression, runAll } from './runs.js';

const withRate = (eta: number) => ({ ...regression.optimiser, learningRate: eta * PER_ETA });

/** Arrays as a file would hold them. */
function fileOf(arrays: Readonly<Record<string, readonly [shape: number[], data: ArrayLike<number>]>>): NamedArrays {
  return {
    source: 'this test',
    digest: Object.keys(arrays).join(),
    names: Object.keys(arrays),
    isTable: false,
    has: (name: string) => Object.hasOwn(arrays, name),
    get: (name: string) => ({ shape: arrays[name][0], data: Float64Array.from(arrays[name][1]) }),
  };
}

test('the bump regression is the model network on its data, to the last bit', async () => {
  const weights = { use: 'weights', block: 'all', when: { at: [0, 'end'] } } as const;
  const [own] = await runAll({
    ...regression,
    steps: 50,
    observers: { weights, data: { use: 'targets', when: 'end' } },
  });
  const firstOf = (block: string) => {
    const data = own.series.get(`weights.weights_${block}`)?.data ?? new Float64Array();
    return data.slice(0, data.length / 2);
  };
  const x = Float64Array.from({ length: 200 }, (_, i) => -3 + (6 * i) / 200);
  const [other] = await runAll(
    {
      ...regression,
      steps: 50,
      model: {
        use: 'network',
        data: './bump.npz',
        targets: 'regression',
        test: 0,
        standardise: 'none',
        hidden: [2],
        activation: 'tanh',
        initial: './minimum.npz',
      },
      observers: { weights },
    },
    {
      'bump.npz': fileOf({ x: [[200, 1], x], y: [[200], lastOf(own, 'data.y')] }),
      'minimum.npz': fileOf({
        W1: [[2, 1], firstOf('W1')],
        b1: [[2], firstOf('b1')],
        W2: [[1, 2], firstOf('W2')],
        b2: [[1], firstOf('b2')],
      }),
    },
  );
  for (const block of ['W1', 'b1', 'W2', 'b2']) {
    const ended = lastOf(own, `weights.weights_${block}`);
    expect([...lastOf(other, `weights.weights_${block}`)]).toEqual([...ended]);
    expect([...ended]).not.toEqual([...firstOf(block)]);
  }
});

test('the noise of an epoch goes like the fourth power of the rate without replacement, second with it', async () => {
  const tracesOf = async (order: string) => {
    const traces: number[] = [];
    for (const eta of [5e-8, 2e-7]) {
      const [result] = await runAll({
        ...regression,
        noise: { use: 'minibatch', batchSize: 10, order },
        optimiser: withRate(eta),
        observers: { epoch: { use: 'epoch-displacement', repeats: 1000, when: { at: [0] } } },
      });
      const [trace, error, theory] = ['trace', 'traceError', 'traceTheory'].map((c) => numberOf(result, `epoch.${c}`));
      expect(error / theory).toBeLessThan(0.05);
      expect(Math.abs(trace - theory)).toBeLessThan(4 * error);
      if (order === 'reshuffled') {
        const drift = numberOf(result, 'epoch.driftOverlap');
        expect(Math.abs(drift - 1)).toBeLessThan(4 * numberOf(result, 'epoch.driftOverlapError'));
      }
      traces.push(trace);
    }
    return Math.log2(traces[1] / traces[0]) / 2;
  };
  expect(Math.abs((await tracesOf('reshuffled')) - 4)).toBeLessThan(0.2);
  expect(Math.abs((await tracesOf('fresh-subset')) - 2)).toBeLessThan(0.15);
  expect(Math.abs((await tracesOf('iid')) - 2)).toBeLessThan(0.15);
});

test('covariance, circulation and entropy production are those of theory', async () => {
  const [result] = await runAll({
    ...regression,
    optimiser: withRate(2e-6),
    observers: { state: { use: 'steady-state', looks: 150_000, transient: 5000, window: 50, when: { at: [0] } } },
  });
  const value = (channel: string) => numberOf(result, `state.${channel}`);
  for (const [name, expected] of [
    ['circulationOverlap', 1],
    ['entropyProduction', value('entropyProductionTheory')],
    ['integralFluctuation', 1],
  ] as const) {
    expect(value(`${name}Error`) / expected, name).toBeLessThan(0.4);
    expect(Math.abs(value(name) - expected), name).toBeLessThan(4 * value(`${name}Error`) + 0.1 * expected);
  }
  expect(Math.abs(value('trace') / value('traceTheory') - 1)).toBeLessThan(0.25);
});

test('samplers of a scalar posterior have the variance of theory', async () => {
  for (const order of ['fresh-subset', 'reshuffled']) {
    const [result] = await runAll({
      title: 'samplers',
      seed: 2,
      steps: 0,
      model: { use: 'mean-estimation', dimensions: 16 },
      loss: { use: 'half-mean-square' },
      noise: { use: 'sgld', temperature: 1 / 200, batchSize: 10, order },
      optimiser: { use: 'sgd', learningRate: 0.06 },
      observers: {
        posterior: {
          use: 'posterior-divergence',
          temperature: 1 / 200,
          every: 'epoch',
          looks: 3000,
          transient: 20,
          when: { at: [0] },
        },
      },
    });
    const [ratio, error, theory] = ['', 'Error', 'Theory'].map((c) => numberOf(result, `posterior.varianceRatio${c}`));
    expect(error).toBeLessThan(0.02);
    expect(Math.abs(ratio - theory)).toBeLessThan(4 * error);
  }
});

test('white noise alone is an equilibrium, minibatches with replacement are not', async () => {
  const classified = async (noise: Scenario['noise'], eta: number) => {
    const [result] = await runAll({
      ...regression,
      noise,
      optimiser: withRate(eta),
      observers: { state: { use: 'steady-state', looks: 150_000, transient: 2000, when: { at: [0] } } },
    });
    const series = (need: string) => result.series.get(need.replace('steady-state', 'state'));
    const { component } = create(equilibrium);
    if (component.scope !== 'run') throw new Error('not of single runs');
    return component.classify({ ...result, series } as unknown as RunRecord);
  };
  const white = await classified({ use: 'sgld', temperature: 1 / PER_ETA }, 2e-6);
  expect(white.label).toBe('equilibrium');
  const batches = await classified(regression.noise, 2e-6);
  expect(batches.label).toBe('non-equilibrium');
  expect(batches.probabilities['non-equilibrium']).toBeGreaterThan(0.9);
});

test('a run without the measure, or one that diverged, has no such verdict', () => {
  const { component } = create(equilibrium);
  if (component.scope !== 'run') throw new Error('not of single runs');
  const record = { status: 'completed', series: () => undefined } as unknown as RunRecord;
  expect(component.classify(record).label).toBeUndefined();
  expect(component.classify({ ...record, status: 'diverged' }).label).toBe('diverged');
});

const stage = {
  model: { component: bumpRegression },
  loss: { component: halfMeanSquare },
  noise: { component: minibatch, params: { batchSize: 10, order: 'iid' } },
  optimiser: { component: sgd, params: { learningRate: 0.01, weightDecay: 0.001 } },
};

test.each([
  ['momentum', { optimiser: { component: momentum, params: { learningRate: 0.01 } } }, /plain descent; train with sgd/],
  [
    'masks',
    { noise: { component: bernoulli, params: { fraction: 0.1 } } },
    /says how it draws batches; take minibatch/,
  ],
  [
    'noise of the shape of the Hessian',
    {
      model: { component: meanEstimation },
      noise: { component: gaussianGradient, params: { variance: 1, covariance: 'hessian' } },
    },
    /the same in all directions; take sgld/,
  ],
])('refuses %s with a remedy', (_, change, message) => {
  expect(() => watch(steadyState, {}, { ...stage, ...change })).toThrow(message);
});

test('refuses a flat minimum, odd epochs, long windows and too many dimensions with a remedy', () => {
  // Two linear layers have a valley of minima.
  const linear = { data: 'single-index', samples: 30, inputs: 2, hidden: [2], activation: 'identity', test: 0 };
  const valley = { ...stage, model: { component: network, params: linear } };
  expect(() => watch(epochDisplacement, {}, valley)).toThrow(/no strict minimum from here: start at a minimum/);
  const odd = { ...stage, noise: { component: minibatch, params: { batchSize: 7, order: 'reshuffled' } } };
  expect(() => watch(epochDisplacement, {}, odd)).toThrow(/take a batch size that divides the data set/);
  expect(() => watch(steadyState, { every: 'epoch' }, odd)).toThrow(/take a batch size that divides the data set/);
  expect(() => watch(steadyState, { looks: 100, window: 80 }, stage)).toThrow(/take half of them at most/);
  expect(() => create(meanEstimation, { dimensions: 20, samples: 20 })).toThrow(/at most 19 uncorrelated directions/);
});

test('parts of epochs without replacement and periodic batches have no theory, but measurements', () => {
  for (const order of ['reshuffled', 'cyclic']) {
    const noise = { component: minibatch, params: { batchSize: 10, order } };
    const frame = watch(steadyState, { looks: 200, window: 20, blocks: 4 }, { ...stage, noise }).observe();
    expect(frame.trace[0]).toBeGreaterThan(0);
    expect(frame.traceTheory[0]).toBeNaN();
    expect(frame.entropyAlong[0]).toBeNaN();
  }
});
