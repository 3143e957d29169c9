// Verdicts of the classifiers of limiting dynamics, on made-up runs and on real ones.
import { describe, expect, test } from 'vitest';
import type { RunRecord, Verdict } from '../../../core/contracts/classifier.js';
import type { Component } from '../../../core/contracts/component.js';
import type { Scenario } from '../../../core/scenario/scenario.js';
import { dampingRegime } from '../../../plugins/limiting-dynamics/damping-regime.js';
import { diffusionRegime } from '../../../plugins/limiting-dynamics/diffusion-regime.js';
import { stationarity } from '../../../plugins/limiting-dynamics/stationarity.js';
import { temperatureIsotropy } from '../../../plugins/limiting-dynamics/temperature-isotropy.js';
import { type Ended, runInThread } from '../../validate/in-thread.js';
import { create } from '../workbench.js';

/** A run whose last frames are these. */
const recordOf = (last: Readonly<Record<string, readonly number[]>>) =>
  ({
    series: (need: string) =>
      need in last && { data: Float64Array.from(last[need]), step: Float64Array.of(1), shape: [last[need].length] },
  }) as unknown as RunRecord;

function judge(classifier: Component<'classifier'>, run: RunRecord, params = {}): Verdict {
  const { component } = create(classifier, params);
  if (component.scope !== 'run') throw new Error('not a classifier of runs');
  return component.classify(run);
}

describe('verdicts', () => {
  test('damping-regime goes by the mode', () => {
    const run = recordOf({ 'phase-space.damping': [0.2, 0.9, 1.5] });
    expect(judge(dampingRegime, run)).toMatchObject({ label: 'under-damped', evidence: { underDamped: 2 } });
    expect(judge(dampingRegime, run, { mode: 3 }).label).toBe('over-damped');
    expect(judge(dampingRegime, run, { mode: 4 }).label).toBeUndefined();
    expect(judge(dampingRegime, recordOf({})).label).toBeUndefined();
  });

  test('diffusion-regime goes by the exponent', () => {
    const labelOf = (exponent: number) =>
      judge(diffusionRegime, recordOf({ 'mean-square-displacement.exponent': [exponent] })).label;
    expect([0.9, 1.04, 1.2].map(labelOf)).toEqual(['sub-diffusive', 'brownian', 'super-diffusive']);
    expect(labelOf(Number.NaN)).toBeUndefined();
  });

  test('stationarity weighs its error', () => {
    const verdict = (yaida: number, error: number) =>
      judge(
        stationarity,
        recordOf({ 'fluctuation-dissipation.yaida': [yaida], 'fluctuation-dissipation.yaidaError': [error] }),
      );
    expect(verdict(1.01, 0.005).label).toBe('stationary');
    expect(verdict(0.5, 0.01).label).toBe('drifting');
    // On the edge: half of what the ratio may be lies outside.
    expect(verdict(1.05, 0.001).probabilities.stationary).toBeCloseTo(0.5, 6);
    expect(verdict(1.0, 0.5).probabilities.stationary).toBeLessThan(0.1);
    expect(verdict(Number.NaN, 0.1).label).toBeUndefined();
  });

  test('temperature-isotropy leaves modes without curvature out', () => {
    const verdict = (temperature: number[], eigenvalues: number[]) =>
      judge(
        temperatureIsotropy,
        recordOf({
          'fluctuation-dissipation.temperature': temperature,
          'fluctuation-dissipation.eigenvalues': eigenvalues,
        }),
      );
    expect(verdict([1, 1.1, 0.9, 0], [3, 2, 1, 0]).label).toBe('isotropic');
    expect(verdict([3, 2, 1], [3, 2, 1]).label).toBe('anisotropic');
    expect(verdict([], []).label).toBeUndefined();
  });
});

describe('on runs', () => {
  const base = {
    title: 'test: classifiers',
    plugins: ['solvable', 'sgd', 'limiting-dynamics'],
    seed: 1,
    steps: 1000,
    model: { use: 'quadratic', eigenvalues: [2, 1], copies: 200 },
    loss: { use: 'half-mean-square' },
    noise: { use: 'gaussian-gradient', variance: 0.25, covariance: 'identity' },
    optimiser: { use: 'sgd', learningRate: 0.1 },
    observers: { balance: { use: 'fluctuation-dissipation', window: 200, when: 'end' } },
  } as const;
  const recordOfRun = (ended: Ended) =>
    recordOf(
      Object.fromEntries(
        ['yaida', 'yaidaError', 'temperature', 'eigenvalues'].map((name) => [
          `fluctuation-dissipation.${name}`,
          ended.last(`balance.${name}`),
        ]),
      ),
    );
  const verdictsOf = async (change: object) =>
    (
      await runInThread({ ...base, ...change } as Scenario, (ended) => [
        judge(stationarity, recordOfRun(ended)).label,
        judge(temperatureIsotropy, recordOfRun(ended)).label,
      ])
    )[0];

  test('a long run in isotropic noise is stationary at one temperature', async () => {
    expect(await verdictsOf({})).toEqual(['stationary', 'isotropic']);
  });

  test('noise of the shape of the Hessian heats stiff modes more', async () => {
    const noise = { ...base.noise, covariance: 'hessian' };
    expect(await verdictsOf({ noise })).toEqual(['stationary', 'anisotropic']);
  });

  test('a run that still falls drifts', async () => {
    const model = { ...base.model, initial: 20 };
    expect((await verdictsOf({ model, steps: 30 }))[0]).toBe('drifting');
  });
});
