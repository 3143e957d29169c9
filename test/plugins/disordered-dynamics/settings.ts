// Runs of the plugin that its tests and its validation share.

import type { RunResult } from '../../../core/engine/gather.js';
import disorderedDynamics from '../../../plugins/disordered-dynamics/index.js';
import optimisers from '../../../plugins/optimisers/index.js';
import sgd from '../../../plugins/sgd/index.js';
import { type Ensemble, numbersOf, openEnsemble } from '../../validate/ensemble.js';

const FLOW = { noise: { use: 'full-batch' } } as const;

export const openDisordered = (): Ensemble => openEnsemble([disorderedDynamics, optimisers, sgd]);

export const frameAt = (result: RunResult, channel: string, frame: number) => numbersOf(result, channel)[frame];

export interface ResponseSetting {
  readonly size: number;
  readonly symmetry: number;
  readonly shift: number;
  readonly probes: number;
  readonly seeds: number;
  /** Whole multiples of the step, 1/20. */
  readonly times: readonly number[];
}

/** R by seed and time. */
export const responses = (ensemble: Ensemble, { size, symmetry, shift, probes, seeds, times }: ResponseSetting) =>
  ensemble(
    {
      ...FLOW,
      seed: 11,
      steps: Math.round(20 * Math.max(...times)),
      model: { use: 'random-linear-flow', size, symmetry, shift },
      loss: { use: 'mean-output' },
      optimiser: { use: 'gradient-flow', learningRate: 0.05 },
      observers: {
        response: { use: 'linear-response', probes, when: { at: times.map((time) => Math.round(20 * time)) } },
      },
      sweep: { seeds },
    },
    (result) => [...numbersOf(result, 'response.response')],
  );

export interface RegressionSetting {
  readonly inputs: number;
  readonly samples: number;
  readonly labelNoise: number;
  readonly seeds: number;
  readonly times: readonly number[];
}

/** Errors by seed and time. */
export const regressions = (ensemble: Ensemble, { inputs, samples, labelNoise, seeds, times }: RegressionSetting) =>
  ensemble(
    {
      ...FLOW,
      seed: 12,
      steps: Math.round(10 * Math.max(...times)),
      model: { use: 'random-design-regression', inputs, samples, labelNoise },
      loss: { use: 'half-mean-square' },
      optimiser: { use: 'gradient-flow', learningRate: 0.1 },
      observers: { error: { use: 'regression-error', when: { at: times.map((time) => Math.round(10 * time)) } } },
      sweep: { seeds },
    },
    (result) =>
      times.map((_, i) => ({
        test: frameAt(result, 'error.test', i),
        train: frameAt(result, 'error.train', i),
        testTheory: frameAt(result, 'error.testTheory', i),
        trainTheory: frameAt(result, 'error.trainTheory', i),
      })),
  );

export interface OnePassSetting {
  readonly inputs: number;
  readonly batchSize: number;
  readonly learningRate: number;
  readonly labelNoise: number;
  readonly steps: number;
  readonly seeds: number;
}

/** |h|^2 at the end by seed, with the recursion. */
export const onePasses = (
  ensemble: Ensemble,
  { inputs, batchSize, learningRate, labelNoise, steps, seeds }: OnePassSetting,
) =>
  ensemble(
    {
      seed: 13,
      steps,
      model: { use: 'random-design-regression', inputs, samples: 'endless', labelNoise },
      loss: { use: 'half-mean-square' },
      noise: { use: 'minibatch', batchSize, order: 'cyclic' },
      optimiser: { use: 'sgd', learningRate },
      observers: { error: { use: 'one-pass-error', when: { at: [0, 'end'] } } },
      sweep: { seeds },
    },
    (result) => ({
      error: frameAt(result, 'error.error', 1),
      theory: frameAt(result, 'error.theory', 1),
      criticalRate: frameAt(result, 'error.criticalRate', 1),
    }),
  );

export interface FeaturesSetting {
  readonly dimension: number;
  readonly features: number;
  readonly samples: number;
  readonly flow: 'features' | 'symmetric-twin';
  readonly seeds: number;
  /** Whole multiples of the step, 1/20. */
  readonly times: readonly number[];
}

/** Test errors by seed and time, with those of the exact flow. */
export const featureRuns = (
  ensemble: Ensemble,
  { dimension, features, samples, flow, seeds, times }: FeaturesSetting,
) =>
  ensemble(
    {
      ...FLOW,
      seed: 14,
      steps: Math.round(20 * Math.max(...times)),
      model: { use: 'random-features', dimension, features, samples, flow },
      loss: { use: 'half-mean-square' },
      // The step is short for the flow of every matrix of this size: learning rate times curvature is below 1.5.
      optimiser: { use: 'gradient-flow', learningRate: 0.05, stepCheck: false },
      observers: { error: { use: 'regression-error', when: { at: times.map((time) => Math.round(20 * time)) } } },
      sweep: { seeds },
    },
    (result) => ({
      test: [...numbersOf(result, 'error.test')],
      theory: [...numbersOf(result, 'error.testTheory')],
      train: [...numbersOf(result, 'error.train')],
      trainTheory: [...numbersOf(result, 'error.trainTheory')],
    }),
  );
