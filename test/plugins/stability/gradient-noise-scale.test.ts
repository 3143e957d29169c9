// The noise scale against gradients of single samples by finite differences, and its error against a jackknife that leaves
// samples out and begins anew.
import { expect, test } from 'vitest';
import { crossEntropy } from '../../../plugins/network/losses/cross-entropy.js';
import { gradientNoiseScale } from '../../../plugins/stability/gradient-noise-scale.js';
import { linearClasses, outputsOf } from '../linear-classes.js';
import { alteredReference, watch } from '../watch.js';

const x = [
  [0.3, -1],
  [1.2, 0.4],
  [-0.7, 0.9],
  [0.1, 0.2],
  [-1.5, -0.3],
];
const labels = [0, 2, 1, 2, 0];
const y = labels.map((label) => [0, 1, 2].map((k) => Number(k === label)));
const initial = [0.5, -0.2, 0.1, 0.3, -0.4, 0.7, 0.05, -0.1, 0.2];

const lossOf = (theta: readonly number[], s: number) => {
  const out = outputsOf(theta, x[s], 3);
  return Math.log(out.reduce((sum, o) => sum + Math.exp(o), 0)) - out[labels[s]];
};

/** By central differences with an error of order h^4. */
const gradients = x.map((_, s) =>
  initial.map((_, i) => {
    const h = 1e-3;
    const at = (shift: number) =>
      lossOf(
        initial.map((w, j) => (j === i ? w + shift : w)),
        s,
      );
    return (8 * (at(h) - at(-h)) - (at(2 * h) - at(-2 * h))) / (12 * h);
  }),
);

const square = (g: readonly number[]) => g.reduce((sum, v) => sum + v * v, 0);

function scaleOf(some: readonly (readonly number[])[]) {
  const mean = some[0].map((_, i) => some.reduce((sum, g) => sum + g[i], 0) / some.length);
  const trace = some.reduce((sum, g) => sum + square(g.map((v, i) => v - mean[i])), 0) / some.length;
  return { trace, gradientSquare: square(mean), scale: trace / square(mean) };
}

const stage = { model: linearClasses({ train: { x, y }, initial }), loss: { component: crossEntropy } };

test('it is the trace of the covariance over the square of the mean, with the error of a plain jackknife', () => {
  const frame = watch(gradientNoiseScale, {}, stage).observe();
  const expected = scaleOf(gradients);
  expect(frame.noiseScale[0]).toBeCloseTo(expected.scale, 8);
  expect(frame.traceCovariance[0]).toBeCloseTo(expected.trace, 9);
  expect(frame.gradientSquare[0]).toBeCloseTo(expected.gradientSquare, 9);
  const others = gradients.map((_, i) => scaleOf(gradients.filter((_, j) => j !== i)).scale);
  const mean = others.reduce((a, b) => a + b) / others.length;
  const scatter = others.reduce((sum, v) => sum + (v - mean) ** 2, 0);
  expect(frame.noiseScaleError[0] / Math.sqrt((4 / 5) * scatter)).toBeCloseTo(1, 7);
});

test('samples that are all the same have no noise', () => {
  const same = { x: Array.from({ length: 4 }, () => x[0]), y: Array.from({ length: 4 }, () => y[0]) };
  const frame = watch(gradientNoiseScale, {}, { ...stage, model: linearClasses({ train: same, initial }) }).observe();
  expect(frame.noiseScale[0]).toBeCloseTo(0, 14);
  expect(frame.noiseScaleError[0]).toBeCloseTo(0, 12);
});

test('a model without sample gradients, and one-pass data, are refused', () => {
  const without = alteredReference((model) => ({
    open: (capacity) => ({ ...model.open(capacity), sampleGradients: undefined }),
  }));
  expect(() => watch(gradientNoiseScale, {}, { model: { component: without } })).toThrow(
    /needs gradients sample by sample, which this model does not give/,
  );
});
