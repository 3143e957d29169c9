// The model against a second implementation, in the variables of the paper and without the normalisation.
import { describe, expect, test } from 'vitest';
import type { NamedArrays, NumberArray } from '../../../core/contracts/arrays.js';
import { type ScalingParameters, scalingOf } from '../../../plugins/two-layer-relu/scaling.js';
import { readTask } from '../../../plugins/two-layer-relu/task.js';
import { twoLayerNetwork } from '../../../plugins/two-layer-relu/two-layer-network.js';
import { create } from '../workbench.js';
import { framesOf, lastOf, runAll } from './runs.js';
import { THREE_POINTS } from './theory/slopes.js';

const { x, y } = THREE_POINTS;
const STEPS = 60;
const RATE = 0.5;

const weights = { a: { use: 'weights', block: 'a' }, W: { use: 'weights', block: 'W' } } as const;

/** Descent of (1/alpha) sum a relu(w x) with one rate for all weights, in plain JavaScript. */
function descend(alpha: number, a: number[], w: number[][], rate: number, steps: number) {
  const output = (point: readonly number[]) =>
    a.reduce((sum, each, k) => sum + each * Math.max(0, w[k][0] * point[0] + w[k][1] * point[1]), 0) / alpha;
  for (let step = 0; step < steps; step++) {
    const residues = x.map((point, n) => (output(point) - y[n]) / x.length);
    const next = a.map((each, k) => {
      let [da, dw, db] = [0, 0, 0];
      x.forEach(([u, one], n) => {
        const z = w[k][0] * u + w[k][1] * one;
        if (z <= 0) return;
        da += (residues[n] * z) / alpha;
        dw += (residues[n] * each * u) / alpha;
        db += (residues[n] * each * one) / alpha;
      });
      return [each - rate * da, w[k][0] - rate * dw, w[k][1] - rate * db];
    });
    next.forEach(([one, u, b], k) => {
      a[k] = one;
      w[k] = [u, b];
    });
  }
  return { outputs: x.map(output), a, w };
}

test.each([
  { alpha: 3, beta1: 0.5, beta2: 2 },
  { alpha: 40, beta1: 1.5, beta2: 0.75 },
])(
  'descent in the normalised variables is descent with alpha = $alpha, beta1 = $beta1, beta2 = $beta2',
  async (scales) => {
    const { alpha, beta1, beta2 } = scales;
    const width = 12;
    const [ran] = await runAll({
      steps: STEPS,
      model: { use: 'two-layer-network', width, scaling: 'constants', ...scales },
      optimiser: { use: 'sgd', learningRate: RATE },
      observers: { a: { ...weights.a, when: { at: [0, 'end'] } }, W: { ...weights.W, when: { at: [0, 'end'] } } },
    });
    const [[a0, a1], [w0, w1]] = ['a.weights', 'W.weights'].map((channel) => framesOf(ran, channel));
    const pairs = (flat: readonly number[]) => Array.from({ length: width }, (_, k) => [flat[2 * k], flat[2 * k + 1]]);
    // The unit of time, by the formula of the docstring.
    const lengths = x.map(([u, one]) => u * u + one * one);
    const [kappa, ratio] = [(beta1 * beta2) / alpha, beta1 / beta2];
    const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    const unit =
      kappa ** 2 * width * (ratio + 1 / ratio) * 0.5 * mean(lengths) +
      kappa * mean(lengths.map((square, n) => Math.abs(y[n]) * Math.sqrt(square)));
    const second = descend(
      alpha,
      a0.map((each) => beta1 * each),
      pairs(w0).map((each) => each.map((entry) => beta2 * entry)),
      (RATE * beta1 * beta2) / unit,
      STEPS,
    );
    const close = (found: readonly number[], expected: readonly number[]) => {
      for (const [i, each] of found.entries()) expect(each).toBeCloseTo(expected[i], 10);
    };
    close(
      a1.map((each) => beta1 * each),
      second.a,
    );
    close(
      w1.map((each) => beta2 * each),
      second.w.flat(),
    );
    // And it has learned something.
    expect(Math.abs(second.outputs[2] - y[2])).toBeLessThan(0.5);
  },
);

describe('first weights', () => {
  test('have unit variance whatever the exponents', async () => {
    const [ran] = await runAll({
      steps: 1,
      model: { use: 'two-layer-network', width: 20_000, gamma: 1.5, gammaPrime: 0.5 },
      observers: { a: { ...weights.a, when: { at: [0] } }, W: { ...weights.W, when: { at: [0] } } },
    });
    for (const channel of ['a.weights', 'W.weights']) {
      const [frame] = framesOf(ran, channel);
      const square = frame.reduce((sum, each) => sum + each * each, 0) / frame.length;
      // Five standard errors.
      expect(Math.abs(square - 1)).toBeLessThan(5 * Math.sqrt(2 / frame.length));
    }
  });

  test('make an antisymmetric network 0', () => {
    const { component: model, arena } = create(twoLayerNetwork, { width: 10, antisymmetric: true });
    const theta = arena.vector(model.size);
    model.initialise(theta);
    const out = arena.vector(3);
    const batch = arena.indices(3);
    batch.set([0, 1, 2]);
    model.open(3).forward(theta, batch, 3, out);
    for (const each of out) expect(Math.abs(each)).toBeLessThan(1e-14);
    expect(theta[20]).toBe(-theta[25]);
  });

  test('of another width are other draws', () => {
    const [first, second] = [4, 8].map((width) => {
      const { component: model, arena } = create(twoLayerNetwork, { width });
      const theta = arena.vector(model.size);
      model.initialise(theta);
      return theta[0];
    });
    expect(first).not.toBe(second);
  });
});

describe('the unit of time', () => {
  // With steps of c over the trace of the kernel alone the first would be m^(gamma - 1) times too long.
  test.each([
    [0.5, 0],
    [1, -0.5],
    [1.5, 0],
    [1.5, 0.5],
    [1.75, 0],
  ])('makes a rate of 1/2 a small step at gamma = %d, gammaPrime = %d', async (gamma, gammaPrime) => {
    const scenario = {
      time: 60,
      model: { use: 'two-layer-network', width: 1000, gamma, gammaPrime, antisymmetric: true },
      observers: { movement: { use: 'relative-distance', block: 'W', when: 'end' } },
    } as const;
    const [coarse] = await runAll({ ...scenario, optimiser: { use: 'sgd', learningRate: 0.5 } });
    const [fine] = await runAll({
      ...scenario,
      optimiser: { use: 'gradient-flow', learningRate: 0.25, stepCheck: false },
    });
    const ratio = lastOf(coarse, 'movement.distance') / lastOf(fine, 'movement.distance');
    expect(Math.abs(ratio - 1)).toBeLessThan(0.02);
  });
});

describe('scalings', () => {
  const params = (scaling: ScalingParameters['scaling'], others: Partial<ScalingParameters> = {}) => ({
    ...{ gamma: 0.5, gammaPrime: 0, alpha: 1, beta1: 1, beta2: 1 },
    scaling,
    ...others,
  });

  // The landmarks of the phase diagram: exponents of the usual initialisations as the width grows.
  test.each([
    ['ntk', 0.5, 0],
    ['mean-field', 1, 0],
    ['lecun', 0.5, 0.5],
    ['he', 0.5, 0.5],
    ['xavier', 1, 0],
  ] as const)('%s is at gamma = %d, gammaPrime = %d', (scaling, gamma, gammaPrime) => {
    const [narrow, wide] = [1e6, 1e8].map((width) => scalingOf(params(scaling), width, 2));
    const exponent = (few: number, many: number) => -Math.log(many / few) / Math.log(100);
    expect(exponent(narrow.output, wide.output)).toBeCloseTo(gamma, 5);
    expect(exponent(narrow.ratio, wide.ratio)).toBeCloseTo(gammaPrime, 5);
  });

  test('refuse what has no effect, and what is no number', () => {
    expect(() => scalingOf(params('ntk', { gamma: 1 }), 10, 2)).toThrow(
      'model.gamma: has no effect: the scaling is "ntk", and "exponents" has one. Leave it out',
    );
    expect(() => scalingOf(params('exponents', { alpha: 2 }), 10, 2)).toThrow('model.alpha: has no effect');
    expect(() => scalingOf(params('exponents', { gamma: 200 }), 10, 2)).toThrow('take smaller exponents');
  });

  test('refuse an antisymmetric start of an odd width', () => {
    expect(() => create(twoLayerNetwork, { width: 7, antisymmetric: true })).toThrow(
      'model.width: is 7, but an antisymmetric start pairs units; make it even, or antisymmetric false',
    );
  });
});

describe('data of a file', () => {
  const file = (arrays: Record<string, NumberArray>): NamedArrays => ({
    source: 'data.npz',
    digest: '',
    names: Object.keys(arrays),
    has: (name) => Object.hasOwn(arrays, name),
    get: (name) => arrays[name],
  });
  const array = (shape: readonly number[], ...data: number[]): NumberArray => ({
    shape,
    data: Float64Array.from(data),
  });

  test('get a constant input, and a vector is one input', () => {
    const task = readTask(file({ x: array([2], 3, 4), y: array([2], 5, 6) }));
    expect(task).toEqual({
      samples: 2,
      inputs: 2,
      x: Float64Array.of(3, 1, 4, 1),
      y: Float64Array.of(5, 6),
    });
    expect(readTask(file({ x: array([1, 2], 3, 4), y: array([1, 1], 5) })).x).toEqual(Float64Array.of(3, 4, 1));
  });

  test.each([
    [{ y: array([1], 1) }, 'model.data: data.npz: array x is missing'],
    [{ x: array([1], 1) }, 'array y is missing. It holds the targets'],
    [{ x: array([1, 1, 1], 1), y: array([1], 1) }, 'array x has shape (1, 1, 1)'],
    [{ x: array([2], 1, 2), y: array([3], 1, 2, 3) }, 'array y has shape (3,); expected (2,)'],
    [{ x: array([1, 2], 1, 2), y: array([1, 2], 1, 2) }, 'array y has shape (1, 2); expected (1,)'],
    [{ x: array([1], Number.NaN), y: array([1], 1) }, 'array x holds NaN at flat index 0'],
  ])('are refused where they do not fit: %#', (arrays, message) => {
    expect(() => readTask(file(arrays))).toThrow(message);
  });
});
