// A tape of kernel calls leaves the bits that the calls themselves leave: every kernel that it can hold, batches that
// move from step to step, and an end at a loss that is no longer below its limit.
import { expect, test } from 'vitest';
import type { Kernels, Vector } from '../../../core/kernels/kernels.js';
import { createTape } from '../../../core/kernels/tape.js';
import { createBench } from './support.js';

const ROWS = 3;
const COLS = 5;
const N = 4;
const { kernels, vector, indices } = createBench();

/** Vectors that calls read and write, with the same numbers at each `fill`. */
function createStage() {
  const v = {
    weights: vector(ROWS * COLS),
    gradient: vector(ROWS * COLS),
    velocity: vector(ROWS * COLS),
    x: vector(9 * COLS),
    z: vector(N * ROWS),
    value: vector(N * ROWS),
    upstream: vector(N * ROWS),
    below: vector(N * COLS),
    gathered: vector(N * COLS),
    sampleWeights: vector(N),
    loss: vector(1),
    square: vector(ROWS * COLS),
    largest: vector(ROWS * COLS),
  };
  const batch = indices(N);
  return {
    ...v,
    batch,
    fill() {
      Object.values(v).forEach((values, i) => {
        kernels.normals(7, i, 0, 0, 0, values.length, values);
      });
      batch.set([0, 3, 8, 3]);
    },
    all: () => Object.values(v).map((values) => [...values]),
  };
}

type Stage = ReturnType<typeof createStage>;

const cases: Record<string, (k: Kernels, s: Stage) => void> = {
  activate: (k, s) => k.activate(3, s.z, N * ROWS, s.value),
  activationGradient: (k, s) => k.activationGradient(0, s.z, s.value, N * ROWS, s.upstream, s.upstream),
  dense: (k, s) => k.dense(s.weights, ROWS, COLS, s.x, s.batch, N, s.z),
  denseTransposed: (k, s) => k.denseTransposed(s.weights, ROWS, COLS, s.upstream, N, s.below),
  outer: (k, s) => k.outer(s.upstream, ROWS, s.x, COLS, s.batch, N, s.gradient),
  outerDescend: (k, s) => k.outerDescend(s.upstream, ROWS, s.x, COLS, s.batch, N, s.weights, 0.3, s.gradient),
  gather: (k, s) => k.gather(s.x, COLS, s.batch, N, s.gathered),
  halfMeanSquare: (k, s) => k.halfMeanSquare(s.value, s.upstream, s.sampleWeights, N, ROWS, s.z, s.loss),
  crossEntropy: (k, s) => k.crossEntropy(0.1, s.value, s.upstream, s.sampleWeights, N, ROWS, s.z, s.loss),
  outputLoss: (k, s) => k.outputLoss(1, 0.7, s.value, s.upstream, s.sampleWeights, N, ROWS, s.z, s.loss),
  sgdStep: (k, s) => k.sgdStep(s.weights, s.gradient, ROWS * COLS, 0.1, 0.01),
  momentumStep: (k, s) => k.momentumStep(s.weights, s.gradient, s.velocity, ROWS * COLS, 0.1, 0.9, 0.01),
  nesterovStep: (k, s) => k.nesterovStep(s.weights, s.gradient, s.velocity, ROWS * COLS, 0.1, 0.9, 0.01),
  dot: (k, s) => k.dot(s.weights, s.gradient, ROWS * COLS, s.loss),
  axpy: (k, s) => k.axpy(-0.7, s.weights, ROWS * COLS, s.gradient),
  scale: (k, s) => k.scale(1.25, s.weights, ROWS * COLS),
  adamStep: (k, s) =>
    k.adamStep(s.weights, s.gradient, s.velocity, s.square, s.largest, 15, 0.1, 0.9, 0.99, 1e-8, 0.5, 0.7, 0.1, 0.2),
  rmspropStep: (k, s) =>
    k.rmspropStep(s.weights, s.gradient, s.square, s.velocity, s.largest, 15, 0.1, 0.9, 0.8, 1e-8, 0.1),
  adagradStep: (k, s) => k.adagradStep(s.weights, s.gradient, s.square, 15, 0.1, 2, 9, 1e-8, 0.1),
  signStep: (k, s) => k.signStep(s.weights, s.gradient, s.velocity, 15, 0.1, 0.9, 0.99, 0.1),
  clipNorm: (k, s) => k.clipNorm(s.gradient, 15, 0.5, s.velocity),
  normalise: (k, s) => k.normalise(s.gradient, 15, 1e-7, s.velocity),
  ascend: (k, s) => k.ascend(s.weights, s.gradient, 15, 0.05, s.velocity),
  copy: (k, s) => k.copy(s.weights, ROWS * COLS, s.velocity),
};

test.each(Object.entries(cases))('%s leaves the same bits', (_name, call) => {
  const stage = createStage();
  stage.fill();
  const before = stage.all();
  call(kernels, stage);
  const called = stage.all();
  expect(called).not.toEqual(before);

  stage.fill();
  const calls = kernels.record(() => call(kernels, stage));
  expect(stage.all()).toEqual(before);
  const tape = createTape(kernels, { vector, indices }, calls, []);
  expect(tape?.play(1, vector(1), Number.POSITIVE_INFINITY, vector(1))).toBe(1);
  expect(stage.all()).toEqual(called);
});

/** Two rows of samples, summed up step by step into `total`; the loss of a step is the sum of its row. */
function createRows(numbers: readonly number[][]) {
  const table = vector(numbers.flat().length);
  table.set(numbers.flat());
  const width = numbers[0].length;
  const ones = vector(width).fill(1);
  const total = vector(width);
  const loss = vector(1);
  const first = table.subarray(0, width);
  const calls = kernels.record(() => {
    kernels.axpy(1, first, width, total);
    kernels.dot(first, ones, width, loss);
  });
  const tape = createTape(kernels, { vector, indices }, calls, [{ first, stride: 8 * width }]);
  if (!tape) throw new Error('axpy and dot can be played');
  return { tape, total, loss };
}

test('what moves is found a row further at every step, from the first row again when played again', () => {
  const { tape, total, loss } = createRows([
    [1, 2],
    [10, 20],
    [100, 200],
  ]);
  const sum = vector(1).fill(0.5);
  expect(tape.play(3, loss, Number.POSITIVE_INFINITY, sum)).toBe(3);
  expect([...total]).toEqual([111, 222]);
  expect(tape.play(2, loss, Number.POSITIVE_INFINITY, sum)).toBe(2);
  expect([...total]).toEqual([122, 244]);
  expect([loss[0], sum[0]]).toEqual([30, 0.5 + 3 + 30 + 300 + 3 + 30]);
});

test.each([
  ['at the limit', 30, 2],
  ['above it', 29, 2],
  ['nowhere below it', 1000, 4],
])('playing ends after a step whose loss is %s', (_what, limit, made) => {
  const { tape, total, loss } = createRows([
    [1, 2],
    [10, 20],
    [100, 200],
    [1000, -2000],
  ]);
  expect(tape.play(4, loss, limit, vector(1))).toBe(made);
  expect(total[0]).toBe(made === 2 ? 11 : 1111);
});

test('playing ends after a loss that is not a number', () => {
  const { tape, loss } = createRows([
    [1, 2],
    [Number.NaN, 20],
    [1, 2],
  ]);
  expect(tape.play(3, loss, Number.POSITIVE_INFINITY, vector(1))).toBe(2);
});

test('a count that happens to be the address of what moves stays what it is', () => {
  const long = vector(1);
  const width = long.byteOffset;
  const [from, to] = [vector(width), vector(width)] as [Vector, Vector];
  from.fill(1);
  const calls = kernels.record(() => kernels.copy(from, width, to));
  const tape = createTape(kernels, { vector, indices }, calls, [{ first: long, stride: -8 }]);
  tape?.play(2, vector(1), 1, vector(1));
  expect(to.every((x) => x === 1)).toBe(true);
});

test('a kernel whose numbers differ from step to step cannot be held', () => {
  const out = vector(4);
  const calls = kernels.record(() => kernels.normals(1, 2, 3, 4, 5, 4, out));
  expect(createTape(kernels, { vector, indices }, calls, [])).toBeUndefined();
});

test('an error while recording leaves kernels that work', () => {
  expect(() =>
    kernels.record(() => {
      throw new Error('broken');
    }),
  ).toThrow('broken');
  const x = vector(2).fill(3);
  kernels.scale(2, x, 2);
  expect([...x]).toEqual([6, 6]);
});
