// Perceptrons on Gaussian data against closed forms: errors, one step, the trajectory of planted regression, separability.
import { expect, test } from 'vitest';
import { isEigenflowError } from '../../../core/errors.js';
import { openWorkspace } from '../../../core/kernels/arena.js';
import { createStream } from '../../../core/random/stream.js';
import { erfc } from '../../../core/statistics/special-functions.js';
import { activationOf } from '../../../plugins/gaussian-mixture/activation.js';
import { interpolating } from '../../../plugins/gaussian-mixture/interpolating.js';
import { generalisationError, type PerceptronLaw } from '../../../plugins/gaussian-mixture/law.js';
import { separableUpTo } from '../../../plugins/gaussian-mixture/separability.js';
import { separable } from '../../../plugins/gaussian-mixture/separable.js';
import { create } from '../workbench.js';
import { distanceFromHull } from './distance-from-hull.js';
import { numbersOf, runAll, signedInputs } from './runs.js';
import { hebbianError, isSeparable, plantedOverlap } from './theory.js';

const common = {
  title: 'test',
  seed: 1,
  loss: { use: 'logistic' },
  noise: { use: 'full-batch' },
  optimiser: { use: 'sgd', learningRate: 0.2 },
} as const;

const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;

const law = (name: string, clusters: PerceptronLaw['clusters'], noiseVariance = 0.5): PerceptronLaw => ({
  dimension: 10,
  samplesPerDimension: 2,
  noiseVariance,
  activation: activationOf(name, 0.7),
  activationName: name,
  clusters,
  targets: 'labels',
  initialOverlap: 0,
  initialVariance: 1,
});

const TWO = [
  { centre: 1, share: 0.5, target: 1 },
  { centre: -1, share: 0.5, target: 0 },
];
const THREE = [
  { centre: 1, share: 0.3, target: 1 },
  { centre: -1, share: 0.3, target: 1 },
  { centre: 0, share: 0.4, target: 0 },
];

test('along the centres the error is 1/2 erfc(1) at Delta = 1/2, and 1/2 for weights of 0', () => {
  expect(generalisationError(law('linear', TWO), 1, 1)).toBeCloseTo(0.0786496, 7);
  expect(generalisationError(law('linear', TWO), 0, 0)).toBe(0.5);
  expect(generalisationError(law('door', THREE), 0, 0)).toBeCloseTo(0.6, 15);
});

test('errors of all laws are those of drawn samples', () => {
  const { arena, kernels } = openWorkspace();
  const n = 200_000;
  const z = arena.vector(n);
  createStream(kernels, 1, ['fresh']).normals(0, z);
  const [m, q, delta] = [0.8, 1.3, 0.4];
  for (const [name, clusters] of [
    ['linear', TWO],
    ['door', THREE],
    ['door', TWO],
  ] as const) {
    const phi = (h: number) => (name === 'linear' ? h : h * h - 0.49);
    const wrong = clusters.map(({ centre, share, target }) => {
      const count = z.reduce(
        (sum, x) => sum + Number(phi(centre * m + Math.sqrt(delta * q) * x) > 0 !== (target === 1)),
        0,
      );
      return (share * count) / n;
    });
    const drawn = wrong.reduce((a, b) => a + b, 0);
    // Standard error at most 0.5/sqrt(n) = 0.0011.
    expect(Math.abs(generalisationError(law(name, clusters, delta), m, q) - drawn), name).toBeLessThan(0.004);
  }
});

test('what the observer says of errors on fresh data holds for a second training set of the same law', async () => {
  // The weights of seed 0 after 20 steps, and labels of another large set drawn here.
  const d = 60;
  const [seen] = await runAll(
    {
      ...common,
      steps: 20,
      model: { use: 'gaussian-mixture', dimension: d, samplesPerDimension: 4 },
      observers: {
        errors: { use: 'perceptron-errors', when: 'end' },
        weights: { use: 'weights', block: 'W', when: 'end' },
      },
    },
    (result) => ({
      error: numbersOf(result, 'errors.generalisationError')[0],
      theta: numbersOf(result, 'weights.weights'),
    }),
  );
  const { arena, kernels } = openWorkspace();
  const n = 20_000;
  const z = arena.vector(n * d);
  createStream(kernels, 2, ['second set']).normals(0, z);
  let wrong = 0;
  for (let s = 0; s < n; s++) {
    const label = s % 2 === 0 ? 1 : -1;
    let field = 0;
    for (let i = 0; i < d; i++) field += seen.theta[i] * (label / d + Math.sqrt(0.5 / d) * z[s * d + i]);
    wrong += Number(field * label < 0);
  }
  expect(Math.abs(wrong / n - seen.error)).toBeLessThan(4 * Math.sqrt((seen.error * (1 - seen.error)) / n));
});

test('one step from w = 0 is along the mean of label x input', async () => {
  for (const [alpha, fraction] of [
    [1, 1],
    [2, 0.3],
  ]) {
    const errors = await runAll(
      {
        ...common,
        steps: 1,
        model: { use: 'gaussian-mixture', dimension: 1000, samplesPerDimension: alpha, initialVariance: 0 },
        noise: { use: 'bernoulli', fraction },
        observers: { errors: { use: 'perceptron-errors', when: 'end' } },
        sweep: { seeds: 10 },
      },
      (result) => numbersOf(result, 'errors.generalisationError')[0],
    );
    expect(Math.abs(mean(errors) - hebbianError(0.5, alpha, fraction, erfc))).toBeLessThan(0.004);
  }
});

test('learning rate and decay are those of a loss that is a sum over samples', async () => {
  // alpha = 3, lambda = 0.5, eta = 0.1, m(0) = 0.2: printed with the solver of arXiv:2210.06591, and a limit.
  const setting = { alpha: 3, rate: 0.1, decay: 0.5, start: 0.2 };
  expect(plantedOverlap(1, setting)).toBeCloseTo(0.43, 6);
  expect(plantedOverlap(5, setting)).toBeCloseTo(0.71226, 5);
  expect(plantedOverlap(1000, setting)).toBeCloseTo(0.813859, 6);
  const overlaps = await runAll(
    {
      ...common,
      steps: 20,
      model: { use: 'planted-regression', dimension: 600, samplesPerDimension: 3, initialOverlap: 0.2 },
      loss: { use: 'half-mean-square' },
      optimiser: { use: 'sgd', learningRate: 0.1, weightDecay: 0.5 },
      observers: { errors: { use: 'perceptron-errors', when: { at: [1, 5, 20] } } },
      sweep: { seeds: 6 },
    },
    (result) => numbersOf(result, 'errors.overlap'),
  );
  for (const [i, k] of [1, 5, 20].entries()) {
    expect(Math.abs(mean(overlaps.map((run) => run[i])) - plantedOverlap(k, setting)), `${k} steps`).toBeLessThan(0.01);
  }
});

test('samples per dimension that can be separated: given digits, and 2 without a signal', () => {
  for (const [noiseVariance, expected, digits] of [
    [0.25, 20.72, 2],
    [0.5, 6.663, 3],
    [1, 3.7, 3],
    [2, 2.733, 3],
    [Number.POSITIVE_INFINITY, 2, 9],
  ]) {
    expect(separableUpTo(noiseVariance)).toBeCloseTo(expected, digits);
  }
});

test('the distance of a convex hull from the origin: two points, a square about it, and one beside it', () => {
  const square = (shift: number) => [-1, 1].flatMap((x) => [-1, 1].map((y) => Float64Array.of(x + shift, y)));
  expect(distanceFromHull([Float64Array.of(3, 4), Float64Array.of(3, -4)])).toBeCloseTo(3 / 5, 12);
  expect(distanceFromHull(square(0.5))).toBeLessThan(1e-12);
  expect(distanceFromHull(square(1.5))).toBeCloseTo(0.5 / Math.sqrt(2.5 ** 2 + 1), 12);
});

test('training sets well below the line are separable, well above they are not', () => {
  const sets = (load: number) =>
    signedInputs({
      ...common,
      steps: 1,
      model: { use: 'gaussian-mixture', dimension: 40, samplesPerDimension: load * separableUpTo(0.5) },
      sweep: { seeds: 6 },
    }).map(isSeparable);
  expect(sets(0.5)).toEqual(Array(6).fill(true));
  expect(sets(1.8)).toEqual(Array(6).fill(false));
});

test('verdicts: by theory from the parameters, by the training error at the end', () => {
  const runOf = (parameters: Record<string, unknown>, status = 'completed', error?: number) =>
    ({
      id: 'run',
      axes: {},
      seed: 0,
      status,
      steps: 1,
      parameter: (path: string) => parameters[path],
      series: () => (error === undefined ? undefined : { data: Float64Array.of(0.5, error) }),
    }) as never;
  const parameters = {
    'model.clusters': 2,
    'model.activation': 'linear',
    'model.dimension': 100,
    'model.noiseVariance': 0.5,
  };
  const theory = create(separable).component;
  if (theory.scope !== 'run') throw new Error('judges runs');
  const at = (alpha: number) => theory.classify(runOf({ ...parameters, 'model.samplesPerDimension': alpha }));
  expect([6.6, 6.7].map((alpha) => at(alpha).label)).toEqual(['separable', 'inseparable']);
  expect(at(6.66).evidence.load).toBeCloseTo(6.66 / 6.662817, 6);
  expect(theory.refuses?.(runOf({ ...parameters, 'model.clusters': 3 }))).toContain('clusters: 2');
  const measured = create(interpolating).component;
  if (measured.scope !== 'run') throw new Error('judges runs');
  expect(measured.classify(runOf({}, 'completed', 0)).label).toBe('interpolating');
  expect(measured.classify(runOf({}, 'completed', 0.01)).label).toBe('erring');
  expect(measured.classify(runOf({}, 'diverged', Number.NaN)).label).toBe('diverged');
  expect(measured.classify(runOf({})).label).toBeUndefined();
});

test('observers refuse other models, momentum and noise that is no masks, and say what to take', async () => {
  const message = async (changes: object, observer: string) => {
    try {
      await runAll(
        {
          ...common,
          steps: 2,
          model: { use: 'gaussian-mixture', dimension: 10 },
          observers: { seen: { use: observer, when: 'end' } },
          ...changes,
        } as never,
        () => 0,
      );
      return 'nothing';
    } catch (error) {
      if (!isEigenflowError(error)) throw error;
      return error.message;
    }
  };
  const network = { model: { use: 'network', data: 'moons', hidden: [2], classes: 1 } };
  expect(await message(network, 'perceptron-errors')).toContain('gaussian-mixture or planted-regression');
  const momentum = { optimiser: { use: 'momentum', learningRate: 0.1 } };
  expect(await message(momentum, 'dynamical-mean-field')).toContain('use the optimiser sgd');
  const minibatch = { noise: { use: 'minibatch', batchSize: 2, order: 'iid' } };
  expect(await message(minibatch, 'dynamical-mean-field')).toContain('use bernoulli, persistent-masks or full-batch');
  const ramp = { optimiser: { use: 'sgd', learningRate: { ramp: [0.2, 0.1], over: 2 } } };
  expect(await message(ramp, 'dynamical-mean-field')).toContain('stay the same');
  const door = { model: { use: 'gaussian-mixture', dimension: 10, clusters: 3, activation: 'door' } };
  expect(await message(door, 'separation-load')).toContain('clusters: 2');
});
