// The quadratic model and Gaussian noise on its gradient against closed forms: decay mode by mode, stationary
// variances, and the form that is read off a model by products with vectors.
import { describe, expect, test } from 'vitest';
import { openWorkspace } from '../../../core/kernels/arena.js';
import { createStream } from '../../../core/random/stream.js';
import type { Scenario } from '../../../core/scenario/scenario.js';
import { findQuadraticForm } from '../../../core/theory/curvature/quadratic-form.js';
import { network } from '../../../plugins/network/model.js';
import { halfMeanSquare } from '../../../plugins/sgd/half-mean-square.js';
import { gaussianGradient } from '../../../plugins/solvable/gaussian-gradient.js';
import { quadratic } from '../../../plugins/solvable/quadratic.js';
import { runInThread } from '../../validate/in-thread.js';
import { create } from '../workbench.js';

const scenario = {
  title: 'test: quadratic',
  plugins: ['solvable', 'sgd', 'spectrum', 'training'],
  seed: 1,
  steps: 10,
  model: { use: 'quadratic', eigenvalues: [3, 1, 0.25], minimum: [1, -1, 2], initial: [2, 0, 0] },
  loss: { use: 'half-mean-square' },
  noise: { use: 'full-batch' },
  optimiser: { use: 'sgd', learningRate: 0.125 },
  observers: { weights: { use: 'weights', block: 'W', when: 'end' }, loss: { use: 'full-loss', when: { at: [0] } } },
} as const;
const variance = (values: readonly number[]) => {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  return values.reduce((a, b) => a + (b - mean) ** 2, 0) / (values.length - 1);
};

describe('quadratic', () => {
  test('descent shrinks every mode by 1 - learning rate x curvature', async () => {
    const [{ weights, loss }] = await runInThread(scenario, (ended) => ({
      weights: ended.last('weights.weights'),
      loss: ended.last('loss.loss'),
    }));
    const left = (h: number) => (1 - 0.125 * h) ** 10;
    const expected = [1 + left(3), -1 + left(1), 2 - 2 * left(0.25)];
    for (const [i, value] of expected.entries()) expect(weights[i]).toBeCloseTo(value, 12);
    expect(loss[0]).toBeCloseTo((3 * 1 + 1 * 1 + 0.25 * 4) / 2, 12);
  });

  test('copies and another basis are the same system', async () => {
    const lossOf = async (model: object, steps: number) =>
      (
        await runInThread(
          {
            ...scenario,
            steps,
            model: { ...scenario.model, ...model },
            observers: { loss: { use: 'full-loss', when: 'end' } },
          } as Scenario,
          (ended) => ended.last('loss.loss')[0],
        )
      )[0];
    const single = await lossOf({}, 7);
    expect(await lossOf({ basis: 'random' }, 7)).toBeCloseTo(single, 12);
    expect((await lossOf({ copies: 4 }, 7)) / 4).toBeCloseTo(single, 12);
    expect((await lossOf({ copies: 4, basis: 'random' }, 7)) / 4).toBeCloseTo(single, 12);
  });

  test('a power law of curvatures', () => {
    const {
      component: model,
      arena,
      kernels,
    } = create(quadratic, { modes: 3, largest: 2, decay: 0.5, basis: 'random' });
    const loss = create(halfMeanSquare).component;
    const form = findQuadraticForm(model, loss, { arena, kernels }, 'this test');
    for (let i = 0; i < 3; i++) expect(form.eigenvalues[i]).toBeCloseTo(2 / Math.sqrt(i + 1), 12);
  });

  test('neither one number nor one for each mode is refused', () => {
    expect(() => create(quadratic, { modes: 3, minimum: [1, 2] })).toThrow(/model\.minimum.*2 numbers for 3 modes/s);
  });
});

describe('gaussian-gradient', () => {
  // Variance of x <- (1 - eta h) x - eta noise: eta^2 s/(1 - (1 - eta h)^2).
  const stationary = (h: number, eta: number, noise: number) => (eta * noise) / (h * (2 - eta * h));
  const copies = 20_000;
  const spread = (covariance: string) =>
    runInThread(
      {
        ...scenario,
        steps: 200,
        model: { use: 'quadratic', eigenvalues: [2, 0.5], minimum: 1, initial: 1, copies },
        noise: { use: 'gaussian-gradient', covariance, variance: 2, batchSize: 4 },
        optimiser: { use: 'sgd', learningRate: 0.7 },
        observers: { weights: scenario.observers.weights },
      },
      (ended) => {
        const all = ended.last('weights.weights');
        return [0, 1].map((mode) => variance(all.filter((_, k) => k % 2 === mode)));
      },
    );
  // The relative error of a variance over n copies is sqrt(2/n).
  const tolerance = 4 * Math.sqrt(2 / copies);

  test('identity: the variance of an autoregressive process', async () => {
    const [[stiff, soft]] = await spread('identity');
    expect(Math.abs(stiff / stationary(2, 0.7, 0.5) - 1)).toBeLessThan(tolerance);
    expect(Math.abs(soft / stationary(0.5, 0.7, 0.5) - 1)).toBeLessThan(tolerance);
    expect(stationary(2, 0.7, 1)).toBeCloseTo(0.583333, 6);
  });

  test('hessian: noise grows with the curvature', async () => {
    const [[stiff, soft]] = await spread('hessian');
    expect(Math.abs(stiff / stationary(2, 0.7, 1) - 1)).toBeLessThan(tolerance);
    expect(Math.abs(soft / stationary(0.5, 0.7, 0.25) - 1)).toBeLessThan(tolerance);
  });

  test('the covariance of the noise is the Hessian in any basis', () => {
    const workspace = openWorkspace(2 ** 26);
    const { component: model } = create(
      quadratic,
      { eigenvalues: [3, 1, 0.25], basis: 'random', copies: 20_000 },
      { workspace },
    );
    const loss = create(halfMeanSquare, {}, { workspace }).component;
    const noise = create(gaussianGradient, { variance: 0.5 }, { workspace, model, loss }).component;
    const form = findQuadraticForm(model, loss, workspace, 'this test');
    const gradient = workspace.arena.vector(model.size);
    const along = workspace.arena.vector(model.size);
    noise.perturb?.(gradient, gradient, { step: 5, epoch: 0, time: 0, stepSize: 1 } as never);
    form.project(gradient, along);
    for (const [i, h] of [3, 1, 0.25].entries()) {
      const mine = [...along].filter((_, k) => k % 3 === i);
      expect(Math.abs(variance(mine) / (0.5 * h) - 1)).toBeLessThan(4 * Math.sqrt(2 / 20_000));
      const next = [...along].filter((_, k) => k % 3 === (i + 1) % 3);
      const product = mine.reduce((sum, value, k) => sum + value * next[k], 0) / mine.length;
      const size = 0.5 * Math.sqrt(h * [3, 1, 0.25][(i + 1) % 3]);
      expect(Math.abs(product / size)).toBeLessThan(4 / Math.sqrt(20_000));
    }
  });
});

describe('findQuadraticForm', () => {
  const build = (params: Readonly<Record<string, unknown>>) => {
    const workspace = openWorkspace(2 ** 24);
    const { component: model } = create(network, params, { workspace });
    const loss = create(halfMeanSquare, {}, { workspace }).component;
    return { workspace, model, form: () => findQuadraticForm(model, loss, workspace, 'this test') };
  };

  test('rows of a linear map are copies; with biases they are not', () => {
    const linear = { data: 'clusters', samples: 60, classes: 3, inputs: 4, hidden: [] };
    const plain = build({ ...linear, bias: false }).form();
    expect([plain.modes, plain.copies]).toEqual([4, 3]);
    const biased = build(linear).form();
    expect([biased.modes, biased.copies]).toEqual([15, 1]);
  });

  test('its minimum is that of the loss, and its energy the loss above it', () => {
    const { workspace, model, form } = build({
      data: 'clusters',
      samples: 60,
      classes: 3,
      inputs: 4,
      hidden: [],
      bias: false,
    });
    const found = form();
    const loss = create(halfMeanSquare, {}, { workspace }).component.open(60, 3);
    const pass = model.open(60);
    const { arena, kernels } = workspace;
    const [batch, weights] = [arena.indices(60), arena.vector(60).fill(1 / 60)];
    for (let i = 0; i < 60; i++) batch[i] = i;
    const [out, target, dOut, value] = [180, 180, 180, 1].map((n) => arena.vector(n));
    const [theta, gradient, along] = [12, 12, 12].map((n) => arena.vector(n));
    const at = () => {
      pass.forward(theta, batch, 60, out);
      pass.targets(batch, 60, target);
      loss.valueAndGradient(out, target, weights, 60, dOut, value);
      pass.backward(theta, batch, 60, dOut, gradient);
      return value[0];
    };
    theta.set(found.minimum);
    const least = at();
    for (const component of gradient) expect(Math.abs(component)).toBeLessThan(1e-12);
    createStream(kernels, 3, ['theta']).normals(0, theta);
    const loosely = at();
    found.coordinates(theta, along);
    const energy = along.reduce((sum, q, k) => sum + (found.eigenvalues[k % 4] * q * q) / 2, 0);
    expect(loosely - least).toBeCloseTo(energy, 10);
  });

  test('a loss that is not quadratic is refused with a remedy', () => {
    const params = { data: 'clusters', samples: 60, classes: 3, inputs: 4, hidden: [5] };
    expect(() => build(params).form()).toThrow(/this test needs a loss that is a quadratic form.*linear/s);
    expect(() => build({ ...params, activation: 'identity' }).form()).toThrow(/quadratic form/);
  });
});
