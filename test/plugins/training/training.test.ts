// Losses and gradients against plain computation, and the published "gradient" against the mean of the gradients along
// an epoch.
import { describe, expect, test } from 'vitest';
import type { Component } from '../../../core/contracts/component.js';
import type { ModelPass } from '../../../core/contracts/model.js';
import { directionalDerivative } from '../../../core/testing/derivative.js';
import type { ConformanceOptions } from '../../../core/testing/stage.js';
import { minibatch } from '../../../plugins/sgd/minibatch.js';
import { sgd } from '../../../plugins/sgd/sgd.js';
import teacherStudentPlugin from '../../../plugins/teacher-student/index.js';
import { batchGradient } from '../../../plugins/training/batch-gradient.js';
import { batchLoss } from '../../../plugins/training/batch-loss.js';
import { epochMeanGradientNorm } from '../../../plugins/training/epoch-mean-gradient-norm.js';
import { epochMeanLoss } from '../../../plugins/training/epoch-mean-loss.js';
import { fullLoss } from '../../../plugins/training/full-loss.js';
import { gradientNorm } from '../../../plugins/training/gradient-norm.js';
import { testLoss } from '../../../plugins/training/test-loss.js';
import { alteredReference, watch as watchRun } from '../watch.js';

/** An observer with a single channel. */
function watch(component: Component<'observer'>, stage: ConformanceOptions['stage'] = {}, place: 0 | 1 = 0) {
  const { run, ...watched } = watchRun(component, {}, stage, place);
  const [[name, channel]] = Object.entries(watched.observer.channels);
  return {
    ...watched,
    run,
    channel,
    /** For comparison. */
    pass: run.model.open(24),
    observe: () => watched.observe()[name],
    /** The first number of each frame by step. */
    frames: (steps: readonly number[]) =>
      new Map([...watched.frames(steps)].map(([step, frame]) => [step, frame[name][0]])),
  };
}

type Watched = Pick<ReturnType<typeof watch>, 'run'> & { readonly pass: ModelPass };

/** Half the mean squared error over samples, from the definition. */
function plainLoss({ run: { model, theta }, pass }: Watched, samples: readonly number[]): number {
  const batch = Int32Array.from(samples);
  const out = new Float64Array(batch.length * model.outputs);
  const target = new Float64Array(batch.length * model.outputs);
  // The reference model is made of plain loops and takes vectors from anywhere.
  pass.forward(theta, batch, batch.length, out);
  pass.targets(batch, batch.length, target);
  return out.reduce((sum, y, k) => sum + (y - target[k]) ** 2, 0) / 2 / batch.length;
}

/** Gradient of that by finite differences, weight by weight. */
function plainGradient(watched: Watched, samples: readonly number[]): number[] {
  const { theta } = watched.run;
  return [...theta].map((_, i) => {
    const direction = new Float64Array(theta.length);
    direction[i] = 1;
    return directionalDerivative(() => plainLoss(watched, samples), theta, direction, 1e-3);
  });
}

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);
/** The reference noise takes four samples after the other out of 24. */
const batchAt = (step: number) => range(0, 4).map((i) => (4 * step + i) % 24);
const everything = range(0, 24);
const lengthOf = (values: readonly number[]) => Math.sqrt(values.reduce((sum, x) => sum + x * x, 0));

describe.each([0, 5, 8])('at step %i', (step) => {
  const at = (component: Component<'observer'>) => {
    const watched = watch(component);
    watched.simulation.advance(step);
    return watched;
  };

  test('batch-loss is the loss of the batch of the coming step', () => {
    const watched = at(batchLoss);
    expect(watched.observe()[0]).toBeCloseTo(plainLoss(watched, batchAt(step)), 12);
  });

  test('batch-gradient is its gradient', () => {
    const watched = at(batchGradient);
    const measured = watched.observe();
    expect(watched.channel).toMatchObject({ shape: [20], dims: ['weight'] });
    plainGradient(watched, batchAt(step)).forEach((derivative, i) => {
      expect(measured[i]).toBeCloseTo(derivative, 8);
    });
  });

  test('full-loss is the loss of all samples', () => {
    const watched = at(fullLoss);
    expect(watched.observe()[0]).toBeCloseTo(plainLoss(watched, everything), 12);
  });

  test('gradient-norm is the norm of its gradient', () => {
    const watched = at(gradientNorm);
    expect(watched.observe()[0]).toBeCloseTo(lengthOf(plainGradient(watched, everything)), 8);
  });

  test('test-loss is the loss of the held-out inputs, with the factor 1/2', () => {
    const { run, observe } = at(testLoss);
    const { heldOut, outputs } = run.model;
    if (!heldOut) throw new Error('no held-out inputs');
    const out = new Float64Array(heldOut.samples * outputs);
    const target = new Float64Array(heldOut.samples * outputs);
    heldOut.forward(run.theta, out);
    heldOut.targets(target);
    const sum = out.reduce((total, y, k) => total + (y - target[k]) ** 2, 0);
    expect(observe()[0]).toBeCloseTo(sum / 2 / heldOut.samples, 12);
  });
});

const plainSgd = (learningRate: unknown, batchSize = 4): ConformanceOptions['stage'] => ({
  optimiser: { component: sgd, params: { learningRate } },
  noise: { component: minibatch, params: { batchSize, order: 'cyclic' } },
});

describe('epoch-mean-gradient-norm', () => {
  /** Norm of the mean of the batch gradients of the steps from .. to - 1, weighted by their learning rates. */
  function alongPath(stage: ConformanceOptions['stage'], from: number, to: number): number {
    const { simulation, run } = watch(batchLoss, stage, 1);
    const mean = new Float64Array(run.theta.length);
    let time = 0;
    for (let step = from; step < to; step++) {
      simulation.advance(step);
      const gradient = run.batch().gradient.slice();
      simulation.advance(step + 1);
      const size = run.clock.stepSize;
      time += size;
      gradient.forEach((g, i) => {
        mean[i] += g * size;
      });
    }
    return lengthOf([...mean].map((x) => x / time));
  }

  test.each([
    ['a constant learning rate', 1 / 256],
    ['a learning rate that falls', { ramp: [1 / 64, 1 / 512], over: 20 }],
  ])('is the mean of the batch gradients along the epoch: %s', (_what, learningRate) => {
    const stage = plainSgd(learningRate);
    const measured = watch(epochMeanGradientNorm, stage).frames([6, 12, 24]);
    expect([...measured.keys()]).toEqual([6, 12, 24]);
    for (const [step, norm] of measured) {
      const expected = alongPath(stage, step - 6, step);
      expect(Math.abs(norm - expected)).toBeLessThan(1e-11 * expected);
    }
  });

  test('epochs may overlap', () => {
    const stage = plainSgd(1 / 256);
    const together = watch(epochMeanGradientNorm, stage).frames(range(0, 20));
    expect([...together.keys()]).toEqual(range(6, 20));
    for (const [step, norm] of together) {
      expect(watch(epochMeanGradientNorm, stage, 1).frames([step]).get(step)).toBe(norm);
    }
  });

  test('refuses more than eight frames in one epoch', () => {
    const watched = watch(epochMeanGradientNorm, plainSgd(1 / 256, 1));
    expect(watched.observer.preparedAt?.(100)).toEqual([76]);
    expect(() => watched.frames(range(24, 40))).toThrow('at most 8 times in one epoch (24 steps)');
  });

  test('an epoch is rounded to whole steps', () => {
    expect(watch(epochMeanGradientNorm, plainSgd(1 / 256, 5)).observer.preparedAt?.(100)).toEqual([95]);
    expect(watch(epochMeanGradientNorm, plainSgd(1 / 256, 100)).observer.preparedAt?.(100)).toEqual([99]);
  });

  test('is far smaller than the gradient norm where the gradients of an epoch cancel', () => {
    const stage = {
      model: { component: teacherStudentPlugin.components[0], params: { samples: 400, initialWidth: 0.125 } },
      ...plainSgd(1 / 8),
    };
    const end = 100 * 100;
    const net = watch(epochMeanGradientNorm, stage).frames([end]).get(end);
    const { simulation, observe } = watch(gradientNorm, stage, 1);
    simulation.advance(end);
    expect(net).toBeGreaterThan(0);
    expect(net).toBeLessThan(observe()[0] / 10);
  });
});

describe('epoch-mean-loss', () => {
  /** Mean loss of the batches of the steps from .. to - 1, each at the weights before its step. */
  function alongPath(stage: ConformanceOptions['stage'], from: number, to: number): number {
    const { simulation, run } = watch(batchLoss, stage, 1);
    let sum = 0;
    for (let step = from; step < to; step++) {
      simulation.advance(step);
      sum += run.batch().loss;
    }
    return sum / (to - from);
  }

  test('is the mean of the batch losses along the epoch', () => {
    const stage = plainSgd(1 / 64);
    const measured = watch(epochMeanLoss, stage).frames([0, 6, 12, 15, 24]);
    expect([...measured.keys()]).toEqual([6, 12, 15, 24]);
    for (const [step, loss] of measured) {
      const expected = alongPath(stage, step - 6, step);
      expect(Math.abs(loss - expected)).toBeLessThan(1e-12 * expected);
    }
  });

  test('differs from the loss at the weights at its end', () => {
    const stage = plainSgd(1 / 64);
    const { simulation, observe } = watch(fullLoss, stage, 1);
    simulation.advance(6);
    const mean = watch(epochMeanLoss, stage).frames([6]).get(6) as number;
    expect(Math.abs(mean / observe()[0] - 1)).toBeGreaterThan(0.01);
  });
});

describe('one-pass data', () => {
  const endless = alteredReference(() => ({ samples: Number.POSITIVE_INFINITY }));
  test.each([
    [fullLoss, 'full-loss needs the whole data set'],
    [gradientNorm, 'gradient-norm needs the whole data set'],
    [epochMeanGradientNorm, 'one-pass data have no epochs'],
    [epochMeanLoss, 'one-pass data have no epochs'],
  ] as [Component<'observer'>, string][])('%# is refused before the first step', (component, message) => {
    expect(() => watch(component, { model: { component: endless } })).toThrow(message);
  });
});

test('test-loss says when there are no held-out inputs', () => {
  const bare = alteredReference(() => ({ heldOut: undefined }));
  expect(() => watch(testLoss, { model: { component: bare } })).toThrow('test-loss needs held-out inputs');
});
