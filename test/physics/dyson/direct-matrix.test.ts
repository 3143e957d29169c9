// The integrators against the matrix itself: drawn from its exact law, and simulated element by element.
import { describe, expect, test } from 'vitest';
import { meanEstimate } from '../../../core/statistics/estimate.js';
import { createRandomSource } from '../../../core/statistics/random-source.js';
import { dysonBrownianMotion } from '../../../plugins/dyson/dyson-brownian-motion.js';
import { eulerMaruyamaAdaptive } from '../../../plugins/dyson/euler-maruyama-adaptive.js';
import { implicitLevels } from '../../../plugins/dyson/implicit-levels.js';
import { matrixStep } from '../../../plugins/dyson/matrix-step.js';
import { openProcess, type Parameters } from '../../plugins/dyson/process.js';
import { type Beta, createDirectMatrix } from './matrix.js';

const TEMPERATURE = 0.3;
const initialLevels = [-0.6, -0.5, 0.4, 1.2];
const LEVELS = initialLevels.length;

/** Numbers without a closed form: the largest level, the widest and the narrowest gap, the fourth moment. */
function summary(levels: ArrayLike<number>): number[] {
  const gaps = Array.from({ length: levels.length - 1 }, (_, i) => levels[i + 1] - levels[i]);
  const fourth = Array.from(levels).reduce((sum, x) => sum + x ** 4, 0);
  return [levels[levels.length - 1], Math.max(...gaps), Math.min(...gaps), fourth];
}

const estimates = (rows: readonly (readonly number[])[]) =>
  rows[0].map((_, i) => meanEstimate(rows.map((row) => row[i])));

function bySteps(
  integrator: typeof matrixStep,
  parameters: Parameters & { readonly stepSize: number },
  model: Parameters,
  { time, replicas }: { time: number; replicas: number },
): number[][] {
  const opened = openProcess(
    [dysonBrownianMotion, { levels: LEVELS, temperature: TEMPERATURE, initial: 'given', initialLevels, ...model }],
    [integrator, parameters],
  );
  const steps = Math.round(time / parameters.stepSize);
  return Array.from({ length: replicas }, () => {
    opened.restart();
    opened.step(steps);
    return summary(opened.levels);
  });
}

/** Each number within 4 combined errors plus `bias` of its value; errors below `precision`. */
function expectAgreement(
  found: readonly (readonly number[])[],
  wanted: readonly (readonly number[])[],
  { precision, bias }: { precision: number; bias: number },
): void {
  const reference = estimates(wanted);
  estimates(found).forEach(({ value, error }, i) => {
    const both = Math.hypot(error, reference[i].error);
    expect(both / reference[i].value).toBeLessThan(precision);
    expect(Math.abs(value - reference[i].value)).toBeLessThan(4 * both + bias * reference[i].value);
  });
}

describe.each([1, 2, 4] as const)(
  'harmonic potential, beta = %d, against the exact law of the matrix',
  (beta: Beta) => {
    const [time, stiffness] = [0.5, 1];
    const random = createRandomSource(beta, 'exact matrix');
    const matrix = createDirectMatrix(LEVELS, beta, random);
    // X(t) = e^(-t) X(0) + normal, component variance T (1 - e^(-2t)) / 2 beside the diagonal.
    const deviation = Math.sqrt((TEMPERATURE * (1 - Math.exp(-2 * stiffness * time))) / (2 * stiffness));
    const exact = Array.from({ length: 12_000 }, () => {
      matrix.setDiagonal(initialLevels);
      matrix.scale(Math.exp(-stiffness * time));
      matrix.addNoise(deviation);
      return summary(matrix.levels());
    });

    test('matrix-step', () => {
      const found = bySteps(matrixStep, { stepSize: 1 / 128 }, { beta, stiffness }, { time, replicas: 12_000 });
      expectAgreement(found, exact, { precision: 0.015, bias: 0.005 });
    });

    test('implicit-levels', () => {
      const found = bySteps(implicitLevels, { stepSize: 1 / 256 }, { beta, stiffness }, { time, replicas: 3000 });
      expectAgreement(found, exact, { precision: 0.025, bias: 0.01 });
    });

    test('euler-maruyama-adaptive', () => {
      const settings = { stepSize: 1 / 16, caution: 0.03 };
      const found = bySteps(eulerMaruyamaAdaptive, settings, { beta, stiffness }, { time, replicas: 2000 });
      expectAgreement(found, exact, { precision: 0.03, bias: 0.01 });
    });
  },
);

describe('a double well, element by element with the same step', () => {
  // U = -x^2/2 + x^4/4
  const potential = { potential: 'polynomial', coefficients: [0, 0, -0.5, 0, 0.25] };
  const slope = [0, -1, 0, 1];
  const time = 0.5;

  function direct(beta: Beta, stepSize: number, replicas: number): number[][] {
    const matrix = createDirectMatrix(LEVELS, beta, createRandomSource(10 + beta, 'direct matrix'));
    return Array.from({ length: replicas }, () => {
      matrix.setDiagonal(initialLevels);
      for (let k = 0; k < Math.round(time / stepSize); k++) {
        matrix.descend(slope, stepSize);
        matrix.addNoise(Math.sqrt(TEMPERATURE * stepSize));
      }
      return summary(matrix.levels());
    });
  }

  // One and the same law for beta = 1, at any step; a random sign in place of a phase is of second order.
  test.each([
    [1, 1 / 8, 0],
    [1, 1 / 32, 0],
    [2, 1 / 64, 0.005],
  ] as const)('beta = %d, step %d', (beta, stepSize, bias) => {
    const found = bySteps(matrixStep, { stepSize }, { ...potential, beta }, { time, replicas: 8000 });
    expectAgreement(found, direct(beta, stepSize, 5000), { precision: 0.03, bias });
  });
});

describe('a random sign in place of a phase', () => {
  const stepSize = 1 / 8;
  const time = 0.5;
  const traces = (levels: ArrayLike<number>) =>
    [2, 4, 6].map((power) => Array.from(levels).reduce((sum, x) => sum + x ** power, 0));

  function both(beta: Beta) {
    const matrix = createDirectMatrix(LEVELS, beta, createRandomSource(20 + beta, 'phases'));
    const params = { levels: LEVELS, temperature: TEMPERATURE, beta, initial: 'given', initialLevels };
    const opened = openProcess([dysonBrownianMotion, params], [matrixStep, { stepSize }]);
    const steps = Math.round(time / stepSize);
    const phases = Array.from({ length: 10_000 }, () => {
      matrix.setDiagonal(initialLevels);
      for (let k = 0; k < steps; k++) {
        matrix.scale(1 - stepSize);
        matrix.addNoise(Math.sqrt(TEMPERATURE * stepSize));
      }
      return matrix.levels();
    });
    const signs = Array.from({ length: 20_000 }, () => {
      opened.restart();
      opened.step(steps);
      return [...opened.levels];
    });
    return { phases, signs };
  }

  test.each([2, 4] as const)(
    'beta = %d: power sums agree at a large step, gaps of the order of a step do not',
    (beta) => {
      const { phases, signs } = both(beta);
      expectAgreement(signs.map(traces), phases.map(traces), { precision: 0.02, bias: 0 });
      const narrowest = (rows: readonly number[][]) => meanEstimate(rows.map((row) => summary(row)[2]));
      const [a, b] = [narrowest(signs), narrowest(phases)];
      expect(Math.hypot(a.error, b.error) / b.value).toBeLessThan(0.01);
      // Three levels that meet within one step: this is what the random sign gets wrong, and how much.
      expect(a.value / b.value - 1).toBeLessThan(0);
      expect(a.value / b.value - 1).toBeGreaterThan(-0.1);
    },
  );
});
