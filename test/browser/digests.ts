// Runs that exercise what has bits to lose, and a digest of all that each leaves. For Node and for a browser: no `node:`.
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { lastValueFrom } from 'rxjs';
import { openWorkbench } from '../../core/arena.js';
import { createRegistry } from '../../core/container.js';
import { gather } from '../../core/engine/result.js';
import { run } from '../../core/engine/run.js';
import { resolveScenario } from '../../core/scenario/run-config.js';
import type { Scenario } from '../../core/scenario/scenario.js';
import dyson from '../../plugins/dyson/index.js';
import langevin from '../../plugins/langevin/index.js';
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

const scenarios: readonly Scenario[] = [
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

/** SHA-256 of the status, the steps and every number of every channel, by the title of the scenario. */
export async function digests(): Promise<Record<string, string>> {
  const bench = openWorkbench();
  const found: Record<string, string> = {};
  for (const scenario of scenarios) {
    const [config] = resolveScenario(scenario, registry, noFiles).runs;
    const { status, steps, series } = await lastValueFrom(gather(run(config, { registry, bench, load: noFiles })));
    const hash = sha256.create().update(utf8ToBytes(`${status} ${steps}`));
    for (const [channel, { data, step, epoch, time }] of series) {
      hash.update(utf8ToBytes(`${channel} ${data.length}`));
      for (const numbers of [data, step, epoch, time]) hash.update(new Uint8Array(numbers.buffer));
    }
    found[scenario.title] = bytesToHex(hash.digest());
  }
  return found;
}
