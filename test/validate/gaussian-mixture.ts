// Perceptrons on Gaussian data: closed forms, the published example of the solver, separability by a second algorithm, masks
// that persist, and dynamical mean-field theory against runs.
import { Clock } from '../../core/contracts/clock.js';
import { openWorkspace } from '../../core/kernels/arena.js';
import type { Scenario } from '../../core/scenario/scenario.js';
import { erfc } from '../../core/statistics/special-functions.js';
import { persistentMasks } from '../../plugins/gaussian-mixture/persistent-masks.js';
import { separableUpTo } from '../../plugins/gaussian-mixture/separability.js';
import { numbersOf, runAll, signedInputs } from '../plugins/gaussian-mixture/runs.js';
import { hebbianError, isSeparable, plantedOverlap } from '../plugins/gaussian-mixture/theory.js';
import { create } from '../plugins/workbench.js';
import { ANY, about, type Check, FRACTION, likeThreeErrors, mean, NOT_NEGATIVE, type Validation } from './check.js';

type Settings = Omit<Scenario, 'plugins'>;

const CHANNELS = ['overlap', 'norm', 'trainingError', 'generalisationError'] as const;
type Channel = (typeof CHANNELS)[number];
/** Frames by channel, of one run. */
type Measured = Readonly<Record<Channel, readonly number[]>>;

/** What `use` observes at these steps, for every seed and cell. */
const observe = (
  scenario: Settings,
  observer: { readonly use: string; readonly paths?: number; readonly realisation?: number },
  at: readonly number[],
): Promise<Measured[]> =>
  runAll({ ...scenario, observers: { seen: { ...observer, when: { at: [...at] } } } }, (result) => ({
    overlap: numbersOf(result, 'seen.overlap'),
    norm: numbersOf(result, 'seen.norm'),
    trainingError: numbersOf(result, 'seen.trainingError'),
    generalisationError: numbersOf(result, 'seen.generalisationError'),
  }));

const measure = (scenario: Settings, at: readonly number[], seeds: number) =>
  observe({ ...scenario, sweep: { seeds } }, { use: 'perceptron-errors' }, at);

const REALISATIONS = 3;
const PATHS = 10_000;

async function theoryOf(scenario: Settings, at: readonly number[]): Promise<Measured[]> {
  const found: Measured[] = [];
  for (let realisation = 0; realisation < REALISATIONS; realisation++) {
    // Only alpha = samples/dimension enters.
    const model = { ...scenario.model, dimension: 20 };
    const observer = { use: 'dynamical-mean-field', paths: PATHS, realisation };
    found.push(...(await observe({ ...scenario, model }, observer, at)));
  }
  return found;
}

function estimate(values: readonly number[]): { readonly value: number; readonly error: number } {
  const value = mean(values);
  const squares = values.reduce((sum, one) => sum + (one - value) ** 2, 0);
  return { value, error: Math.sqrt(squares / (values.length - 1) / values.length) };
}

const of = (runs: readonly Measured[], channel: Channel, frame: number) =>
  estimate(runs.map((run) => run[channel][frame]));

const descent = (learningRate: number, weightDecay = 0) => ({ use: 'sgd', learningRate, weightDecay });

const noiseOf = (fraction: number) => (fraction === 1 ? { use: 'full-batch' } : { use: 'bernoulli', fraction });

/** The error of the direction of the centres itself. */
async function oracle(): Promise<Check[]> {
  const scenario: Settings = {
    title: 'oracle',
    seed: 1,
    steps: 1,
    model: { use: 'gaussian-mixture', dimension: 100, initialOverlap: 1, initialVariance: 0 },
    loss: { use: 'logistic' },
    noise: { use: 'full-batch' },
    optimiser: descent(0.1),
  };
  const [run] = await measure(scenario, [0], 1);
  return [
    {
      what: 'generalisation error along the centres, Delta = 0.5',
      expected: 0.0786496,
      measured: run.generalisationError[0],
      error: Number.NaN,
      n: 1,
      tolerance: '5e-8, the digits that are given; a closed form',
      possible: FRACTION,
      accepted: about(0.0786496, 5e-8),
      unit: 0.0786496,
    },
  ];
}

/** One step from w = 0. */
async function hebb(): Promise<Check[]> {
  const checks: Check[] = [];
  for (const [alpha, fraction] of [
    [1, 1],
    [2, 1],
    [2, 0.3],
    [4, 0.3],
  ]) {
    const scenario: Settings = {
      title: 'hebb',
      seed: 2,
      steps: 1,
      model: { use: 'gaussian-mixture', dimension: 1000, samplesPerDimension: alpha, initialVariance: 0 },
      loss: { use: 'logistic' },
      noise: noiseOf(fraction),
      optimiser: descent(0.2),
    };
    const { value, error } = of(await measure(scenario, [1], 10), 'generalisationError', 0);
    const expected = hebbianError(0.5, alpha, fraction, erfc);
    checks.push({
      what: `generalisation error after one step from w = 0: alpha = ${alpha}, b = ${fraction}`,
      expected,
      measured: value,
      error,
      n: 10,
      tolerance: '0.004',
      possible: FRACTION,
      accepted: about(expected, 0.004),
      unit: expected,
    });
  }
  return checks;
}

/** Overlap in planted regression: printed digits of the closed form, the authors' simulation, ours, and theory. */
async function regression(): Promise<Check[]> {
  const setting = { alpha: 3, rate: 0.1, decay: 0.5, start: 0.2 };
  const steps = [1, 5, 10, 20, 50];
  const printed = [0.43, 0.71226, 0.78243, 0.8089, 0.8138];
  const authors = [0.4281, 0.7106, 0.7814, 0.8083, 0.8133];
  const closed = steps.map((k) => plantedOverlap(k, setting));
  const checks: Check[] = steps.map((k, i) => ({
    what: `planted regression, overlap at step ${k}: closed form against its printed digits`,
    expected: printed[i],
    measured: closed[i],
    error: Number.NaN,
    n: 1,
    tolerance: 'the digits that are printed',
    possible: ANY,
    accepted: about(printed[i], i === 0 ? 5e-5 : 5.1e-6),
  }));
  const scenario = (fraction: number): Settings => ({
    title: 'planted regression',
    seed: 3,
    steps: 50,
    model: {
      use: 'planted-regression',
      dimension: 1000,
      samplesPerDimension: setting.alpha,
      initialOverlap: setting.start,
      // The mean does not depend on it, and the scatter of the first steps does.
      initialVariance: 0,
    },
    loss: { use: 'half-mean-square' },
    noise: noiseOf(fraction),
    optimiser: descent(setting.rate, setting.decay),
  });
  for (const fraction of [1, 0.5]) {
    const runs = await measure(scenario(fraction), steps, 10);
    const theory = await theoryOf(scenario(fraction), steps);
    steps.forEach((k, i) => {
      const run = of(runs, 'overlap', i);
      checks.push({
        what: `planted regression, b = ${fraction}, overlap at step ${k}: runs of dimension 1000`,
        expected: closed[i],
        measured: run.value,
        error: run.error,
        n: runs.length,
        tolerance: '0.004',
        possible: ANY,
        accepted: about(closed[i], 0.004),
      });
      if (fraction === 1) {
        checks.push({
          what: `planted regression, overlap at step ${k}: runs against the simulation of the authors`,
          expected: authors[i],
          measured: run.value,
          error: run.error,
          n: runs.length,
          tolerance: '0.004; theirs is one run',
          possible: ANY,
          accepted: about(authors[i], 0.004),
        });
      }
      const field = of(theory, 'overlap', i);
      checks.push({
        what: `planted regression, b = ${fraction}, overlap at step ${k}: mean-field solver`,
        expected: closed[i],
        measured: field.value,
        error: field.error,
        n: theory.length,
        tolerance: '0.002',
        possible: ANY,
        accepted: about(closed[i], 0.002),
      });
    });
    checks.push(...compare(`planted regression, b = ${fraction}`, steps, runs, theory, ['norm'], [3]));
  }
  return checks;
}

const NAMES: Readonly<Record<Channel, string>> = {
  overlap: 'overlap m',
  norm: 'squared norm q',
  trainingError: 'training error',
  generalisationError: 'generalisation error',
};

/** Runs against theory: a row for each of these channels and frames. */
function compare(
  what: string,
  steps: readonly number[],
  runs: readonly Measured[],
  theory: readonly Measured[],
  channels: readonly Channel[] = CHANNELS,
  frames: readonly number[] = steps.map((_, i) => i),
): Check[] {
  return frames.flatMap((i) =>
    channels.map((channel): Check => {
      const run = of(runs, channel, i);
      const field = of(theory, channel, i);
      const error = Math.hypot(run.error, field.error);
      const allowed = 4 * error;
      const isError = channel === 'trainingError' || channel === 'generalisationError';
      return {
        what: `${what}: ${NAMES[channel]} at step ${steps[i]}`,
        expected: field.value,
        measured: run.value,
        error,
        n: runs.length,
        tolerance: '4 errors of runs and theory together',
        possible: isError ? FRACTION : ANY,
        accepted: about(field.value, allowed),
        unit: Math.abs(field.value),
      };
    }),
  );
}

const SEEDS = 20;

const MIXTURE = { use: 'gaussian-mixture', dimension: 500, samplesPerDimension: 2, noiseVariance: 0.5 };
const DOOR = { ...MIXTURE, clusters: 3, activation: 'door', noiseVariance: 0.1, initialOverlap: 0.5 };

interface Comparison {
  readonly what: string;
  readonly model: object;
  readonly noise: object;
  readonly weightDecay: number;
  /** Where the first step is that of another row. */
  readonly frames?: readonly number[];
}

const COMPARISONS: readonly Comparison[] = [
  { what: 'two clusters, b = 1', model: MIXTURE, noise: noiseOf(1), weightDecay: 0 },
  { what: 'two clusters, b = 0.3', model: MIXTURE, noise: noiseOf(0.3), weightDecay: 0 },
  { what: 'two clusters, b = 0.1, decay 0.1', model: MIXTURE, noise: noiseOf(0.1), weightDecay: 0.1 },
  {
    what: 'two clusters, b = 0.3, persistence time 10',
    model: MIXTURE,
    noise: { use: 'persistent-masks', fraction: 0.3, persistenceTime: 10 },
    weightDecay: 0,
    frames: [1, 2],
  },
  { what: 'three clusters, door, b = 0.5', model: DOOR, noise: noiseOf(0.5), weightDecay: 0.1 },
];

async function meanField(): Promise<Check[]> {
  const steps = [1, 10, 60];
  const checks: Check[] = [];
  for (const { what, model, noise, weightDecay, frames } of COMPARISONS) {
    const scenario = {
      title: what,
      seed: 4,
      steps: 60,
      model,
      loss: { use: 'logistic' },
      noise,
      optimiser: descent(0.2, weightDecay),
    } as Settings;
    const runs = await measure(scenario, steps, SEEDS);
    checks.push(...compare(what, steps, runs, await theoryOf(scenario, steps), CHANNELS, frames));
  }
  return checks;
}

/** Share of steps and correlations of masks that persist, from 1000 chains of 2000 steps. */
function persistence(): Check[] {
  const [samples, steps, fraction, stepSize, time] = [1000, 2000, 0.3, 0.2, 4];
  const workspace = openWorkspace();
  const model = { samples } as never;
  const noise = create(persistentMasks, { fraction, persistenceTime: time }, { workspace, model }).component;
  const batch = workspace.arena.indices(samples);
  const weights = workspace.arena.vector(samples);
  const chains = Array.from({ length: samples }, () => new Float64Array(steps));
  const clock = new Clock();
  clock.stepSize = stepSize;
  for (let step = 0; step < steps; step++) {
    clock.step = step;
    const n = noise.draw(batch, weights, clock);
    for (let i = 0; i < n; i++) chains[batch[i]][step] = 1;
  }
  const share = estimate(chains.map((chain) => mean([...chain])));
  const tolerance = `${likeThreeErrors(samples).toFixed(1)} errors`;
  const row = (what: string, expected: number, { value, error }: { value: number; error: number }): Check => ({
    what,
    expected,
    measured: value,
    error,
    n: samples,
    tolerance,
    possible: what.includes('share') ? FRACTION : [-1, 1],
    accepted: about(expected, likeThreeErrors(samples) * error),
    unit: expected,
  });
  return [
    row('persistent masks: share of steps in which a sample takes part', fraction, share),
    ...[1, 5, 20].map((lag) => {
      const correlation = estimate(
        chains.map((chain) => {
          const pairs = Array.from(
            { length: steps - lag },
            (_, t) => (chain[t] - fraction) * (chain[t + lag] - fraction),
          );
          return mean(pairs) / (fraction * (1 - fraction));
        }),
      );
      return row(
        `persistent masks: correlation over ${lag} steps, (1 - eta/(b tau))^k`,
        (1 - stepSize / (fraction * time)) ** lag,
        correlation,
      );
    }),
  ];
}

const TRAINING_SETS = 40;

/** Share of training sets that can be separated, and whether descent finds a plane just there. */
async function separability(): Promise<Check[]> {
  const checks: Check[] = [
    [0.25, 20.72],
    [0.5, 6.663],
    [1, 3.7],
    [2, 2.733],
    [Number.POSITIVE_INFINITY, 2],
  ].map(([noiseVariance, expected]) => ({
    what: `samples per dimension up to which clusters are separable, Delta = ${noiseVariance}`,
    expected,
    measured: separableUpTo(noiseVariance),
    error: Number.NaN,
    n: 1,
    tolerance: 'the digits that are given',
    possible: NOT_NEGATIVE,
    accepted: about(expected, noiseVariance < 0.5 ? 0.005 : 0.0005),
  }));
  const capacity = separableUpTo(0.5);
  let [contradictions, inseparable] = [0, 0];
  const fitted: Check[] = [];
  for (const [load, expected] of [
    [0.6, 1],
    [0.8, 1],
    [0.93, 0.9],
    [1, 0.5],
    [1.07, 0.25],
    [1.2, 0.05],
  ]) {
    const scenario: Settings = {
      title: `separability ${load}`,
      seed: 5,
      steps: 4000,
      model: { use: 'gaussian-mixture', dimension: 100, samplesPerDimension: load * capacity, noiseVariance: 0.5 },
      loss: { use: 'logistic' },
      noise: { use: 'full-batch' },
      optimiser: { use: 'nesterov', learningRate: 0.02, momentum: 0.98 },
    };
    const verdicts = signedInputs({ ...scenario, sweep: { seeds: TRAINING_SETS } }).map(isSeparable);
    const share = mean(verdicts.map(Number));
    // The expected shares come from as many training sets, about, as ours.
    const error = Math.sqrt((2 * Math.max(expected * (1 - expected), 0.05)) / TRAINING_SETS);
    checks.push({
      what: `share of separable training sets by Wolfe's algorithm, dimension 100, alpha = ${load} alpha_sep`,
      expected,
      measured: share,
      error,
      n: TRAINING_SETS,
      tolerance: `3 errors of a difference of two shares; expected: ${load < 0.7 ? 'large dimension' : 'linear programs'}`,
      possible: FRACTION,
      accepted: about(expected, 3 * error),
    });
    const runs = await measure(scenario, [4000], TRAINING_SETS);
    const fits = runs.map((run) => run.trainingError[0] === 0);
    inseparable += verdicts.filter((verdict) => !verdict).length;
    contradictions += fits.filter((fit, seed) => fit && !verdicts[seed]).length;
    const separable = fits.filter((_, seed) => verdicts[seed]);
    const found = mean(separable.map(Number));
    fitted.push({
      what: `share of the separable ones among them that 4000 steps of descent with momentum fit, alpha = ${load} alpha_sep`,
      expected: load < 0.7 ? 1 : Number.NaN,
      measured: found,
      error: Math.sqrt((found * (1 - found)) / separable.length),
      n: separable.length,
      tolerance: load < 0.7 ? '0.1' : 'none: the smaller the margin, the longer it takes',
      possible: FRACTION,
      accepted: load < 0.7 ? [0.9, 1] : undefined,
    });
  }
  return [
    ...checks,
    {
      what: 'training sets that are inseparable by that algorithm and fitted by descent without an error',
      expected: 0,
      measured: contradictions,
      error: Number.NaN,
      n: inseparable,
      tolerance: 'none',
      possible: [0, inseparable],
      accepted: [0, 0],
    },
    ...fitted,
  ];
}

export const gaussianMixture: Validation = {
  title: 'Perceptrons on Gaussian data: closed forms',
  source: 'closed forms (derived); the example of the solver of arXiv:2210.06591 with the simulation of its authors',
  async run() {
    return [...(await oracle()), ...(await hebb()), ...(await regression()), ...persistence()];
  },
};

export const gaussianMixtureSeparability: Validation = {
  title: 'Separability of two Gaussian clusters',
  source:
    "formula of arXiv:2002.11544 and linear programs, both computed by another program; Wolfe's algorithm for the nearest " +
    'point of a convex hull, which shares nothing with descent',
  run: separability,
};

export const gaussianMixtureMeanField: Validation = {
  title: 'Dynamical mean-field theory of perceptrons against runs',
  source:
    'the theory of arXiv:2006.06098 in the limit of large dimension, as the plugin solves it (held against a closed form in ' +
    'the validation gaussian-mixture); runs have dimension 500 and 1000 samples',
  run: meanField,
};
