// Runs of the plugin that its tests and its validations share.
import type { Scenario } from '../../../core/scenario/scenario.js';
import { type Ended, runInThread } from '../../validate/in-thread.js';

/** Every run of a scenario of this plugin, without title and list of plugins. */
export const runLinear = <T>(scenario: Omit<Scenario, 'title' | 'plugins'>, read: (ended: Ended) => T) =>
  runInThread(
    { ...scenario, title: 'linear stability', plugins: ['linear-stability', 'solvable', 'sgd', 'optimisers'] },
    read,
  );

export interface NagGsSetting {
  readonly learningRate: number;
  readonly eigenvalues: readonly number[];
  readonly convexity?: number;
  readonly steps?: number;
  /** Steps with frames; the end by default. */
  readonly at?: readonly number[];
}

const FULL = { loss: { use: 'half-mean-square' }, noise: { use: 'full-batch' } } as const;

/** Noiseless runs of nag-gs with a mass that is its convexity, from a distance of 5 in every mode. */
export const descend = async <T>(
  { learningRate, eigenvalues, convexity = 1, steps = 60, at = [20, 60] }: NagGsSetting,
  read: (ended: Ended) => T,
) => {
  const [found] = await runLinear(
    {
      ...FULL,
      seed: 1,
      steps,
      model: { use: 'quadratic', eigenvalues, initial: 5 },
      optimiser: { use: 'nag-gs', learningRate, convexity, mass: convexity },
      observers: { modes: { use: 'mode-dynamics', when: { at } } },
    },
    read,
  );
  return found;
};

/** Theory of arXiv:2209.14937 for a mass that is the convexity mu, curvatures from mu to L. */
export const fastestStep = (mu: number, l: number) => (2 * mu + 2 * Math.sqrt(mu * l)) / (l - mu);
export const criticalStep = (mu: number, l: number) => (2 * mu + Math.sqrt(4 * mu * l - 4 * mu * mu)) / (l - 2 * mu);

/**
 * Mean squares of q over copies by mode, with those of theory, after so many steps with noise sigma sqrt(step) on v: that
 * of `sgld` at temperature (sigma mass)^2/2.
 */
export const shake = async (
  { learningRate, eigenvalues, convexity = 1, steps = 200 }: NagGsSetting,
  { copies, sigma = 1, seed }: { readonly copies: number; readonly sigma?: number; readonly seed: number },
) => {
  const [found] = await runLinear(
    {
      seed,
      steps,
      model: { use: 'quadratic', eigenvalues, copies },
      loss: FULL.loss,
      noise: { use: 'sgld', temperature: (sigma * convexity) ** 2 / 2 },
      optimiser: { use: 'nag-gs', learningRate, convexity, mass: convexity },
      observers: { modes: { use: 'mode-dynamics', when: 'end' } },
    },
    squaresOf,
  );
  return found;
};

export const squaresOf = (ended: Ended) => {
  const [measured, theory, stationary] = ['deviation', 'deviationTheory', 'stationary'].map((channel) =>
    ended.last(`modes.${channel}`).map((value) => value * value),
  );
  return { measured, theory, stationary };
};

export interface StiffSetting {
  readonly use: 'sgd' | 'implicit';
  readonly learningRate: number;
  readonly modes?: number;
  readonly points?: number;
  readonly targetModes?: readonly number[];
  readonly steps: number;
}

/** Full gradients on the collocation problem. */
export const solvePoisson = async <T>(
  { use, learningRate, modes = 10, points = 64, targetModes = [1, 10], steps }: StiffSetting,
  read: (ended: Ended) => T,
) => {
  const [found] = await runLinear(
    {
      ...FULL,
      seed: 1,
      steps,
      model: { use: 'poisson-collocation', modes, points, targetModes },
      optimiser: { use, learningRate },
      observers: { modes: { use: 'mode-dynamics', when: { at: [0, 'end'] } } },
    },
    read,
  );
  return found;
};

/** As `shake`, of a single mode under gradients with independent noise of variance 1. */
export const shakeGradient = async (
  use: 'sgd' | 'implicit',
  {
    learningRate,
    curvature,
    copies,
    steps,
    seed,
  }: Readonly<Record<'learningRate' | 'curvature' | 'copies' | 'steps' | 'seed', number>>,
) => {
  const [found] = await runLinear(
    {
      seed,
      steps,
      model: { use: 'quadratic', eigenvalues: [curvature], copies },
      loss: FULL.loss,
      noise: { use: 'gaussian-gradient', covariance: 'identity', variance: 1 },
      optimiser: { use, learningRate },
      observers: { modes: { use: 'mode-dynamics', when: 'end' } },
    },
    (ended) => (ended.status === 'completed' ? squaresOf(ended) : undefined),
  );
  return found;
};
