// Predictions for one step: closed forms, and gradient descent on the published network.
import { describe, expect, it } from 'vitest';
import type { LevelCoefficients } from '../../../../core/theory/level-equation/coefficients.js';
import {
  coulombSum,
  gradientShift,
  meanShift,
  noiseShift,
  shiftVariance,
} from '../../../../core/theory/level-equation/one-step.js';
import { openInstance, relativeError } from '../../../physics/langevin/enumeration.js';

const coefficients: LevelCoefficients = {
  levels: [4, 2, 1],
  meanMatrix: [10, 2, 3, 2, 20, 4, 3, 4, 30],
  variance: [1, 6, 9, 6, 2, 5, 9, 5, 3],
  levelCovariance: [1, 0, 0, 0, 2, 0, 0, 0, 3],
  traceDrift: [0.25, 0.5, 0.75],
  meanGradientSquares: [7, 8, 9],
};
const step = { stepSize: 0.5, temperature: 0.125 };

describe('written out', () => {
  it('repulsion: larger levels up, smaller ones down, in sum nothing', () => {
    const sums = coulombSum(coefficients.levels, (i, j) => coefficients.variance[3 * i + j]);
    expect([...sums]).toEqual([6 / 2 + 9 / 3, -6 / 2 + 5 / 1, -9 / 3 - 5 / 1]);
    expect(sums.reduce((a, b) => a + b, 0)).toBe(0);
  });

  it('noise: step size x temperature x (repulsion + trace drift)', () => {
    expect([...noiseShift(coefficients, step)]).toEqual([6.25, 2.5, -7.25].map((x) => x / 16));
  });

  it('gradient: first order, and mixing of levels with the square of the gradient in second', () => {
    const mixing = [4 / 2 + 9 / 3, -4 / 2 + 16 / 1, -9 / 3 - 16 / 1];
    expect([...gradientShift(coefficients, step)]).toEqual([
      5 + (mixing[0] + 7) / 4,
      10 + (mixing[1] + 8) / 4,
      15 + (mixing[2] + 9) / 4,
    ]);
  });

  it('both together', () => {
    const noise = noiseShift(coefficients, step);
    const gradient = gradientShift(coefficients, step);
    expect([...meanShift(coefficients, step)]).toEqual([...gradient].map((value, i) => value + noise[i]));
  });

  it('variance: step size x temperature x Q', () => {
    expect([...shiftVariance(coefficients, step)]).toEqual([1 / 16, 2 / 16, 3 / 16]);
  });
});

it.each([0.5, 4])('a step of gradient descent to second order, initial width %d', (initialWidth) => {
  const { coefficients: measured, descend } = openInstance(1, initialWidth);
  const error = (stepSize: number) =>
    relativeError(descend(stepSize), gradientShift(measured, { stepSize, temperature: 0 }));
  const [whole, half] = [error(1 / 128), error(1 / 256)];
  expect(whole).toBeLessThan(1e-2);
  expect(half / whole).toBeGreaterThan(0.22);
  expect(half / whole).toBeLessThan(0.28);
});
