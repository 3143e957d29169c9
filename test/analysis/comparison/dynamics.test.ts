// Declared dynamics that differ are named with their cause: temperature, momentum, weight decay.
import { describe, expect, it } from 'vitest';
import { dynamicsDifferences } from '../../../analysis/comparison/dynamics.js';
import type { DeclaredDynamics } from '../../../core/engine/declared-dynamics.js';

const descent = (temperature: number, momentum = 0, weightDecay = 0): DeclaredDynamics => ({
  temperature,
  descent: { momentum, nesterov: false, weightDecay },
});
const process = (temperature: number): DeclaredDynamics => ({ temperature });

describe('two declared dynamics', () => {
  it.each([
    [
      'T four times too large',
      descent(1 / 32),
      descent(1 / 8),
      ['T of the surrogate is 4 times that of SGD (0.125 instead of 0.0313)'],
    ],
    [
      'noise where there is none',
      descent(0),
      descent(0.1),
      ['the surrogate has noise where SGD has none (0.1 instead of 0)'],
    ],
    [
      'no noise where there is some',
      descent(0.1),
      descent(0),
      ['T of the surrogate is 0 times that of SGD (0 instead of 0.1)'],
    ],
    [
      'momentum under SGD alone, at the same learning rate over batch size',
      descent(0.01, 0.9),
      descent(0.01),
      [
        'T of the surrogate is 0.1 times that of SGD (0.01 instead of 0.1, momentum counted)',
        'momentum 0.9 multiplies the effective rate of SGD by 10, so that equal learning times are not equal',
      ],
    ],
    [
      'weight decay under SGD alone',
      descent(0.1, 0, 0.01),
      descent(0.1),
      ['weight decay is 0 under the surrogate, 0.01 under SGD'],
    ],
    ['a level equation whose coefficients hold the momentum', descent(0.01, 0.9), process(0.01), []],
    [
      'a level equation at another T',
      descent(0.01),
      process(0.02),
      ['T of the surrogate is 2 times that of SGD (0.02 instead of 0.01)'],
    ],
    ['a temperature that nobody declares', descent(Number.NaN), descent(0.1), []],
    ['the same', descent(0.1, 0.5, 0.1), descent(0.1, 0.5, 0.1), []],
  ] as [string, DeclaredDynamics, DeclaredDynamics, string[]][])('%s', (_, reference, surrogate, expected) => {
    expect(dynamicsDifferences([reference], [surrogate])).toEqual(expected);
  });

  it('are held against each other frame by frame, as schedules change them', () => {
    const constant = [descent(0.1), descent(0.1)];
    expect(dynamicsDifferences(constant, [descent(0.1), descent(0.3)])).toHaveLength(1);
    expect(dynamicsDifferences(constant, constant)).toEqual([]);
  });
});
