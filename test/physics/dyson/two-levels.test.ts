// Two levels: the law of their spacing is Wigner's surmise, exactly, for every beta.
import { describe, expect, test } from 'vitest';
import { kolmogorovSmirnovDistance, kolmogorovSmirnovPValue } from '../../../core/statistics/kolmogorov-smirnov.js';
import { surmiseCdf } from '../../../core/theory/random-matrix/wigner-surmise.js';
import { dysonBrownianMotion } from '../../../plugins/dyson/dyson-brownian-motion.js';
import { implicitLevels } from '../../../plugins/dyson/implicit-levels.js';
import { matrixStep } from '../../../plugins/dyson/matrix-step.js';
import { ensemble, openProcess } from '../../plugins/dyson/process.js';

const [TEMPERATURE, STIFFNESS, REPLICAS] = [0.3, 2, 4000];

/**
 * Mean spacing over sigma: sqrt(pi), 4 / sqrt(pi), 16 / (3 sqrt(pi)) (derived from P(s) ~ s^beta exp(-s^2/(4
 * sigma^2))).
 */
const meanSpacing = { 1: Math.sqrt(Math.PI), 2: 4 / Math.sqrt(Math.PI), 4: 16 / (3 * Math.sqrt(Math.PI)) } as const;

/** Spacings of independent pairs after five relaxation times of the square, from levels that coincide. */
function spacings(integrator: typeof matrixStep, beta: 1 | 2 | 4, stepSize: number): number[] {
  const params = { levels: 2, beta, temperature: TEMPERATURE, stiffness: STIFFNESS, initialWidth: 0 };
  const opened = openProcess([dysonBrownianMotion, params], [integrator, { stepSize }]);
  const steps = Math.round(5 / (2 * STIFFNESS * stepSize));
  return ensemble(opened, steps, REPLICAS, (x) => x[1] - x[0]);
}

const pValue = (values: readonly number[], beta: 1 | 2 | 4, scale: number) =>
  kolmogorovSmirnovPValue(
    kolmogorovSmirnovDistance(values, (s) => surmiseCdf(beta, s / scale)),
    values.length,
  );

describe.each([1, 2, 4] as const)('beta = %d', (beta) => {
  // The Euler step of the drift makes the variance larger by 1 / (1 - stiffness h / 2); the mean is not fitted.
  const stepSize = 1 / 16;
  const sigma = Math.sqrt(TEMPERATURE / STIFFNESS / (1 - (STIFFNESS * stepSize) / 2));
  const found = spacings(matrixStep, beta, stepSize);

  test('matrix-step gives the surmise with nothing fitted, at a large step', () => {
    expect(pValue(found, beta, meanSpacing[beta] * sigma)).toBeGreaterThan(0.01);
  });

  test('and no other: the test tells the laws apart', () => {
    for (const other of ([1, 2, 4] as const).filter((b) => b !== beta)) {
      const scale = found.reduce((sum, s) => sum + s, 0) / found.length;
      expect(pValue(found, other, scale)).toBeLessThan(1e-6);
    }
  });
});

test('implicit-levels gives the surmise at a small step', () => {
  const found = spacings(implicitLevels, 1, 1 / 512);
  expect(pValue(found, 1, meanSpacing[1] * Math.sqrt(TEMPERATURE / STIFFNESS))).toBeGreaterThan(0.01);
});
