// Diagonal linear networks: ends of gradient flow against another program's integrator, against the dual of the implicit
// bias, and error on fresh inputs from the kernel regime to the rich one.

import type { Use } from '../../core/scenario/scenario.js';
import { meanEstimate } from '../../core/statistics/estimate.js';
import { flowLimit, leastSquares } from '../../plugins/diagonal-network/flow-limit.js';
import { leastSum } from '../../plugins/diagonal-network/least-sum.js';
import { length, minus, NOISY, PAIR, SPARSE, sparseData, sumOf } from '../plugins/diagonal-network/reference.js';
import { ANY, about, above, below, type Check, FRACTION, NOT_NEGATIVE, type Validation } from './check.js';
import { arraysOf, frames, last, runAll } from './flows.js';
import { compute } from './study.js';

const deterministic = { error: Number.NaN, n: 1 } as const;

const close = (
  what: string,
  expected: number,
  measured: number,
  tolerance: number,
  words = String(tolerance),
): Check => ({
  ...{ what, expected, measured, ...deterministic },
  tolerance: words,
  possible: ANY,
  accepted: about(expected, tolerance),
});

const parts = {
  loss: { use: 'half-mean-square' },
  noise: { use: 'full-batch' },
} as const;
const observers = {
  bias: { use: 'implicit-bias', when: 'end' },
  weights: { use: 'weights', block: 'all', when: 'end' },
} as const;
const flow = (learningRate: number) => ({ use: 'gradient-flow', learningRate, stepCheck: false });

/** w at the end of a run. */
function predictor(run: Parameters<typeof frames>[0], depth: number): number[] {
  const [u, v] = ['u', 'v'].map((block) => frames(run, `weights.weights_${block}`)[0]);
  const raised = (base: number) => Array.from({ length: depth }, () => base).reduce((a, b) => a * b);
  return u.map((each, i) => raised(each) - raised(v[i]));
}

/** Two weights, one sample: runs of gradient flow and of descent. */
async function twoWeights(): Promise<Check[]> {
  const checks: Check[] = [];
  const data = { x: [1, 0.4], y: [1] };
  for (const { depth, alpha, w } of PAIR) {
    // Slow starts for small alpha at depth 3, small steps where the curvature is alpha^(2D-2).
    const time = depth === 3 && alpha < 0.1 ? 400 : 40;
    const rate = Math.min(0.005, 0.005 / alpha ** (2 * depth - 2));
    const [run] = await runAll({
      ...{
        ...parts,
        observers,
        optimiser: flow(rate),
        steps: Math.round(Math.max(1000, time / (alpha > 1 ? 1e3 : 1) / rate)),
      },
      model: { use: 'diagonal-linear-network', ...data, depth, initialScale: alpha },
    });
    const found = predictor(run, depth);
    for (const i of [0, 1]) {
      checks.push(
        close(
          `x = (1, 0.4), y = 1, depth ${depth}, alpha = ${alpha}: w_${i + 1}`,
          w[i],
          found[i],
          Math.min(1e-5, 0.01 * w[i]),
          '1e-5, and 1 %',
        ),
      );
    }
  }
  const [run] = await runAll({
    ...{ ...parts, observers, optimiser: { use: 'sgd', learningRate: 1e-3 }, steps: 7000 },
    model: { use: 'diagonal-linear-network', ...data, initialScale: 0.1 },
  });
  const descent = predictor(run, 2);
  const named = (i: number) => `the same by descent, learning rate 1e-3, 7000 steps, depth 2, alpha = 0.1: w_${i}`;
  return [...checks, close(named(1), 0.97563, descent[0], 1e-4), close(named(2), 0.06093, descent[1], 1e-4)];
}

/** 100 weights, 40 noiseless samples. */
async function sparse(): Promise<Check[]> {
  const data = sparseData();
  const file = arraysOf('data', {
    x: { shape: [40, 100], data: data.x },
    y: { shape: [40], data: data.y },
    w: { shape: [100], data: data.truth },
  });
  const made = (depth: number, alpha: number, optimiser: Use, steps: number) =>
    runAll(
      {
        ...parts,
        observers,
        optimiser,
        steps,
        model: { use: 'diagonal-linear-network', arrays: 'data', depth, initialScale: alpha },
      },
      { data: file },
    );
  const checks: Check[] = [];
  for (const { depth, alpha, error } of SPARSE) {
    const slow = alpha <= 0.01 || (depth > 2 && alpha < 1);
    const rate = alpha === 10 ? 3e-4 : slow ? 0.03 : 0.01;
    const [run] = await made(depth, alpha, flow(rate), slow ? 120_000 : alpha < 1 ? 20_000 : 3000);
    const what = `40 samples in 100 dimensions, depth ${depth}, alpha = ${alpha}`;
    checks.push(
      close(
        `${what}: distance of w from the truth`,
        error,
        Math.sqrt(last(run, 'bias.populationError')),
        0.002 * error,
        '0.2 %',
      ),
    );
  }
  for (const [alpha, rate] of [
    [1, 0.002],
    [0.1, 0.008],
  ]) {
    // The same time, long enough for the residual to be below the distance.
    const distances: number[] = [];
    for (const factor of [1, 0.5]) {
      const [run] = await made(
        2,
        alpha,
        { use: 'sgd', learningRate: factor * rate },
        Math.round((alpha === 1 ? 60 : 600) / (factor * rate)),
      );
      distances.push(last(run, 'bias.toLimit'));
    }
    checks.push(
      {
        what: `descent at rate ${rate}, alpha = ${alpha}: relative distance of w from argmin Q`,
        ...{ expected: 0, measured: distances[0], ...deterministic, unit: 1 },
        ...{ tolerance: 'below 2e-3', possible: NOT_NEGATIVE, accepted: below(2e-3) },
      },
      close(`the same over that at half the rate, alpha = ${alpha}: first order`, 2, distances[0] / distances[1], 0.1),
    );
  }
  const straight = leastSquares(data);
  const [ten, three] = [10, 3].map((alpha) => length(minus(flowLimit(data, 2, alpha).w, straight)) / length(straight));
  const exponent = Math.log(three / ten) / Math.log(10 / 3);
  return [
    ...checks,
    close('argmin Q, alpha = 10: relative distance from the least l2 norm, in 1e-8', 5.546613, 1e8 * ten, 1e-4),
    close('exponent of 1/alpha in it, alpha 3 to 10', 4, exponent, 0.02),
    close(
      'argmin Q, alpha = 1e-4: distance from the truth',
      0.000453690851,
      length(minus(flowLimit(data, 2, 1e-4).w, data.truth)),
      1e-8,
    ),
    close('with noise: least l1 norm that fits', NOISY.sum, sumOf(leastSum(sparseData(0.1))), 1e-6),
  ];
}

/** Scales that the published theorem says are enough for the norms to be within a factor 1 + e of the least ones. */
function sufficient(): Check[] {
  const data = sparseData(0.1);
  const e = 0.5;
  const [one, two] = [sumOf(leastSum(data)), length(leastSquares(data))];
  const small = Math.min((2 * (1 + e) * one) ** (-(2 + e) / (2 * e)), Math.exp(-data.inputs / (e * one)));
  const large = Math.sqrt(2 * (1 + e) * (1 + 2 / e) * two);
  const sum = sumOf(flowLimit(data, 2, small).w) / one;
  const square = (length(flowLimit(data, 2, large).w) / two) ** 2;
  const row = (what: string, measured: number): Check => ({
    ...{ what, expected: 1, measured, ...deterministic },
    ...{ tolerance: 'at most 1.5', possible: [1 - 1e-9, Number.POSITIVE_INFINITY], accepted: [1 - 1e-9, 1 + e] },
  });
  return [
    row(
      `alpha = ${small.toPrecision(2)}, small enough by the theorem for 1.5: l1 norm of argmin Q over the least`,
      sum,
    ),
    row(`alpha = ${large.toPrecision(3)}, large enough for 1.5: squared l2 norm over the least`, square),
  ];
}

const SEEDS = 4;
/** alpha, learning rate, steps. */
const PUBLISHED = [
  [0.5, 0.03, 4000],
  [0.1, 0.03, 8000],
  [0.03, 0.03, 12_000],
  [0.01, 0.03, 16_000],
  [0.003, 0.03, 20_000],
  [0.001, 0.03, 20_000],
] as const;
/** Of one draw, by a program in numpy: a row for the reader. */
const ONE_DRAW = [0.904, 0.803, 0.215, 0.035, 0.0137, 0.0099];

/** The published setting: 100 samples in 1000 dimensions, 5 weights not zero, noise of variance 0.01. */
async function published(): Promise<Check[]> {
  const { rows, last: lastOf } = await compute({
    ...parts,
    title: 'Population error against alpha',
    plugins: ['diagonal-network', 'sgd', 'optimisers'],
    seed: 1,
    model: { use: 'diagonal-linear-network' },
    optimiser: { use: 'gradient-flow', stepCheck: false },
    observers: { bias: { use: 'implicit-bias', when: 'end' } },
    classifier: { use: 'kernel-or-rich' },
    sweep: {
      zip: [
        {
          'model.initialScale': PUBLISHED.map(([alpha]) => alpha),
          'optimiser.learningRate': PUBLISHED.map(([, rate]) => rate),
          steps: PUBLISHED.map(([, , steps]) => steps),
        },
      ],
      seeds: SEEDS,
    },
  });
  const valuesOf = (alpha: number, channel: string) =>
    rows.filter(({ axes }) => axes['model.initialScale'] === alpha).map((row) => lastOf(row, `bias.${channel}`)[0]);
  const checks = PUBLISHED.flatMap(([alpha], i): Check[] => {
    const [errors, limits] = ['populationError', 'limitPopulationError'].map((name) => valuesOf(alpha, name));
    const found = meanEstimate(errors);
    const ratio = meanEstimate(errors.map((error, k) => error / limits[k]));
    const what = `100 samples in 1000 dimensions, alpha = ${alpha}`;
    return [
      {
        what: `${what}: population error; expected: another draw`,
        ...{ expected: ONE_DRAW[i], measured: found.value, error: found.error, n: found.n },
        ...{ tolerance: 'for the reader', possible: NOT_NEGATIVE, accepted: undefined },
      },
      {
        what: `${what}: over that of argmin Q`,
        ...{ expected: 1, measured: ratio.value, error: ratio.error, n: ratio.n },
        ...{ tolerance: '2 %', possible: NOT_NEGATIVE, accepted: about(1, 0.02) },
      },
    ];
  });
  const means = PUBLISHED.map(([alpha]) => meanEstimate(valuesOf(alpha, 'populationError')));
  const smallestFall = Math.min(...means.slice(1).map(({ value }, i) => means[i].value / value));
  const kernel = meanEstimate(valuesOf(0.5, 'populationError'));
  // Of the predictor of least |w|_2: what the samples do not span of the truth, and the noise that it fits.
  const theory = 1 - 100 / 1000 + (0.01 * 100) / (1000 - 100 - 1);
  const shares = (alpha: number, near: 'toLeastL1' | 'toLeastL2') =>
    valuesOf(alpha, near).filter((each) => each < 0.1).length / SEEDS;
  return [
    ...checks,
    {
      what: 'smallest factor by which it falls from one alpha to the next',
      ...{ expected: Number.NaN, measured: smallestFall, error: Number.NaN, n: SEEDS },
      ...{ tolerance: 'above 1', possible: NOT_NEGATIVE, accepted: above(1) },
    },
    {
      what: 'its ratio between alpha = 0.5 and 0.01',
      ...{ expected: Number.NaN, measured: means[0].value / means[3].value, error: Number.NaN, n: SEEDS },
      ...{ tolerance: 'above 20', possible: NOT_NEGATIVE, accepted: above(20) },
    },
    {
      what: 'alpha = 0.5: population error against 1 - N/d + noise N/(d - N - 1)',
      ...{ expected: theory, measured: kernel.value, error: kernel.error, n: kernel.n },
      ...{
        tolerance: '5 %',
        possible: NOT_NEGATIVE,
        accepted: about(theory, 0.05 * theory),
        precise: kernel.error < 0.025,
      },
    },
    {
      what: 'alpha = 0.5: share of runs within 0.1 of the least l2 norm (kernel)',
      ...{ expected: 1, measured: shares(0.5, 'toLeastL2'), error: Number.NaN, n: SEEDS },
      ...{ tolerance: 'all', possible: FRACTION, accepted: about(1, 0.1) },
    },
    {
      what: 'alpha = 0.001: share of runs within 0.1 of the least l1 norm (rich)',
      ...{ expected: 1, measured: shares(0.001, 'toLeastL1'), error: Number.NaN, n: SEEDS },
      ...{ tolerance: 'all', possible: FRACTION, accepted: about(1, 0.1) },
    },
  ];
}

/** Label noise, drawn anew at every step: what gradient flow keeps, and the error on fresh inputs. */
async function noise(): Promise<Check[]> {
  const checks: Check[] = [];
  for (const depth of [2, 3, 4]) {
    const [run] = await runAll({
      ...{ ...parts, observers, optimiser: flow(0.005), steps: 20_000 },
      model: { use: 'diagonal-linear-network', inputs: 100, samples: 40, depth, initialScale: 0.3 },
    });
    checks.push(close(`gradient flow, depth ${depth}: effective initial scale`, 1, last(run, 'bias.scale'), 1e-6));
  }
  const seeds = 12;
  /** -ln of the effective scale over 2 rate deviation^2 time/batch size, and the error over that of gradient flow. */
  const measure = async (batchSize: number, deviation: number, learningRate: number, steps: number) => {
    const runs = await runAll({
      ...{ loss: parts.loss, seed: 1, sweep: { seeds }, steps },
      noise: { use: 'label-noise', order: 'iid', batchSize, deviation },
      optimiser: { use: 'sgd', learningRate },
      observers: { bias: observers.bias },
      model: { use: 'diagonal-linear-network', inputs: 100, samples: 40, labelNoise: 0, initialScale: 0.2 },
    });
    const leading = (2 * learningRate ** 2 * deviation ** 2 * steps) / batchSize;
    const decays = runs.map((run) => -Math.log(last(run, 'bias.scale')) / leading);
    const errors = runs.map((run) => last(run, 'bias.populationError') / last(run, 'bias.limitPopulationError'));
    const what = `label noise of deviation ${deviation}, batch size ${batchSize}, rate ${learningRate}, ${steps} steps`;
    const [decay, error] = [meanEstimate(decays), meanEstimate(errors)];
    checks.push(
      {
        what: `${what}: -ln of the effective initial scale over 2 rate deviation^2 time/batch size`,
        ...{ expected: 1, measured: decay.value, error: decay.error, n: decay.n },
        ...{ tolerance: '10 %: leading order in the rate', possible: ANY, accepted: about(1, 0.1) },
        precise: decay.error < 0.03,
      },
      {
        what: `${what}: population error over that of gradient flow`,
        ...{ expected: Number.NaN, measured: error.value, error: error.error, n: error.n },
        ...{ tolerance: 'below 1/2', possible: NOT_NEGATIVE, accepted: below(0.5), precise: error.error < 0.1 },
      },
    );
    return decays;
  };
  await measure(1, 1, 0.005, 100_000);
  await measure(4, 1, 0.005, 100_000);
  const [coarse, fine] = [await measure(1, 0.5, 0.005, 100_000), await measure(1, 0.5, 0.0025, 400_000)];
  const limit = meanEstimate(fine.map((decay, i) => 2 * decay - coarse[i]));
  checks.push({
    what: 'deviation 0.5: the decay at both rates, extrapolated to the rate 0',
    ...{ expected: 1, measured: limit.value, error: limit.error, n: limit.n },
    ...{ tolerance: '4 %', possible: ANY, accepted: about(1, 0.04), precise: limit.error < 0.015 },
  });
  return checks;
}

export const kernelAndRich: Validation = {
  title: 'Kernel and rich regimes of diagonal linear networks',
  source:
    'two weights and 100 weights: gradient flow integrated by LSODA of scipy, and HiGHS for the least l1 norm; sufficient ' +
    'scales: theorem of arXiv:2002.09277; distance to argmin Q and decay under label noise: derived. Rows without an error are deterministic',
  run: async () => [
    ...(await twoWeights()),
    ...(await sparse()),
    ...sufficient(),
    ...(await published()),
    ...(await noise()),
  ],
};
