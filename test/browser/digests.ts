// Runs that exercise what has bits to lose, and a digest of all that each leaves. For Node and for a browser: no `node:`.
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { lastValueFrom } from 'rxjs';
import { createRegistry } from '../../core/container.js';
import { gather } from '../../core/engine/gather.js';
import { run } from '../../core/engine/run.js';
import { openMemory } from '../../core/kernels/arena.js';
import * as elementary from '../../core/kernels/elementary.js';
import { calibrate, usualSmoothness } from '../../core/phases/calibrate.js';
import { firstRuns, nextRuns } from '../../core/phases/choose.js';
import { sortObservations } from '../../core/phases/observations.js';
import { planAdaptive } from '../../core/phases/plan.js';
import { createSurface } from '../../core/phases/prediction.js';
import { resolveScenario } from '../../core/scenario/resolve.js';
import type { Scenario, Sweep } from '../../core/scenario/scenario.js';
import { expandSweep } from '../../core/scenario/sweep.js';
import { normalCdf } from '../../core/statistics/special-functions.js';
import dyson from '../../plugins/dyson/index.js';
import langevin from '../../plugins/langevin/index.js';
import ownNetwork from '../../plugins/network/index.js';
import optimisers from '../../plugins/optimisers/index.js';
import phases from '../../plugins/phases/index.js';
import sgd from '../../plugins/sgd/index.js';
import solvable from '../../plugins/solvable/index.js';
import spectralStatistics from '../../plugins/spectral-statistics/index.js';
import spectrum from '../../plugins/spectrum/index.js';
import stability from '../../plugins/stability/index.js';
import teacherStudent from '../../plugins/teacher-student/index.js';
import training from '../../plugins/training/index.js';

const plugins = [
  dyson,
  langevin,
  ownNetwork,
  optimisers,
  phases,
  sgd,
  solvable,
  spectralStatistics,
  spectrum,
  stability,
  teacherStudent,
  training,
];
const registry = createRegistry(plugins);
const names = plugins.map(({ name }) => name);

const network = {
  plugins: names,
  seed: 11,
  steps: 400,
  model: { use: 'teacher-student', hidden: 8, features: 5, samples: 60 },
  loss: { use: 'half-mean-square' },
  noise: { use: 'minibatch', batchSize: 4, order: 'cyclic' },
  optimiser: { use: 'sgd', learningRate: 0.5 },
} satisfies Omit<Scenario, 'title'>;

const FOUR = ['gelu', 'sigmoid', 'softplus', 'sine'];

/** Every optimiser with a rate that it can be given, some of them under noise of their own. */
const OPTIMISERS: readonly (readonly [use: string, params: object, noise?: object])[] = [
  ['adam', { learningRate: { peak: 0.003, warmUp: 20, cosine: 300 }, clip: 1 }],
  ['adamw', { learningRate: 0.001, weightDecay: 0.1 }, { use: 'sgld', temperature: 1e-4 }],
  ['amsgrad', { learningRate: { peak: 0.003, stable: 100, decay: 200, shape: 'root', floor: 0.1 } }],
  ['rmsprop', { learningRate: 0.001, centered: true, momentum: 0.5 }],
  ['adagrad', { learningRate: 0.01, slowing: 0.01 }, { use: 'bernoulli', fraction: 0.1 }],
  ['sign-sgd', { learningRate: 0.001, momentum: 0.9 }],
  ['lion', { learningRate: 0.001 }],
  ['muon', { learningRate: 0.001 }],
  ['muon', { learningRate: 0.001, exact: true }],
  ['sam', { learningRate: 0.001, base: 'adam' }],
  ['gradient-flow', { learningRate: 0.01 }, { use: 'label-noise', batchSize: 4, order: 'iid', deviation: 0.1 }],
  ['nag-gs', { learningRate: 0.01, mass: 2 }],
  ['implicit', { learningRate: 0.1 }],
];

const scenarios: readonly Scenario[] = [
  ...OPTIMISERS.map(
    ([use, params, noise = network.noise]): Scenario => ({
      ...network,
      title: `${use} ${JSON.stringify(params)}`,
      optimiser: { use, ...params },
      noise: noise as Scenario['noise'],
      observers: { weights: { use: 'weights', block: 'W' } },
    }),
  ),
  {
    ...network,
    title: 'recorded steps, spectra, exponents and curvature',
    observers: {
      spectrum: { use: 'gram-spectrum', block: 'W' },
      overlap: { use: 'overlap' },
      loss: { use: 'full-loss' },
      exponent: { use: 'lyapunov-exponent', when: { at: 'end' } },
      sharpness: { use: 'sharpness', when: { at: 'end' } },
    },
  },
  {
    ...network,
    title: 'schedules, momentum, reshuffled batches, erf',
    model: { ...network.model, activation: 'erf', labelNoise: 0.1 },
    noise: { use: 'minibatch', batchSize: 7, order: 'reshuffled' },
    optimiser: { use: 'momentum', learningRate: { ramp: [0.1, 0.01], over: 300, shape: 'geometric' } },
    observers: { weights: { use: 'weights', block: 'W' } },
  },
  {
    ...network,
    title: 'endless data',
    model: { ...network.model, samples: 'endless' },
    noise: { use: 'minibatch', batchSize: 4, order: 'iid' },
    observers: { weights: { use: 'weights', block: 'W' } },
  },
  {
    ...network,
    title: 'the Langevin equation, and the coefficients of the level equation',
    noise: { use: 'langevin', temperature: 1 / 64, subset: 8 },
    optimiser: { use: 'sgd', learningRate: 1 / 256 },
    observers: { coefficients: { use: 'dyson-coefficients', block: 'W' }, weights: { use: 'weights', block: 'W' } },
  },
  {
    ...network,
    title: 'levels as a model',
    model: { use: 'laguerre-process', rows: 6, cols: 9, temperature: 0.25 },
    loss: { use: 'mean-output' },
    noise: { use: 'full-batch' },
    optimiser: { use: 'matrix-step', stepSize: 0.001 },
    observers: { levels: { use: 'levels' } },
  },
  {
    ...network,
    title: 'digits in a network of four activations',
    model: { use: 'network', data: 'digits', samples: 100, hidden: [9, 9, 7, 5], residual: 0.5, activation: FOUR },
    loss: { use: 'cross-entropy' },
    optimiser: { use: 'momentum', learningRate: 0.03 },
    observers: { weights: { use: 'weights', block: 'W2' }, sharpness: { use: 'sharpness', when: { at: 'end' } } },
  },
  {
    ...network,
    title: 'made-up classes, muP, orthogonal first weights',
    model: {
      use: 'network',
      data: 'spirals',
      hidden: [12, 12],
      parametrisation: 'mup',
      baseWidth: 4,
      initial: 'orthogonal',
    },
    observers: { weights: { use: 'weights', block: 'W2' }, test: { use: 'test-loss' } },
  },
  {
    ...network,
    title: 'laws of levels',
    model: { ...network.model, hidden: 12, features: 20 },
    observers: {
      noise: { use: 'marchenko-pastur', block: 'W', when: { every: 20 } },
      spacing: { use: 'level-spacing', block: 'W', pairs: [0, 5], frames: 10, when: { every: 20 } },
      unfolded: { use: 'unfolded-spacing', block: 'W', frames: 5, when: { every: 20 } },
      number: { use: 'number-variance', block: 'W', frames: 10, when: { every: 20 } },
      pair: { use: 'two-level-density', block: 'W', pair: 3, frames: 10, when: { every: 20 } },
      cluster: { use: 'semicircle-density', block: 'W', frames: 10, when: { every: 20 } },
    },
  },
  {
    ...network,
    title: 'a Gaussian restricted Boltzmann machine',
    model: { use: 'gaussian-rbm' },
    loss: { use: 'mean-output' },
    noise: { use: 'persistent-chains', chains: 4 },
    optimiser: { use: 'sgd', learningRate: 0.05 },
    observers: { values: { use: 'singular-values', block: 'W' } },
  },
];

const noFiles = (path: string): never => {
  throw new Error(`no file ${path} in these runs`);
};

const ofNumbers = (numbers: Float64Array) => bytesToHex(sha256(new Uint8Array(numbers.buffer)));

/** Numbers between 0 and 1. */
const spread = (i: number) => (i * 0.6180339887498949) % 1;

/** SHA-256 of values of every function of core/kernels/elementary.ts. */
function elementaryDigest(): string {
  const { hypot, power, ...functions } = elementary;
  // By name: bundlers put the exports of a module into orders of their own.
  const ordered = Object.entries(functions).sort(([a], [b]) => (a < b ? -1 : 1));
  const values = ordered.flatMap(([, f]) => Array.from({ length: 500 }, (_, i) => f(spread(i))));
  for (let i = 0; i < 500; i++) values.push(hypot(spread(i), spread(3 * i)), power(1 + spread(i), 9 * spread(7 * i)));
  return ofNumbers(Float64Array.from(values));
}

/** Probabilities of two phases that meet on a line. */
const phasesAt = (width: number, temperature: number) => {
  const p = normalCdf(elementary.log(width * temperature * temperature) / 2);
  return [p, 1 - p];
};

/** SHA-256 of the runs that an adaptive map chooses, three rounds long. */
function adaptiveDigest(): string {
  const sweep: Sweep = {
    axes: {
      'model.initialWidth': { geometric: [0.1, 7], count: 9 },
      'noise.temperature': { geometric: [0.3, 5], count: 8 },
    },
    seeds: 3,
  };
  const grid = expandSweep({ sweep });
  const plan = planAdaptive({ runs: 60, batch: 15 }, grid);
  const outcomes: { cell: number; seed: number; labels: readonly number[] }[] = [];
  for (let next = firstRuns(plan); next.length > 0; next = nextRuns(plan, outcomes)) {
    for (const choice of next) {
      const { 'model.initialWidth': width, 'noise.temperature': temperature } = grid.cells[choice.cell];
      outcomes.push({ ...choice, labels: phasesAt(Number(width), Number(temperature)) });
    }
  }
  return ofNumbers(Float64Array.from(outcomes.flatMap(({ cell, seed }) => [cell, seed])));
}

/** SHA-256 of what advice reads from a map: its smoothness, and probabilities between its cells. */
function surfaceDigest(): string {
  const observations = Array.from({ length: 48 }, (_, i) => {
    const at = [elementary.log2(0.3 + 5 * spread(i)), elementary.log2(0.3 + 3 * spread(5 * i))];
    return { at, instance: i % 3, labels: phasesAt(0.3 + 5 * spread(i), 0.3 + 3 * spread(5 * i)) };
  });
  const { smoothness, posterior, score } = calibrate(sortObservations(observations, 2), usualSmoothness(2));
  const surface = createSurface([{ posterior, weight: 1 }]);
  const predicted = [-1, 0, 0.7, 2].map((x) => surface.predict([x, 0.3]));
  const numbers = predicted.flatMap(({ probabilities, leading }) => [
    ...probabilities.flatMap(({ value, low, high }) => [value, low, high]),
    ...leading,
  ]);
  const { lengths, amplitude, instanceSpread } = smoothness;
  return ofNumbers(Float64Array.of(...lengths, amplitude, instanceSpread, score, ...numbers));
}

/**
 * SHA-256 of the status, the steps and every number of every channel, by the title of the scenario; and of what an adaptive
 * choice, a map that is read and the elementary functions give.
 */
export async function digests(): Promise<Record<string, string>> {
  const memory = openMemory();
  const found: Record<string, string> = {
    'elementary functions': elementaryDigest(),
    'an adaptive choice': adaptiveDigest(),
    'a map read between its cells': surfaceDigest(),
  };
  for (const scenario of scenarios) {
    const [config] = resolveScenario(scenario, registry, noFiles).runs;
    const { status, steps, series } = await lastValueFrom(gather(run(config, { registry, memory, load: noFiles })));
    const hash = sha256.create().update(utf8ToBytes(`${status} ${steps}`));
    for (const [channel, { data, step, epoch, time }] of series) {
      hash.update(utf8ToBytes(`${channel} ${data.length}`));
      for (const numbers of [data, step, epoch, time]) hash.update(new Uint8Array(numbers.buffer));
    }
    found[scenario.title] = bytesToHex(hash.digest());
  }
  return found;
}
