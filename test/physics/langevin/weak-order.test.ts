// Weak order of Euler-Maruyama and of its extrapolation under Langevin noise, on a multiplicative equation with known
// moments; and the equation that Heun's scheme solves instead.
import { beforeAll, describe, expect, it } from 'vitest';
import { createRegistry } from '../../../core/container.js';
import { defineModel, defineOptimiser, definePlugin } from '../../../core/contracts/component.js';
import { createSimulation } from '../../../core/engine/simulation.js';
import { openWorkspace } from '../../../core/kernels/arena.js';
import { resolveScenario } from '../../../core/scenario/resolve.js';
import { type Estimate, meanEstimate } from '../../../core/statistics/estimate.js';
import { extrapolate, extrapolatePairs } from '../../../core/statistics/extrapolation.js';
import langevin from '../../../plugins/langevin/index.js';
import sgd from '../../../plugins/sgd/index.js';

/** Curvatures of the samples: mean 1, variance 1. */
const CURVATURES = [0, 2, 0, 2, 0, 2, 0, 2];
const TEMPERATURE = 0.1;
const DURATION = 1;

/**
 * One weight w with energy curvature_n w^2/2 of sample n. Its gradient has mean w and variance w^2, so the Langevin
 * equation is geometric Brownian motion, dw = -w dt + sqrt(T) w dB.
 */
const multiplicative = defineModel({
  name: 'multiplicative',
  summary: 'One weight in a parabola of random curvature',
  params: {},
  cite: [],
  create: () => ({
    layout: [{ name: 'W', rows: 1, cols: 1, offset: 0 }],
    size: 1,
    outputs: 1,
    samples: CURVATURES.length,
    initialise: (theta) => theta.fill(1),
    open: () => ({
      forward(theta, batch, n, out) {
        for (let s = 0; s < n; s++) out[s] = (CURVATURES[batch[s]] * theta[0] * theta[0]) / 2;
      },
      targets: (_batch, n, out) => out.fill(0, 0, n),
      backward(theta, batch, n, dOut, gradient) {
        gradient[0] = 0;
        for (let s = 0; s < n; s++) gradient[0] += dOut[s] * CURVATURES[batch[s]] * theta[0];
      },
    }),
  }),
});

/** The trapezoidal scheme of ordinary differential equations, with the same normals at both ends of the step. */
const heun = defineOptimiser({
  name: 'heun',
  summary: 'Mean of the gradients at both ends of a step',
  params: {},
  cite: [],
  create: () => ({
    state: ['start', 'slope'],
    stepSize: () => 1 / 16,
    step(theta, objective, [start, slope], at) {
      start.set(theta);
      objective.evaluate(theta);
      slope.set(objective.gradient);
      for (let i = 0; i < theta.length; i++) theta[i] = start[i] - at.stepSize * slope[i];
      objective.evaluate(theta);
      for (let i = 0; i < theta.length; i++) {
        theta[i] = start[i] - (at.stepSize * (slope[i] + objective.gradient[i])) / 2;
      }
    },
  }),
});

const registry = createRegistry([
  langevin,
  sgd,
  definePlugin({ name: 'test', version: '0.0.0', components: [multiplicative, heun] }),
]);
const workspace = openWorkspace(2 ** 22);
const noFiles = (path: string): never => {
  throw new Error(`no file ${path} in this test`);
};

interface Ensemble {
  readonly optimiser: { readonly use: string; readonly learningRate?: number };
  readonly stepSize: number;
  readonly noise?: Readonly<Record<string, unknown>>;
  readonly replicas: number;
}

/** w at the end of each of many stretches of one run, which start from 1 and see noise that is independent. */
function weightsAtEnd({ optimiser, stepSize, noise, replicas }: Ensemble): Float64Array {
  workspace.arena.clear();
  const { runs } = resolveScenario(
    {
      title: 'Geometric Brownian motion',
      plugins: ['langevin', 'sgd', 'test'],
      steps: 1e7,
      model: { use: 'multiplicative' },
      loss: { use: 'mean-output' },
      noise: { use: 'langevin', temperature: TEMPERATURE, ...noise },
      optimiser,
    },
    registry,
    noFiles,
  );
  const run = createSimulation(runs[0], registry, workspace, noFiles);
  const steps = DURATION / stepSize;
  return Float64Array.from({ length: replicas }, () => {
    run.view.theta.fill(1);
    run.advance(run.clock.step + steps);
    return run.view.theta[0];
  });
}

/** E[w^2] at the end: of the equation, and of Euler-Maruyama with step h. */
const exactSquare = Math.exp((-2 + TEMPERATURE) * DURATION);
const eulerSquare = (h: number) => ((1 - h) ** 2 + TEMPERATURE * h) ** (DURATION / h);
const certain = (value: number): Estimate => ({ value, error: 0, n: 1 });

const square = (values: Float64Array) => values.map((w) => w * w);

describe('in closed form', () => {
  const slope = (error: (h: number) => number, h: number) => Math.log2(Math.abs(error(h) / error(h / 2)));

  it('Euler-Maruyama has weak order 1, its extrapolation 2', () => {
    const plain = (h: number) => eulerSquare(h) - exactSquare;
    const extrapolated = (h: number) =>
      extrapolate(certain(eulerSquare(h)), certain(eulerSquare(2 * h))).value - exactSquare;
    for (const h of [1 / 64, 1 / 128, 1 / 256]) {
      expect(Math.abs(slope(plain, h) - 1)).toBeLessThan(0.03);
      expect(Math.abs(slope(extrapolated, h) - 2)).toBeLessThan(0.06);
    }
  });

  it('any ratio of steps cancels the first order', () => {
    const error = (h: number) =>
      extrapolate(certain(eulerSquare(h)), certain(eulerSquare(4 * h)), 4).value - exactSquare;
    expect(slope(error, 1 / 256)).toBeCloseTo(2, 1);
  });
});

describe('simulated', () => {
  const REPLICAS = 30_000;
  const FINE = 1 / 16;
  let fine: Float64Array;
  let coarse: Float64Array;

  beforeAll(() => {
    const euler = (stepSize: number, noise = {}) => {
      return square(
        weightsAtEnd({ optimiser: { use: 'sgd', learningRate: stepSize }, stepSize, noise, replicas: REPLICAS }),
      );
    };
    fine = euler(FINE);
    coarse = euler(2 * FINE, { increments: 2 });
  });

  it('both step sizes have the moments of their scheme', () => {
    for (const [values, h] of [
      [fine, FINE],
      [coarse, 2 * FINE],
    ] as const) {
      const { value, error } = meanEstimate(values);
      expect(error / eulerSquare(h)).toBeLessThan(0.005);
      expect(Math.abs(value - eulerSquare(h))).toBeLessThan(4 * error);
    }
  });

  it('the extrapolation agrees with the equation, where neither step size does', () => {
    for (const values of [fine, coarse]) {
      const { value, error } = meanEstimate(values);
      expect(Math.abs(value - exactSquare)).toBeGreaterThan(10 * error);
    }
    const pairs = extrapolatePairs(fine, coarse);
    expect(pairs.error / exactSquare).toBeLessThan(0.007);
    expect(Math.abs(pairs.value - exactSquare)).toBeLessThan(4 * pairs.error);
  });

  it('pairs on the same Brownian path have a smaller error bar than independent runs', () => {
    const independent = extrapolate(meanEstimate(fine), meanEstimate(coarse));
    expect(extrapolatePairs(fine, coarse).error).toBeLessThan(0.65 * independent.error);
    const difference = meanEstimate(fine.map((value, i) => value - coarse[i]));
    expect(difference.error).toBeLessThan(0.4 * Math.hypot(meanEstimate(fine).error, meanEstimate(coarse).error));
  });

  it('the Ito equation by Euler-Maruyama, the Stratonovich equation by Heun', () => {
    const ito = Math.exp(-DURATION);
    const stratonovich = Math.exp((-1 + TEMPERATURE / 2) * DURATION);
    const { value, error } = meanEstimate(
      weightsAtEnd({ optimiser: { use: 'heun' }, stepSize: 1 / 16, replicas: REPLICAS }),
    );
    expect(error / ito).toBeLessThan(0.003);
    // Heun's own error of second order is 0.1 %.
    expect(Math.abs(value - stratonovich)).toBeLessThan(4 * error + 0.002 * stratonovich);
    expect(value - ito).toBeGreaterThan(10 * error);
    const euler = meanEstimate(fine.map(Math.sqrt));
    expect(Math.abs(euler.value - (1 - FINE) ** (DURATION / FINE))).toBeLessThan(4 * euler.error);
  });
});

it('refuses what are no pairs', () => {
  expect(() => extrapolatePairs([1, 2], [1])).toThrow('found 2 fine and 1 coarse runs');
  expect(() => extrapolatePairs([1], [1])).toThrow(RangeError);
});
