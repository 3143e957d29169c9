// Which numbers of a step's kernel calls are scheduled parameters, and when that cannot be said.
import { expect, test } from 'vitest';
import { captureStep } from '../../../core/engine/capture-step.js';
import { openWorkspace } from '../../../core/kernels/arena.js';
import { createTape } from '../../../core/kernels/tape.js';
import type { ScheduledParameter } from '../../../core/plugin/bind-parameters.js';

const { arena, kernels } = openWorkspace(2 ** 20);
const x = arena.vector(4);

const parameter = (value: number, range: [number, number]): ScheduledParameter => ({
  slot: Float64Array.of(value),
  range,
  follow() {},
});

test('names the call and the place of every number that is the parameter, and of no other', () => {
  const rate = parameter(0.5, [0.5, 2]);
  const decay = parameter(0.5, [0, 0.5]);
  const step = () => {
    kernels.scale(0.5, x, 4);
    kernels.sgdStep(x, x, 4, rate.slot[0], decay.slot[0]);
    kernels.axpy(rate.slot[0], x, 4, x);
  };
  const { calls, scheduled } = captureStep(kernels, step, [rate, decay]) ?? {};
  expect(calls?.map(({ name }) => name)).toEqual(['scale', 'sgdStep', 'axpy']);
  expect(scheduled).toEqual([
    { parameter: rate, call: 1, place: 3 },
    { parameter: rate, call: 2, place: 0 },
    { parameter: decay, call: 1, place: 4 },
  ]);
  expect([rate.slot[0], decay.slot[0]]).toEqual([0.5, 0.5]);
});

test('a parameter that no kernel gets, such as that of an observer, is in the way of nothing', () => {
  const other = parameter(1, [1, 3]);
  expect(captureStep(kernels, () => kernels.scale(2, x, 4), [other])).toMatchObject({ scheduled: [] });
});

test.each<[string, (rate: number) => void]>([
  ['is changed on the way to a kernel', (rate) => kernels.scale(1 - rate, x, 4)],
  ['is handed on as it is and changed as well', (rate) => kernels.axpy(rate, x, rate * 4, x)],
  ['decides which kernel is called', (rate) => (rate === 0 ? kernels.copy(x, 4, x) : kernels.scale(rate, x, 4))],
  ['decides how many are called', (rate) => rate > 0 && kernels.scale(rate, x, 4)],
  ['is bounded', (rate) => kernels.scale(Math.min(rate, 0.9), x, 4)],
])('nothing is captured where a parameter %s', (_what, call) => {
  const rate = parameter(0.5, [0, 1]);
  expect(captureStep(kernels, () => call(rate.slot[0]), [rate])).toBeUndefined();
  expect(rate.slot[0]).toBe(0.5);
});

test('a tape reads a scheduled number anew for every step, and refuses one that stands for a count', () => {
  const rate = parameter(0.5, [0.5, 2]);
  const values = arena.vector(3);
  values.set([2, 3, 5]);
  const factor = captureStep(kernels, () => kernels.scale(rate.slot[0], x, 4), [rate]);
  const [number] = factor?.scheduled ?? [];
  const tape = createTape(kernels, arena, factor?.calls ?? [], [], [{ ...number, values }]);
  x.fill(1);
  tape?.play(3, arena.vector(1), Number.POSITIVE_INFINITY, arena.vector(1));
  expect([...x]).toEqual([30, 30, 30, 30]);

  const count = parameter(1, [1, 4]);
  const counted = captureStep(kernels, () => kernels.scale(2, x, count.slot[0]), [count]);
  expect(counted?.scheduled).toMatchObject([{ call: 0, place: 2 }]);
  expect(createTape(kernels, arena, counted?.calls ?? [], [], [{ call: 0, place: 2, values }])).toBeUndefined();
});
