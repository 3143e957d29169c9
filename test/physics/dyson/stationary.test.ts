// The stationary state of Dyson Brownian motion in a harmonic potential: what holds the closed form, and what does not.
import { describe, expect, test } from 'vitest';
import { meanEstimate } from '../../../core/statistics/estimate.js';
import { dysonBrownianMotion } from '../../../plugins/dyson/dyson-brownian-motion.js';
import { eulerMaruyamaAdaptive } from '../../../plugins/dyson/euler-maruyama-adaptive.js';
import { eulerMaruyamaLevels } from '../../../plugins/dyson/euler-maruyama-levels.js';
import { implicitLevels } from '../../../plugins/dyson/implicit-levels.js';
import { matrixStep } from '../../../plugins/dyson/matrix-step.js';
import { blockMeans, openProcess } from '../../plugins/dyson/process.js';

const [TEMPERATURE, STIFFNESS, CENTRE] = [0.5, 1, 2];
/** Learning time of one block: many times the correlation time 1/2 of sum x^2, so that blocks are independent. */
const BLOCK_TIME = 12.5;
/** Learning time between two samples. */
const EVERY = 0.25;

/** Mean of sum_i (x_i - centre)^2 in the stationary state (derived; see `dyson-brownian-motion`). */
const meanSquare = (levels: number, beta: number) =>
  (TEMPERATURE / STIFFNESS) * (levels + (beta * levels * (levels - 1)) / 2);

const parameters = (levels: number, beta: number) => ({
  levels,
  beta,
  temperature: TEMPERATURE,
  stiffness: STIFFNESS,
  centre: CENTRE,
  // Already of the right width.
  initialWidth: Math.sqrt(TEMPERATURE / STIFFNESS),
});

function square(x: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += (x[i] - CENTRE) ** 2;
  return sum;
}

interface Setting {
  readonly levels: number;
  readonly beta: number;
  readonly stepSize: number;
  readonly blocks: number;
}

function measure(integrator: typeof matrixStep, { levels, beta, stepSize, blocks }: Setting, seed = 1) {
  const opened = openProcess([dysonBrownianMotion, parameters(levels, beta)], [integrator, { stepSize }], { seed });
  opened.step(Math.round(BLOCK_TIME / stepSize));
  const every = Math.round(EVERY / stepSize);
  const means = blockMeans(opened, { blocks, samples: BLOCK_TIME / EVERY, every }, square);
  const { value, error } = meanEstimate(means);
  const expected = meanSquare(levels, beta);
  return { ratio: value / expected, error: error / expected, means: means.map((mean) => mean / expected) };
}

describe('sum of squares in the stationary state', () => {
  // The Euler step of the drift makes the mean larger by 1 / (1 - stiffness h / 2), here 0.3 %.
  test.each([1, 2, 4])('matrix-step, beta = %d: within 1 percent, error below 0.5 percent', (beta) => {
    const { ratio, error } = measure(matrixStep, { levels: 8, beta, stepSize: 0.00625, blocks: 400 });
    expect(error).toBeLessThan(0.004);
    expect(Math.abs(ratio - 1)).toBeLessThan(0.01);
  });

  test('matrix-step at a large step: 1 / (1 - stiffness h / 2) exactly, for beta = 1, 2, 4', () => {
    for (const beta of [1, 2, 4]) {
      const { ratio, error } = measure(matrixStep, { levels: 6, beta, stepSize: 0.25, blocks: 2000 });
      expect(error).toBeLessThan(0.004);
      expect(Math.abs(ratio - 1 / (1 - 0.25 / 2))).toBeLessThan(4 * error);
    }
  });

  test('implicit-levels: within 1 %, error below 0.5 %', () => {
    const { ratio, error } = measure(implicitLevels, { levels: 4, beta: 1, stepSize: 0.0125, blocks: 700 });
    expect(error).toBeLessThan(0.005);
    expect(Math.abs(ratio - 1)).toBeLessThan(0.01);
  });

  test('euler-maruyama-adaptive: within 1 %, error below 0.5 %', () => {
    const { ratio, error } = measure(eulerMaruyamaAdaptive, { levels: 3, beta: 2, stepSize: 0.05, blocks: 900 });
    expect(error).toBeLessThan(0.005);
    expect(Math.abs(ratio - 1)).toBeLessThan(0.01);
  });
});

describe('the bad example', () => {
  const setting = { levels: 8, beta: 1, stepSize: 0.01, blocks: 40 };
  const seeds = Array.from({ length: 12 }, (_, seed) => seed + 1);

  // Median over independent runs: the mean of plain Euler-Maruyama has no finite error bar to be compared with.
  test('plain Euler-Maruyama is off by more than 10 %, matrix-step on the same process by less than 5 %', () => {
    const bad = seeds.map((seed) => measure(eulerMaruyamaLevels, setting, seed).ratio).sort((a, b) => a - b);
    const good = seeds.map((seed) => measure(matrixStep, setting, seed).ratio).sort((a, b) => a - b);
    // If the chance of a run beyond 10 % were below 1/2, 11 of 12 such runs would have a chance below 0.4 %.
    expect(bad.filter((ratio) => !(ratio < 1.1)).length).toBeGreaterThanOrEqual(11);
    expect(good.every((ratio) => Math.abs(ratio - 1) < 0.05)).toBe(true);
    // The spread that a naive error bar would have to cover: runs disagree by more than a factor 2.
    expect(bad[bad.length - 1] / bad[0]).toBeGreaterThan(2);
  });

  test('a smaller step does not cure it: the square of the throws has no mean', () => {
    const { means } = measure(eulerMaruyamaLevels, { ...setting, stepSize: 0.0025, blocks: 200 });
    const sorted = [...means].sort((a, b) => a - b);
    const typical = sorted[sorted.length / 2];
    expect(typical).toBeLessThan(2);
    expect(sorted[sorted.length - 1]).toBeGreaterThan(10 * typical);
  });
});
