// The losses against real PyTorch (value, gradient and Hessian of each sample, outputs up to a thousand), and what they do
// at labels, at kinks and where digits run out.
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { readNpz } from '../../../node/files/npz.js';
import { losses } from '../../../plugins/network/losses/index.js';
import { create } from '../workbench.js';

const reference = readNpz(fileURLToPath(new URL('../../reference/optimisers/losses.npz', import.meta.url)));
const table = (name: string) => reference.get(name).data;
const K = 3;

type Name = (typeof losses)[number]['name'];

/** A pass of a loss on a memory of its own. */
function open(name: Name, params: Readonly<Record<string, unknown>> = {}, outputs = K) {
  const definition = losses.find((loss) => loss.name === name);
  if (!definition) throw new Error(`no loss ${name}`);
  const { component, arena } = create(definition, params);
  const pass = component.open(1, outputs);
  const vector = (values: ArrayLike<number>) => {
    const made = arena.vector(values.length);
    made.set(values);
    return made;
  };
  const [dOut, value, one] = [arena.vector(outputs), arena.vector(1), vector([1])];
  return {
    at(out: ArrayLike<number>, target: ArrayLike<number>) {
      pass.valueAndGradient(vector(out), vector(target), one, 1, dOut, value);
      return { value: value[0], gradient: [...dOut] };
    },
    curvature(out: ArrayLike<number>, target: ArrayLike<number>, change: ArrayLike<number>) {
      pass.curvature?.(vector(out), vector(target), one, 1, vector(change), dOut);
      return [...dOut];
    },
  };
}

const CASES: readonly (readonly [string, Name, string, Record<string, number>])[] = [
  ['mean_square_real', 'mean-square', 'targets_real', {}],
  ['huber_real', 'huber', 'targets_real', { delta: table('delta')[0] }],
  ['cross_entropy_classes', 'cross-entropy', 'targets_classes', {}],
  ['cross_entropy_soft', 'cross-entropy', 'targets_soft', {}],
  ['cross_entropy_classes_smoothed', 'cross-entropy', 'targets_classes', { smoothing: table('smoothing')[0] }],
  ['logistic_binary', 'logistic', 'targets_binary', {}],
  ['logistic_soft', 'logistic', 'targets_soft', {}],
  ['hinge_signs', 'hinge', 'targets_signs', {}],
  ['squared_hinge_signs', 'squared-hinge', 'targets_signs', {}],
];

/** Relative above 1, absolute below. */
const expectClose = (found: number, expected: number, what: string) =>
  expect(Math.abs(found - expected) / Math.max(1, Math.abs(expected)), what).toBeLessThan(2e-15);

describe('against PyTorch in double precision', () => {
  test.each(CASES)('%s', (key, name, targets, params) => {
    const loss = open(name, params);
    const [outputs, target, values] = [table('outputs'), table(targets), table(`${key}_value`)];
    const [gradients, hessians] = [table(`${key}_gradient`), table(`${key}_hessian`)];
    const row = (from: ArrayLike<number>, s: number) => Array.from({ length: K }, (_, k) => from[s * K + k]);
    expect(values.length).toBe(8);
    for (let s = 0; s < values.length; s++) {
      const [out, t] = [row(outputs, s), row(target, s)];
      const { value, gradient } = loss.at(out, t);
      expectClose(value, values[s], `value of sample ${s}`);
      gradient.forEach((found, k) => void expectClose(found, gradients[s * K + k], `gradient ${s} ${k}`));
      for (let u = 0; u < K; u++) {
        const unit = Array.from({ length: K }, (_, k) => Number(k === u));
        loss.curvature(out, t, unit).forEach((found, k) => {
          expectClose(found, hessians[(s * K + k) * K + u], `Hessian ${s} ${k} ${u}`);
        });
      }
    }
  });
});

test('outputs of a thousand leave cross-entropy and logistic finite and exact', () => {
  const loss = open('cross-entropy');
  expect(loss.at([1000, -1000, 0], [0, 1, 0])).toEqual({ value: 2000, gradient: [1, -1, 0] });
  expect(loss.at([1000, -1000, 0], [1, 0, 0])).toEqual({ value: 0, gradient: [0, 0, 0] });
  expect(loss.at([1000, 1000, 1000], [1, 0, 0]).value).toBeCloseTo(Math.log(3), 15);
  const single = open('logistic', {}, 1);
  expect(single.at([-1000], [1])).toEqual({ value: 1000, gradient: [-1] });
  expect(single.at([1000], [1]).value).toBe(0);
});

test('what is left over at a well-fitted sample keeps its digits', () => {
  // Two classes 50 apart: loss log(1 + e^-50) = 1.9287498479639178e-22, where 1 - p would be 0.
  const small = 1.9287498479639178e-22;
  const { value, gradient } = open('cross-entropy', {}, 2).at([50, 0], [1, 0]);
  expect(value / small).toBeCloseTo(1, 14);
  expect(gradient[0] / -small).toBeCloseTo(1, 14);
  expect(gradient[1] / small).toBeCloseTo(1, 14);
  const single = open('logistic', {}, 1).at([50], [1]);
  expect(single.value / small).toBeCloseTo(1, 14);
  expect(single.gradient[0] / -small).toBeCloseTo(1, 14);
});

test('cross-entropy of two classes is the logistic loss of the difference of their outputs', () => {
  const [two, one] = [open('cross-entropy', {}, 2), open('logistic', {}, 1)];
  for (const difference of [-3, -0.1, 0, 0.7, 12]) {
    const pair = two.at([difference + 0.3, 0.3], [1, 0]);
    const single = one.at([difference], [1]);
    expectClose(pair.value, single.value, `value at ${difference}`);
    expectClose(pair.gradient[0], single.gradient[0], `gradient at ${difference}`);
  }
});

test.each(['logistic', 'hinge', 'squared-hinge'] as const)('%s takes labels 0 and 1 as -1 and +1', (name) => {
  const loss = open(name);
  const out = [0.3, -0.8, 1.7];
  expect(loss.at(out, [0, 1, 0])).toEqual(loss.at(out, [-1, 1, -1]));
  expect(loss.at(out, [0, 1, 0]).value).not.toBe(loss.at(out, [1, 0, 1]).value);
});

test('at their kinks the gradient is that of the far side', () => {
  expect(open('hinge', {}, 1).at([1], [1])).toEqual({ value: 0, gradient: [0] });
  const huber = open('huber', { delta: 0.5 }, 1);
  expect(huber.at([0.5], [0])).toEqual({ value: 0.125, gradient: [0.5] });
  expect(huber.curvature([0.5], [0], [1])).toEqual([0]);
  expect(open('squared-hinge', {}, 1).curvature([1], [1], [1])).toEqual([0]);
});

test('mean-square is half-mean-square over K/2', () => {
  expect(open('mean-square', {}, 4).at([1, 2, 3, 4], [0, 0, 0, 0]).value).toBe(30 / 4);
});

test('cross-entropy of one output is refused with the loss to take', () => {
  expect(() => open('cross-entropy', {}, 1)).toThrow(/one, whose softmax is always 1; take "logistic"/);
});

test.each([
  ['cross-entropy', { smoothing: 1 }, /smoothing/],
  ['cross-entropy', { smoothing: -0.1 }, /smoothing/],
  ['huber', { delta: 0 }, /delta/],
  ['mean-square', { delta: 1 }, /delta/],
] as const)('%s refuses %j', (name, params, message) => {
  expect(() => open(name, params)).toThrow(message);
});
