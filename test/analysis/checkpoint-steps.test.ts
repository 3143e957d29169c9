// The step of a checkpoint is the number in its name that varies, or the one that is called a step: never the decimals of a
// metric, a version, or the mantissa of 1e3.
import { describe, expect, it } from 'vitest';
import { stepsOfNames } from '../../analysis/stored/checkpoint-steps.js';

const read = (...names: string[]) => stepsOfNames(names)?.numbers;

describe('the number in a name', () => {
  it.each([
    [
      ['step-900', 'step-1000'],
      [900, 1000],
    ],
    [
      ['model-epoch=00-val_loss=0.91', 'model-epoch=01-val_loss=0.53', 'model-epoch=02-val_loss=0.12'],
      [0, 1, 2],
    ],
    [
      ['epoch=0-step=1000', 'epoch=1-step=2000'],
      [1000, 2000],
    ],
    [
      ['weights.00-0.91', 'weights.01-0.53'],
      [0, 1],
    ],
    [
      ['step=1000', 'step=2000-v1', 'step=2000'],
      [1000, 2000, 2000],
    ],
    [
      ['step-1e3', 'step-1e4', 'step-1e5'],
      [1000, 10_000, 100_000],
    ],
    [
      ['ckpt_0.5', 'ckpt_1.5'],
      [0.5, 1.5],
    ],
    [
      ['step-100-fp16', 'step-200-fp16'],
      [100, 200],
    ],
    [
      ['100-v2', '200-v2'],
      [100, 200],
    ],
    [
      ['run2_100_seed0_layer12', 'run2_200_seed0_layer12'],
      [100, 200],
    ],
    [
      ['5-of-300', '6-of-300'],
      [5, 6],
    ],
    [
      ['run2-step-1000', 'checkpoint-20000'],
      [1000, 20_000],
    ],
    [
      ['global_step100', 'global_step2000'],
      [100, 2000],
    ],
    [
      ['a1', 'b01'],
      [1, 1],
    ],
    [
      ['model', 'model-7'],
      [undefined, 7],
    ],
    [
      ['acc0.91_iter_10', 'acc0.93_iter_20'],
      [10, 20],
    ],
    [
      ['step-1-3e45ff', 'step-2-3e45ff'],
      [1, 2],
    ],
    [['bert-base-110m'], [110]],
  ])('of %j is read as %j', (names, numbers) => {
    expect(read(...names)).toEqual(numbers);
  });

  it('is not guessed where two vary and none is called a step', () => {
    expect(read('a1-b2', 'a2-b3')).toBeUndefined();
    expect(read('1-7', '2-8')).toBeUndefined();
  });

  it('says what it is called', () => {
    expect(stepsOfNames(['epoch_1', 'epoch_2'])?.label).toBe('epoch');
    expect(stepsOfNames(['run2-step-1000', 'checkpoint-20000'])?.label).toBe('');
  });
});
