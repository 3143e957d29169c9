// One step of SGD with batch size 1, enumerated over all samples of the published network, against the level equation:
// exact sum rule, mean shift by Coulomb repulsion and trace drift, and variance.
import { beforeAll, describe, expect, it } from 'vitest';
import { type OneStepErrors, oneStepErrors, openInstance } from './enumeration.js';

const INSTANCES = [1, 2, 3];
const STEP = 1 / 256;

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

/**
 * Limits on the relative error (of the vector over levels) of mean shift and variance at learning rate 1/256, for the
 * median instance: terms of higher order, which vary from instance to instance by a factor of 4 or so.
 */
const LIMITS = [
  { initialWidth: 0.125, shift: 0.12, variance: 0.2 },
  { initialWidth: 0.5, shift: 0.025, variance: 0.04 },
  { initialWidth: 1, shift: 0.012, variance: 0.02 },
  { initialWidth: 4, shift: 0.002, variance: 0.004 },
];

describe.each(LIMITS)('initial width $initialWidth', ({ initialWidth, ...limits }) => {
  let whole: readonly OneStepErrors[];
  let half: readonly OneStepErrors[];
  let long: OneStepErrors;

  beforeAll(() => {
    const pairs = INSTANCES.map((seed) => {
      const instance = openInstance(seed, initialWidth);
      return [oneStepErrors(instance, STEP), oneStepErrors(instance, STEP / 2)];
    });
    whole = pairs.map(([first]) => first);
    half = pairs.map(([, second]) => second);
    long = oneStepErrors(openInstance(1, initialWidth), 1 / 16);
  });

  it('the shifts add up to learning rate^2 tr C, whatever the learning rate', () => {
    // Rounding of the levels, relative to a sum that falls with the square of the learning rate.
    expect(Math.abs(long.sumRule)).toBeLessThan(1e-10);
    for (const { sumRule } of whole) expect(Math.abs(sumRule)).toBeLessThan(256 * 1e-10);
  });

  it.each(['shift', 'variance'] as const)('the prediction of the %s is right to first order', (what) => {
    expect(median(whole.map((errors) => errors[what]))).toBeLessThan(limits[what]);
    // Its error is of the next order in the learning rate: it halves.
    INSTANCES.forEach((_, i) => {
      const ratio = half[i][what] / whole[i][what];
      expect(ratio).toBeGreaterThan(0.4);
      expect(ratio).toBeLessThan(0.6);
    });
  });
});
