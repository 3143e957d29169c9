// Weak order of the integrators: errors of moments whose exact course is known, against the step size.
import { describe, expect, test } from 'vitest';
import { meanEstimate } from '../../../core/statistics/estimate.js';
import { fitStraightLine } from '../../../core/statistics/linear-fit.js';
import { dysonBrownianMotion } from '../../../plugins/dyson/dyson-brownian-motion.js';
import { eulerMaruyamaAdaptive } from '../../../plugins/dyson/euler-maruyama-adaptive.js';
import { implicitLevels } from '../../../plugins/dyson/implicit-levels.js';
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
