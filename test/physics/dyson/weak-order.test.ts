// Weak order of the integrators: errors of moments whose exact course is known, against the step size; and at the hard
// edge, where levels of W W^T come down to 0, against the law of the matrix.
import { describe, expect, test } from 'vitest';
import { openWorkspace } from '../../../core/kernels/arena.js';
import { singularValuesWork } from '../../../core/kernels/kernels.js';
import { meanEstimate } from '../../../core/statistics/estimate.js';
import { fitStraightLine } from '../../../core/statistics/linear-fit.js';
import { createRandomSource } from '../../../core/statistics/random-source.js';
import { dysonBrownianMotion } from '../../../plugins/dyson/dyson-brownian-motion.js';
import { eulerMaruyamaAdaptive } from '../../../plugins/dyson/euler-maruyama-adaptive.js';
import { generalLevels } from '../../../plugins/dyson/general-levels.js';
import { implicitLevels } from '../../../plugins/dyson/implicit-levels.js';
import { laguerreProcess } from '../../../plugins/dyson/laguerre-process.js';
import { matrixStep } from '../../../plugins/dyson/matrix-step.js';
import { moment, openProcess, type Parameters } from '../../plugins/dyson/process.js';

const TIME = 1;
const STIFFNESS = 1;

interface Start {
  readonly temperature: number;
  readonly initialLevels: readonly number[];
  readonly beta: 1 | 2 | 4;
}

/** <sum x> = e^(-t) sum x(0); <sum x^2> relaxes to T [K + beta K (K - 1) / 2] at rate 2 (both derived, stiffness 1). */
function exact({ temperature, initialLevels, beta }: Start) {
  const n = initialLevels.length;
  const limit = temperature * (n + (beta * n * (n - 1)) / 2);
  return {
    first: Math.exp(-TIME) * moment(initialLevels, 1),
    second: limit + (moment(initialLevels, 2) - limit) * Math.exp(-2 * TIME),
  };
}

interface Run {
  readonly integrator: typeof matrixStep;
  readonly parameters: Parameters & { readonly stepSize: number };
  readonly replicas: number;
}

/** Relative errors of both moments at the end, with their standard errors. */
function errors(start: Start, { integrator, parameters, replicas }: Run) {
  const model = { levels: start.initialLevels.length, stiffness: STIFFNESS, initial: 'given', ...start };
  const opened = openProcess([dysonBrownianMotion, model], [integrator, parameters]);
  const steps = Math.round(TIME / parameters.stepSize);
  const [firsts, seconds]: [number[], number[]] = [[], []];
  for (let k = 0; k < replicas; k++) {
    opened.restart();
    opened.step(steps);
    firsts.push(moment(opened.levels, 1));
    seconds.push(moment(opened.levels, 2));
  }
  const { first, second } = exact(start);
  const relative = (values: readonly number[], expected: number) => {
    const { value, error } = meanEstimate(values);
    return { bias: value / expected - 1, error: error / expected };
  };
  return { first: relative(firsts, first), second: relative(seconds, second) };
}

/** Slope of log |bias| against log of the size that decides the order. */
function order(sizes: readonly number[], biases: readonly { readonly bias: number; readonly error: number }[]) {
  const points = biases.map(({ bias, error }, i) => ({
    x: Math.log(sizes[i]),
    y: Math.log(Math.abs(bias)),
    error: error / Math.abs(bias),
  }));
  // All biases are of one sign: a bias that changes sign has no slope.
  expect(new Set(biases.map(({ bias }) => Math.sign(bias))).size).toBe(1);
  return fitStraightLine(points).slope;
}

/** Far from equilibrium and apart, so that the asymptotic order shows at steps that are not small. */
const wide = { temperature: 0.1, initialLevels: [-0.5, 0.5, 1.5, 2.5] };
/** Close together, at a temperature that drives them apart. */
const close = { temperature: 0.5, initialLevels: [-0.3, -0.1, 0.1, 0.3] };

describe('matrix-step', () => {
  const steps = [1 / 4, 1 / 8, 1 / 16];

  test.each([1, 2, 4] as const)('first order in the step, beta = %d', (beta) => {
    const biases = steps.map((stepSize) =>
      errors({ ...close, beta }, { integrator: matrixStep, parameters: { stepSize }, replicas: 12_000 }),
    );
    const slope = order(
      steps,
      biases.map(({ second }) => second),
    );
    expect(slope.error).toBeLessThan(0.1);
    expect(Math.abs(slope.value - 1)).toBeLessThan(0.1 + 3 * slope.error);
  });

  test('the error of the sum is that of the Euler method on the drift', () => {
    const stepSize = 1 / 4;
    const start = { ...wide, beta: 1 } as const;
    const { first } = errors(start, { integrator: matrixStep, parameters: { stepSize }, replicas: 8000 });
    expect(first.error).toBeLessThan(0.006);
    expect(Math.abs(first.bias - ((1 - stepSize) ** 4 / Math.exp(-1) - 1))).toBeLessThan(4 * first.error);
  });
});

describe('implicit-levels', () => {
  const steps = [1 / 4, 1 / 8, 1 / 16];

  test('first order in the step', () => {
    const start = { temperature: 0.1, initialLevels: [-1.5, -0.5, 0.5, 1.5], beta: 1 } as const;
    const biases = steps.map((stepSize) =>
      errors(start, { integrator: implicitLevels, parameters: { stepSize }, replicas: 12_000 }),
    );
    const slope = order(
      steps,
      biases.map(({ second }) => second),
    );
    expect(slope.error).toBeLessThan(0.15);
    expect(Math.abs(slope.value - 1)).toBeLessThan(0.1 + 3 * slope.error);
  });

  // Close encounters cost it a logarithm: the error of one step is the square of h over the gap.
  test('less at the steps in use where levels start close together', () => {
    const biases = steps.map((stepSize) =>
      errors({ ...close, beta: 1 }, { integrator: implicitLevels, parameters: { stepSize }, replicas: 12_000 }),
    );
    const slope = order(
      steps,
      biases.map(({ second }) => second),
    );
    expect(slope.error).toBeLessThan(0.15);
    expect(slope.value).toBeLessThan(0.8);
    expect(slope.value).toBeGreaterThan(0.2);
  });
});

describe('euler-maruyama-adaptive', () => {
  test('first order in caution, which decides its steps', () => {
    const cautions = [0.4, 0.2, 0.1];
    const start = { temperature: 0.1, initialLevels: [-1.5, -0.5, 0.5, 1.5], beta: 1 } as const;
    const biases = cautions.map((caution) =>
      errors(start, { integrator: eulerMaruyamaAdaptive, parameters: { stepSize: 0.5, caution }, replicas: 8000 }),
    );
    const slope = order(
      cautions,
      biases.map(({ second }) => second),
    );
    expect(slope.error).toBeLessThan(0.2);
    expect(Math.abs(slope.value - 1)).toBeLessThan(0.1 + 3 * slope.error);
  });
});

/** Levels of W(t) = e^(-t) W(0) + normal of variance (1 - e^(-2t)) / 2, for W(0) with these levels: T = s = Omega = 1. */
function drawnLevels(initialLevels: readonly number[], cols: number, time: number, count: number): number[][] {
  const rows = initialLevels.length;
  const random = createRandomSource(cols, 'hard edge');
  const { arena, kernels } = openWorkspace();
  const [matrix, work] = [arena.vector(rows * cols), arena.vector(singularValuesWork(rows, cols))];
  const singular = arena.vector(rows);
  const deviation = Math.sqrt((1 - Math.exp(-2 * time)) / 2);
  return Array.from({ length: count }, () => {
    for (let k = 0; k < matrix.length; k++) matrix[k] = deviation * random.normal();
    initialLevels.forEach((level, i) => {
      matrix[i * cols + i] += Math.exp(-time) * Math.sqrt(level);
    });
    kernels.singularValues(matrix, rows, cols, work, singular);
    return Array.from(singular, (value) => value * value).reverse();
  });
}

function laguerreEnds(
  integrator: typeof matrixStep,
  parameters: Parameters & { readonly stepSize: number },
  { initialLevels, cols, time }: { initialLevels: readonly number[]; cols: number; time: number },
  replicas: number,
): number[][] {
  const rows = initialLevels.length;
  const model = { rows, cols, temperature: 1, initial: 'given', initialLevels };
  const opened = openProcess([laguerreProcess, model], [integrator, parameters]);
  return Array.from({ length: replicas }, () => {
    opened.restart();
    opened.step(Math.round(time / parameters.stepSize));
    return [...opened.levels];
  });
}

describe.each([0, 1, 2])('the hard edge, %d columns more than rows', (more) => {
  const initialLevels = [0, 0.02, 0.5, 2];
  const start = { initialLevels, cols: 4 + more, time: 1 };

  test.each([1, 1 / 8])('matrix-step has the law of the matrix at step size %d', (stepSize) => {
    const found = laguerreEnds(matrixStep, { stepSize }, start, 12_000);
    const wanted = drawnLevels(initialLevels, start.cols, start.time, 24_000);
    const roots = (levels: readonly number[]) => levels.map(Math.sqrt);
    for (let i = 0; i < initialLevels.length; i++) {
      const [a, b] = [found, wanted].map((spectra) => meanEstimate(spectra.map((levels) => roots(levels)[i])));
      const both = Math.hypot(a.error, b.error);
      // Stepping the levels themselves has the lowest root too large by 48, 7 and 1 % at step size 1/50.
      expect(both / b.value).toBeLessThan(0.012);
      expect(Math.abs(a.value - b.value)).toBeLessThan(4 * both);
    }
  });

  test('implicit-levels and euler-maruyama-adaptive come down on the lowest level of the matrix', () => {
    const wanted = meanEstimate(drawnLevels(initialLevels, start.cols, start.time, 24_000).map(([x]) => Math.sqrt(x)));
    const lowest = (integrator: typeof matrixStep, parameters: Parameters & { stepSize: number }, replicas: number) =>
      meanEstimate(laguerreEnds(integrator, parameters, start, replicas).map(([x]) => Math.sqrt(x)));
    for (const { value, error } of [
      lowest(implicitLevels, { stepSize: 1 / 64 }, 4000),
      lowest(eulerMaruyamaAdaptive, { stepSize: 1 / 4, caution: 0.1, deepest: 10 }, 2000),
    ]) {
      const both = Math.hypot(error, wanted.error);
      expect(both / wanted.value).toBeLessThan(0.025);
      expect(Math.abs(value / wanted.value - 1)).toBeLessThan(0.02 + (4 * both) / wanted.value);
    }
  });

  // <x> relaxes to L / 2 at rate 2, exactly (derived).
  test('implicit-levels is of first order in a level by itself', () => {
    const steps = [1 / 4, 1 / 8, 1 / 16];
    const alone = { initialLevels: [0.05], cols: 1 + more, time: 1 };
    const expected = alone.cols / 2 + (0.05 - alone.cols / 2) * Math.exp(-2);
    const biases = steps.map((stepSize) => {
      const ends = laguerreEnds(implicitLevels, { stepSize }, alone, 20_000);
      const { value, error } = meanEstimate(ends.map(([x]) => x));
      return { bias: value / expected - 1, error: error / expected };
    });
    // With one column more, or two, the wall takes away most of the error, and order 1 shows below 1/16 only.
    for (const { bias, error } of biases.slice(more === 0 ? 3 : 0)) {
      expect(error).toBeLessThan(0.012);
      expect(Math.abs(bias)).toBeLessThan(0.05 + 3 * error);
    }
    if (more > 0) return;
    const slope = order(steps, biases);
    expect(slope.error).toBeLessThan(0.15);
    expect(Math.abs(slope.value - 1)).toBeLessThan(0.1 + 3 * slope.error);
  });
});

describe('a floor that reflects', () => {
  const [temperature, variance, force] = [0.5, 2, 4];

  // The stationary density is exp(-2 force x / (T Q)) (derived).
  test.each([matrixStep, implicitLevels])(
    'holds a level that a constant force presses on it, at any step',
    (integrator) => {
      const mean = (temperature * variance) / (2 * force);
      const model = { reference: [0], drift: [-force], diagonalCovariance: [variance], temperature, floor: 0 };
      // The force alone would take a level down by 4 means in one step.
      const opened = openProcess([generalLevels, model], [integrator, { stepSize: (4 * mean) / force }]);
      opened.step(100);
      const means = Array.from({ length: 200 }, () => {
        let sum = 0;
        for (let k = 0; k < 200; k++) {
          opened.step();
          sum += opened.levels[0];
        }
        return sum / 200;
      });
      const { value, error } = meanEstimate(means);
      expect(error / mean).toBeLessThan(0.01);
      expect(Math.abs(value - mean)).toBeLessThan(4 * error);
    },
  );
});
