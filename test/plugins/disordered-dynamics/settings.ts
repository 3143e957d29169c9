// Runs of the plugin that its tests and its validation share.

import type { Scenario } from '../../../core/scenario/scenario.js';
import { type Ended, runInThread } from '../../validate/in-thread.js';

const FLOW = { noise: { use: 'full-batch' } } as const;

/** Every run of a scenario of this plugin, without title and list of plugins. */
export const runDisordered = <T>(scenario: Omit<Scenario, 'title' | 'plugins'>, read: (ended: Ended) => T) =>
  runInThread(
    { ...scenario, title: 'disordered dynamics', plugins: ['disordered-dynamics', 'optimisers', 'sgd', 'spectrum'] },
    read,
  );

const numbersOf = (ended: Ended, channel: string) => ended.frames(channel).map(([value]) => value);

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
export const responses = ({ size, symmetry, shift, probes, seeds, times }: ResponseSetting) =>
  runDisordered(
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
    (ended) => numbersOf(ended, 'response.response'),
  );

export interface RegressionSetting {
  readonly inputs: number;
  readonly samples: number;
  readonly labelNoise: number;
  readonly seeds: number;
  readonly times: readonly number[];
}

/** Errors by seed and time. */
export const regressions = ({ inputs, samples, labelNoise, seeds, times }: RegressionSetting) =>
  runDisordered(
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
    (ended) =>
      times.map((_, i) => ({
        test: numbersOf(ended, 'error.test')[i],
        train: numbersOf(ended, 'error.train')[i],
        testTheory: numbersOf(ended, 'error.testTheory')[i],
        trainTheory: numbersOf(ended, 'error.trainTheory')[i],
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
export const onePasses = ({ inputs, batchSize, learningRate, labelNoise, steps, seeds }: OnePassSetting) =>
  runDisordered(
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
    (ended) => ({
      error: numbersOf(ended, 'error.error')[1],
      theory: numbersOf(ended, 'error.theory')[1],
      criticalRate: numbersOf(ended, 'error.criticalRate')[1],
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
export const featureRuns = ({ dimension, features, samples, flow, seeds, times }: FeaturesSetting) =>
  runDisordered(
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
    (ended) => ({
      test: numbersOf(ended, 'error.test'),
      theory: numbersOf(ended, 'error.testTheory'),
      train: numbersOf(ended, 'error.train'),
      trainTheory: numbersOf(ended, 'error.trainTheory'),
    }),
  );
