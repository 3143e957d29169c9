// Factors of the learning rate: which part of the weights an optimiser moves at which rate.
import { expect, test } from 'vitest';
import type { Model } from '../../../core/contracts/model.js';
import { partsByRate } from '../../../core/engine/parts-by-rate.js';

const model = (proportional?: number[]) =>
  ({
    layout: [
      { name: 'W1', rows: 2, cols: 3, offset: 0 },
      { name: 'b1', rows: 2, cols: 1, offset: 6 },
      { name: 'W2', rows: 1, cols: 2, offset: 8 },
    ],
    size: 10,
    ...(proportional && { learningRateFactors: { proportional, normalised: [1, 1, 1] } }),
  }) as unknown as Model;

test('a model without factors has one part, the vector itself', () => {
  const parts = partsByRate(model(), 'proportional');
  expect(parts.map(({ factor, length }) => [factor, length])).toEqual([[1, 10]]);
  const theta = new Float64Array(10);
  expect(parts[0].of(theta)).toBe(theta);
});

test('neighbours with the same factor are one part, cut once per vector', () => {
  const parts = partsByRate(model([4, 4, 0.5]), 'proportional');
  expect(parts.map(({ factor, length }) => [factor, length])).toEqual([
    [4, 8],
    [0.5, 2],
  ]);
  const theta = Float64Array.from({ length: 10 }, (_, i) => i);
  expect([...parts[1].of(theta)]).toEqual([8, 9]);
  expect(parts[1].of(theta)).toBe(parts[1].of(theta));
  expect(partsByRate(model([4, 4, 0.5]), 'normalised')).toHaveLength(1);
});

test('one factor for all leaves one part', () => {
  expect(partsByRate(model([3, 3, 3]), 'proportional').map(({ factor }) => factor)).toEqual([3]);
});

test('a factor too few is a mistake of the model', () => {
  expect(() => partsByRate(model([1, 1]), 'proportional')).toThrow(/2 learningRateFactors.proportional for 3 blocks/);
});
