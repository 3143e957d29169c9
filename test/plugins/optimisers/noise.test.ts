// The noise models against closed forms: variances in a well, probabilities of samples, covariances of the gradient.
import { describe, expect, test } from 'vitest';
import { Clock } from '../../../core/contracts/clock.js';
import type { Component } from '../../../core/contracts/component.js';
import type { Model } from '../../../core/contracts/model.js';
import { openWorkspace } from '../../../core/kernels/arena.js';
import { referenceModel } from '../../../core/testing/reference.js';
import { crossEntropy } from '../../../plugins/network/losses/cross-entropy.js';
import { bernoulli } from '../../../plugins/optimisers/bernoulli.js';
import { implicit } from '../../../plugins/optimisers/implicit.js';
import { labelNoise } from '../../../plugins/optimisers/label-noise.js';
import { nagGs } from '../../../plugins/optimisers/nag-gs.js';
import { sgld } from '../../../plugins/optimisers/sgld.js';
import { halfMeanSquare } from '../../../plugins/sgd/half-mean-square.js';
import { momentum } from '../../../plugins/sgd/momentum.js';
import { sgd } from '../../../plugins/sgd/sgd.js';
import { build } from '../network/build.js';
import { create } from '../workbench.js';
import { oneBlock } from './walk.js';

/** Copies of one weight in a well: their variance has a relative standard error of sqrt(2/COPIES) = 1 %. */
const COPIES = 20_000;

/** Variance of many weights with white noise, in wells of curvature h, after so many steps from 0. */
function varianceIn(
  component: Component<'optimiser'>,
  params: Readonly<Record<string, unknown>>,
  temperature: number,
  h: number,
  steps: number,
): number {
  const workspace = openWorkspace(2 ** 25);
  const model = oneBlock(COPIES);
  const noise = create(sgld, { temperature }, { model, workspace }).component;
  const optimiser = create(component, params, { model, workspace }).component;
  const [theta, gradient] = [workspace.arena.vector(COPIES), workspace.arena.vector(COPIES)];
  const value = workspace.arena.vector(1);
  const state = optimiser.state.map(() => workspace.arena.vector(COPIES));
  const clock = new Clock();
  const evaluate = (at: typeof theta) => {
    for (let i = 0; i < COPIES; i++) gradient[i] = h * at[i];
    noise.perturb?.(gradient, at, clock);
  };
  for (let k = 0; k < steps; k++) {
    for (const number of optimiser.stepNumbers ?? []) number.follow(clock);
    clock.stepSize = optimiser.stepSize(clock);
    optimiser.step(theta, { gradient, value, evaluate }, state, clock);
    clock.step += 1;
  }
  return theta.reduce((sum, x) => sum + x * x, 0) / COPIES;
}

describe('sgld', () => {
  const within = (found: number, expected: number) => expect(Math.abs(found / expected - 1)).toBeLessThan(0.04);

  test('variance temperature/(h (1 - x/2)) with sgd, x = learning rate times h', () => {
    for (const x of [0.1, 1]) within(varianceIn(sgd, { learningRate: x / 2 }, 0.3, 2, 120), 0.3 / (2 * (1 - x / 2)));
  });
  test('temperature/(1 - momentum) with momentum', () => {
    // Its stationary variance in the unit of sgd: 2 T/(rate h) (1 + b)/((1 - b)(2 (1 + b) - x)) rate/2.
    const [x, b] = [0.1, 0.5];
    const expected = (2 * 0.3 * (1 + b)) / (2 * (1 - b) * (2 * (1 + b) - x));
    within(varianceIn(momentum, { learningRate: x / 2, momentum: b }, 0.3, 2, 200), expected);
    within(expected, 0.3 / (2 * (1 - b)));
  });
  test('implicit: rate s^2/(h (2 + rate h)), where explicit steps diverge', () => {
    // Unit noise of the gradient is temperature rate/2.
    for (const [rate, expected] of [
      [0.7, 0.102941],
      [1.5, 0.15],
    ]) {
      within(varianceIn(implicit, { learningRate: rate, tolerance: 1e-6 }, rate / 2, 2, 20), expected);
    }
  });
  test('nag-gs: the stationary variances of the stochastic equation', () => {
    const alpha = 2.732051;
    for (const [rate, h, expected] of [
      [alpha, 1, 0.140883],
      [alpha, 3, 0.140883],
      [alpha / 2, 1, 0.173008],
      [alpha / 2, 3, 0.085995],
    ]) {
      within(varianceIn(nagGs, { learningRate: rate, convexity: 1, mass: 1 }, 0.5, h, 100), expected);
    }
  });
  test('is the same at every evaluation of a step, and another in the next step', () => {
    const { component, arena } = create(sgld, { temperature: 0.5 }, { model: oneBlock(5) });
    const clock = new Clock();
    clock.stepSize = 0.1;
    const at = (step: number) => {
      clock.step = step;
      const gradient = arena.vector(5);
      component.perturb?.(gradient, gradient, clock);
      return [...gradient];
    };
    expect(at(3)).toEqual(at(3));
    expect(at(3)).not.toEqual(at(4));
  });
  test('takes all samples unless it is told how many', () => {
    const model = { ...oneBlock(5), samples: 7 } as Model;
    const sizes = [{}, { batchSize: 3 }].map((params) => {
      const { component, arena } = create(sgld, { temperature: 1, ...params }, { model });
      return [component.draw(arena.indices(7), arena.vector(7), new Clock()), component.samplesPerStep];
    });
    expect(sizes).toEqual([
      [7, 7],
      [3, 3],
    ]);
    const endless = () => create(sgld, { temperature: 1 }, { model: { ...model, samples: Infinity } });
    expect(endless).toThrow(/one-pass data have no end/);
  });
});

describe('bernoulli', () => {
  test('every sample takes part with the given probability, independently of the others', () => {
    const [samples, fraction, steps] = [6, 0.3, 20_000];
    const { component, arena } = create(bernoulli, { fraction }, { model: { ...oneBlock(1), samples } as Model });
    const [batch, weights] = [arena.indices(samples), arena.vector(samples)];
    const clock = new Clock();
    const single = new Float64Array(samples);
    const pairs = new Float64Array(samples * samples);
    let none = 0;
    for (let step = 0; step < steps; step++) {
      clock.step = step;
      const n = component.draw(batch, weights, clock);
      if (n === 1 && weights[0] === 0) {
        none += 1;
        continue;
      }
      for (let i = 0; i < n; i++) {
        expect(weights[i]).toBe(1 / (fraction * samples));
        single[batch[i]] += 1 / steps;
        for (let j = 0; j < i; j++) pairs[batch[j] * samples + batch[i]] += 1 / steps;
      }
    }
    const error = (p: number) => 4.5 * Math.sqrt((p * (1 - p)) / steps);
    for (const p of single) expect(Math.abs(p - fraction)).toBeLessThan(error(fraction));
    const both = [...pairs].filter((p) => p > 0);
    expect(both).toHaveLength(15);
    for (const p of both) expect(Math.abs(p - fraction ** 2)).toBeLessThan(error(fraction ** 2));
    const empty = (1 - fraction) ** samples;
    expect(Math.abs(none / steps - empty)).toBeLessThan(error(empty));
  });

  test('covariance of the gradient: (1 - f)/(f N) times the second moment', () => {
    const gradients = [1, -2, 0.5, 4];
    const [fraction, steps] = [0.4, 40_000];
    const { component, arena } = create(bernoulli, { fraction }, { model: { ...oneBlock(1), samples: 4 } as Model });
    const [batch, weights] = [arena.indices(4), arena.vector(4)];
    const clock = new Clock();
    let [sum, squares] = [0, 0];
    for (let step = 0; step < steps; step++) {
      clock.step = step;
      const n = component.draw(batch, weights, clock);
      let g = 0;
      for (let i = 0; i < n; i++) g += weights[i] * gradients[batch[i]];
      sum += g / steps;
      squares += (g * g) / steps;
    }
    const mean = gradients.reduce((a, b) => a + b, 0) / 4;
    const second = gradients.reduce((a, b) => a + b * b, 0) / 4;
    expect(Math.abs(sum - mean)).toBeLessThan(0.06);
    expect((squares - sum ** 2) / (((1 - fraction) / (fraction * 4)) * second)).toBeCloseTo(1, 1);
  });

  test('refuses one-pass data', () => {
    const endless = () => create(bernoulli, { fraction: 0.5 }, { model: { ...oneBlock(1), samples: Infinity } });
    expect(endless).toThrow(/one-pass data/);
  });
});

describe('label-noise', () => {
  test('regression: the gradient gains covariance deviation^2/B <J^T J>', () => {
    const workspace = openWorkspace(2 ** 22);
    const model = create(referenceModel, {}, { workspace }).component;
    const loss = create(halfMeanSquare, {}, { workspace }).component;
    const [batchSize, deviation, steps] = [4, 0.5, 4000];
    const params = { batchSize, order: 'cyclic', deviation };
    const { component, arena } = create(labelNoise, params, { workspace, model, loss });
    const [theta, gradient] = [arena.vector(model.size), arena.vector(model.size)];
    model.initialise(theta);
    const clock = new Clock();
    // Data of 24 samples in batches of 4: every sixth step has the same batch.
    let trace = 0;
    const mean = new Float64Array(model.size);
    for (let k = 0; k < steps; k++) {
      clock.step = 6 * k;
      gradient.fill(0);
      component.perturb?.(gradient, theta, clock);
      gradient.forEach((g, i) => {
        mean[i] += g / steps;
        trace += (g * g) / steps;
      });
    }
    const pass = model.open(batchSize);
    const [batch, out, dOut] = [arena.indices(4), arena.vector(8), arena.vector(8)];
    batch.set([0, 1, 2, 3]);
    pass.forward(theta, batch, 4, out);
    let expected = 0;
    for (let k = 0; k < 8; k++) {
      dOut.fill(0);
      dOut[k] = 1 / batchSize;
      pass.backward(theta, batch, 4, dOut, gradient);
      expected += deviation ** 2 * gradient.reduce((sum, g) => sum + g * g, 0);
    }
    expect(Math.abs(trace / expected - 1)).toBeLessThan(0.06);
    expect(mean.reduce((sum, m) => sum + m * m, 0)).toBeLessThan((5 * expected) / steps);
  });

  test('classes: on average the gradient is that of evenly spread labels', () => {
    const built = build({ data: 'digits', hidden: [3], activation: 'tanh' });
    const { model } = built;
    const loss = create(crossEntropy, {}, { workspace: built }).component;
    const batchSize = 5;
    const make = (redrawn: number) =>
      create(labelNoise, { batchSize, order: 'cyclic', redrawn }, { workspace: built, model, loss }).component;
    const theta = built.theta();
    const gradient = built.zeros(model.size);
    const clock = new Clock();
    make(0).perturb?.(gradient, theta, clock);
    expect(gradient.every((g) => g === 0)).toBe(true);
    const noisy = make(1);
    const steps = 3000;
    // All on the batch of step 0: the order begins again after as many steps as there are samples.
    const total = built.zeros(model.size);
    for (let k = 0; k < steps; k++) {
      clock.step = k * model.samples;
      gradient.fill(0);
      noisy.perturb?.(gradient, theta, clock);
      for (let i = 0; i < total.length; i++) total[i] += gradient[i] / steps;
    }
    const pass = model.open(batchSize);
    const [out, target] = [built.zeros(batchSize * 10), built.zeros(batchSize * 10)];
    const batch = built.batch([0, 1, 2, 3, 4]);
    pass.forward(theta, batch, batchSize, out);
    pass.targets(batch, batchSize, target);
    // Softmax does not depend on the label: what is left is right minus wrong label.
    const expected = built.vector(target.map((t) => (t - 0.1) / batchSize));
    pass.backward(theta, batch, batchSize, expected, gradient);
    const size = Math.sqrt(gradient.reduce((sum, g) => sum + g * g, 0));
    const miss = Math.sqrt(gradient.reduce((sum, g, i) => sum + (g - total[i]) ** 2, 0));
    expect(miss / size).toBeLessThan(0.1);
  });

  test('asks for the parameter that the task needs', () => {
    const model = create(referenceModel).component;
    const loss = create(halfMeanSquare).component;
    const make = (params: object) => () =>
      create(labelNoise, { batchSize: 2, order: 'iid', ...params }, { model, loss });
    expect(make({})).toThrow(/noise.deviation: the task is a regression: give deviation/);
    expect(make({ redrawn: 0.1 })).toThrow(/noise.deviation/);
    expect(make({ deviation: 0.1, redrawn: 0.1 })).toThrow(/noise.deviation: .* and not redrawn/);
  });
});
