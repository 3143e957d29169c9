// Accuracy and margins against what is written out by hand, and the test loss with every loss.
import { describe, expect, test } from 'vitest';
import { losses } from '../../../plugins/network/losses/index.js';
import { halfMeanSquare } from '../../../plugins/sgd/half-mean-square.js';
import { accuracy } from '../../../plugins/training/accuracy.js';
import { margins } from '../../../plugins/training/margins.js';
import { testLoss } from '../../../plugins/training/test-loss.js';
import { linearClasses } from '../linear-classes.js';
import { alteredReference, watch } from '../watch.js';

const lossOf = (name: string) => {
  const component = losses.find((loss) => loss.name === name);
  if (!component) throw new Error(name);
  return { component };
};

/** Outputs are the inputs themselves. */
const identity = [1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0];
const three = linearClasses({
  train: {
    x: [
      [2, 1, 0],
      [0, 3, 1],
      [1, 1, 1.5],
      [2, 2, 0],
    ],
    y: [
      [1, 0, 0],
      [1, 0, 0],
      [0, 0, 1],
      [0, 1, 0],
    ],
  },
  test: {
    x: [
      [0, 0, 1],
      [1, 0, 0],
    ],
    y: [
      [0, 0, 1],
      [0, 0.4, 0.6],
    ],
  },
  initial: identity,
});

const stage = { model: three, loss: lossOf('cross-entropy') };

test('the class of the largest output is compared with that of the targets, the first among equals', () => {
  const frame = watch(accuracy, {}, stage).observe();
  expect(frame.train[0]).toBe(2 / 4);
  expect(frame.test[0]).toBe(1 / 2);
});

test('margins are the output of the class above the best other one', () => {
  // 1, -3, 0.5, 0 in ascending order.
  const frame = watch(margins, {}, stage).observe();
  expect(frame.least[0]).toBe(-3);
  expect(frame.median[0]).toBe(0.25);
  expect(frame.mean[0]).toBe(-1.5 / 4);
  // Between the first and the second at 0.3 of the way.
  expect(frame.tenth[0]).toBeCloseTo(-3 + 0.3 * 3, 14);
  expect(watch(margins, { part: 'test' }, stage).observe().least[0]).toBe(-1);
});

test.each([
  ['logistic', 0],
  ['hinge', 0],
  ['squared-hinge', 0],
  ['mean-square', 1 / 2],
  ['huber', 1 / 2],
])('with one output and %s the class changes at %d', (name, threshold) => {
  const outputs = [-0.3, 0.1, 0.4, 0.6, 0.9];
  const model = linearClasses({
    train: { x: outputs.map((x) => [x]), y: [0, 1, 0, 1, 1].map((y) => [y]) },
    initial: [1, 0],
  });
  const expected = outputs.filter((out, i) => Number(out > threshold) === [0, 1, 0, 1, 1][i]).length / 5;
  expect(watch(accuracy, {}, { model, loss: lossOf(name) }).observe().train[0]).toBe(expected);
  const frame = watch(margins, {}, { model, loss: lossOf(name) }).observe();
  const expectedMargins = outputs.map((out, i) => (out - threshold) * (i % 2 === 1 || i === 4 ? 1 : -1));
  expect(frame.least[0]).toBeCloseTo(Math.min(...expectedMargins), 12);
});

test('an output that is no number makes them NaN', () => {
  const model = linearClasses({
    train: { x: [[1, 1, 1]], y: [[1, 0, 0]] },
    initial: identity.map((w, i) => (i === 4 ? Number.NaN : w)),
  });
  expect(watch(accuracy, {}, { ...stage, model }).observe().train[0]).toBeNaN();
  const frame = watch(margins, {}, { ...stage, model }).observe();
  expect(frame.mean[0]).toBeNaN();
  // Left as it was handed out: NaN in a run.
  expect(frame.least[0]).toBe(-1);
});

test('without held-out inputs there is no test accuracy, and test margins are refused', () => {
  const model = linearClasses({ train: { x: [[1, 1, 1]], y: [[1, 0, 0]] }, initial: identity });
  expect(Object.keys(watch(accuracy, {}, { ...stage, model }).observer.channels)).toEqual(['train']);
  expect(() => watch(margins, { part: 'test' }, { ...stage, model })).toThrow(/margins needs held-out inputs/);
});

describe('refusals', () => {
  test.each([
    ['regression' as const, /the targets of this model are numbers; give it labels/],
    [undefined, /this model does not say that its targets are classes/],
  ])('of a model whose task is %s', (task, message) => {
    const model = { component: alteredReference(() => (task ? { task } : {})) };
    expect(() => watch(accuracy, {}, { model })).toThrow(message);
    expect(() => watch(margins, {}, { model })).toThrow(message);
  });
});

describe('test loss', () => {
  const out = [
    [0, 0, 1],
    [1, 0, 0],
  ];
  const target = [
    [0, 0, 1],
    [0, 0.4, 0.6],
  ];
  const mean = (f: (o: number, t: number) => number) =>
    out.flat().reduce((sum, o, i) => sum + f(o, target.flat()[i]), 0) / 6;
  const lse = (row: readonly number[]) => Math.log(row.reduce((sum, o) => sum + Math.exp(o), 0));
  const expected: Record<string, number> = {
    'cross-entropy': (lse(out[0]) - 1 + lse(out[1])) / 2,
    'mean-square': mean((o, t) => (o - t) ** 2),
    huber: mean((o, t) => (Math.abs(o - t) < 1 ? (o - t) ** 2 / 2 : Math.abs(o - t) - 1 / 2)),
    logistic: mean((o, t) => Math.log(1 + Math.exp(o)) - o * t),
    hinge: mean((o, t) => Math.max(0, 1 - o * (t > 0 ? 1 : -1))),
    'squared-hinge': mean((o, t) => Math.max(0, 1 - o * (t > 0 ? 1 : -1)) ** 2),
  };
  test.each(Object.keys(expected))('%s over the test part', (name) => {
    const measured = watch(testLoss, {}, { model: three, loss: lossOf(name) }).observe().loss[0];
    expect(measured).toBeCloseTo(expected[name], 14);
  });

  test('half-mean-square is 3/2 of mean-square for three outputs', () => {
    const measured = watch(testLoss, {}, { model: three, loss: { component: halfMeanSquare } }).observe().loss[0];
    expect(measured).toBeCloseTo(1.5 * expected['mean-square'], 14);
  });
});
