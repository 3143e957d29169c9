// The response function of random linear flows: the closed form, the Volterra equation, and the observer.
import { describe, expect, test } from 'vitest';
import { responseLaw } from '../../../plugins/disordered-dynamics/response-law.js';
import { estimate } from '../workbench.js';
import { responses, runDisordered } from './settings.js';
import { solveVolterra } from './theory/volterra.js';

describe('the law', () => {
  // exp(-2t) I_1(2t)/t, by an independent program.
  test.each([
    [1, 0.215269],
    [5, 0.0242525],
    [10, 0.00875062],
  ])('of the Gaussian orthogonal ensemble at time %d', (time, expected) => {
    expect(responseLaw(time, 1, 2) / expected).toBeCloseTo(1, 5);
  });

  // J_1(2t)/t: Abramowitz and Stegun, table 9.1, J_1(2) = 0.5767248078, J_1(10) = 0.0434727462.
  test.each([
    [1, 0.5767248078],
    [5, 0.0434727462 / 5],
  ])('of an antisymmetric matrix at time %d', (time, expected) => {
    expect(responseLaw(time, -1, 0)).toBeCloseTo(expected, 9);
  });

  test('is the decay of the shift alone for independent entries', () => {
    expect(responseLaw(3, 0, 0.5)).toBeCloseTo(Math.exp(-1.5), 14);
  });

  test.each([
    [1, 2],
    [0.4, 1.5],
    [-1, 0.25],
    [-0.3, 0.5],
  ])('solves the Volterra equation, symmetry %d and shift %d, with an error of second order', (symmetry, shift) => {
    const errorAt = (h: number) => {
      const r = solveVolterra(symmetry, shift, h, Math.round(10 / h));
      return Math.max(...[1, 5, 10].map((t) => Math.abs(r[Math.round(t / h)] - responseLaw(t, symmetry, shift))));
    };
    const [coarse, fine] = [errorAt(0.02), errorAt(0.01)];
    expect(fine).toBeLessThan(2e-4);
    expect(coarse / fine).toBeGreaterThan(3.5);
    expect(coarse / fine).toBeLessThan(4.5);
  });

  test('falls as t^(-3/2) where the shift is the edge of the spectrum', () => {
    const slope = (t: number) =>
      (Math.log(responseLaw(1.01 * t, 1, 2)) - Math.log(responseLaw(t / 1.01, 1, 2))) / 2 / Math.log(1.01);
    expect(slope(5)).toBeCloseTo(-1.458, 3);
    expect(slope(10)).toBeCloseTo(-1.48, 2);
    expect(slope(20)).toBeCloseTo(-1.49, 2);
    expect(responseLaw(2000, 1, 2) / responseLaw(1000, 1, 2)).toBeCloseTo(2 ** -1.5, 3);
  });
});

describe('the observer', () => {
  test.each([
    [1, 2],
    [0, 1],
    [-1, 0.25],
  ])('measures the law, symmetry %d and shift %d', async (symmetry, shift) => {
    const times = [0, 0.5, 1, 3];
    const setting = { size: 200, symmetry, shift, probes: 2, seeds: 8, times };
    const measured = await responses(setting);
    times.forEach((time, i) => {
      const { value, standardError } = estimate(measured.map((run) => run[i]));
      // Finite size shifts the mean by about 1/N.
      expect(Math.abs(value - responseLaw(time, symmetry, shift))).toBeLessThan(4 * standardError + 2 / 200);
      expect(standardError).toBeLessThan(0.03);
    });
  });
});

test('a force that belongs to no energy turns the state and keeps its length', async () => {
  const [[start, end, correlation]] = await runDisordered(
    {
      seed: 5,
      steps: 400,
      model: { use: 'random-linear-flow', size: 50, symmetry: -1, shift: 0 },
      loss: { use: 'mean-output' },
      noise: { use: 'full-batch' },
      optimiser: { use: 'gradient-flow', learningRate: 0.025, stepCheck: false },
      observers: {
        norm: { use: 'weight-norm', when: { at: [0, 'end'] } },
        response: { use: 'linear-response', when: 'end' },
      },
    },
    (ended) => [...ended.frames('norm.norm').flat(), ...ended.last('response.correlation')],
  );
  expect(end / start).toBeCloseTo(1, 6);
  // It has turned: without the force the correlation would be the squared length over N.
  expect(Math.abs(correlation)).toBeLessThan((0.3 * start * start) / 50);
});
