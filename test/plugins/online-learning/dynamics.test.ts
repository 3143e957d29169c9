// The equations of motion against trajectories, plateaus and critical rates that an independent program has computed.
import { describe, expect, test } from 'vitest';
import { criticalRate } from '../../../plugins/online-learning/theory/critical-rate.js';
import { createOnlineDynamics } from '../../../plugins/online-learning/theory/dynamics.js';
import { REFERENCE, type ReferenceTrajectory } from '../../validate/online-reference.js';
import {
  equalUnits,
  follow,
  largestGrowth,
  perfectState,
  plateauOf,
  settingOf,
  startOf,
} from '../../validate/online-theory.js';

/** The long way is that of `npm run validate -- online-learning`. */
const upTo = (trajectory: ReferenceTrajectory, alpha: number): ReferenceTrajectory => ({
  ...trajectory,
  alpha: trajectory.alpha.filter((one) => one <= alpha),
});

describe('trajectories', () => {
  for (const name of ['E1', 'E2', 'E3', 'E4'] as const) {
    test(`${name} to 1e-9`, () => {
      const trajectory = upTo(REFERENCE.trajectories[name], 50);
      const dynamics = createOnlineDynamics(settingOf(name === 'E4' ? 'relu' : 'erf', trajectory));
      const { errors } = follow(dynamics, startOf(trajectory), trajectory.alpha);
      for (const [i, error] of errors.entries()) expect(Math.abs(error - trajectory.eg[i])).toBeLessThan(1e-9);
    });
  }
});

describe('plateaus', () => {
  for (const reference of REFERENCE.plateau.filter(({ K, eta }) => eta === 0.5 && K < 5)) {
    test(`K = ${reference.K}, eta = ${reference.eta} to 1e-8`, () => {
      const plateau = plateauOf(reference.K, reference.eta);
      expect(plateau.diagonal).toBeCloseTo(reference.Q, 8);
      expect(plateau.offDiagonal).toBeCloseTo(reference.C, 8);
      expect(plateau.overlap).toBeCloseTo(reference.R, 8);
      expect(plateau.error).toBeCloseTo(reference.eg, 8);
      expect(plateau.exitRate).toBeCloseTo(reference.escape, 8);
    });
  }
});

test('the critical rate is where the Jacobian of all equations changes sign', () => {
  for (const units of [1, 2, 3]) {
    const perfect = (rate: number) => largestGrowth(equalUnits(units, rate), perfectState(units, units));
    const rate = criticalRate('erf', units);
    expect(perfect(rate * (1 + 1e-5))).toBeGreaterThan(0);
    expect(perfect(rate * (1 - 1e-5))).toBeLessThan(0);
  }
  expect(criticalRate('erf', 1)).toBeCloseTo(Math.PI * Math.sqrt(5 / 3), 12);
  expect(1000 * criticalRate('erf', 1000)).toBeCloseTo(5.4395, 4);
  expect(criticalRate('relu', 2)).toBeCloseTo(3 - Math.sqrt(3), 12);
  expect(criticalRate('erf', 2, 16)).toBeCloseTo(16 * criticalRate('erf', 2), 10);
});
