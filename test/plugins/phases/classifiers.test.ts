// The classifiers of phases on made-up runs: each rule, in its order, and what happens where too little is known.
import { describe, expect, it } from 'vitest';
import type { RunClassifier, SweepClassifier } from '../../../core/contracts/classifier.js';
import type { Component } from '../../../core/contracts/component.js';
import { normalCdf } from '../../../core/statistics/special-functions.js';
import { dysonBoundary } from '../../../plugins/phases/dyson-boundary.js';
import { dysonBoundaryPublished } from '../../../plugins/phases/dyson-boundary-published.js';
import { lyapunov } from '../../../plugins/phases/lyapunov.js';
import { orderParameters } from '../../../plugins/phases/order-parameters.js';
import { stability } from '../../../plugins/phases/stability.js';
import { create } from '../workbench.js';
import { type MadeUp, madeUpRun } from './made-up-run.js';

const runClassifier = (component: Component<'classifier'>, params = {}) =>
  create(component, params).component as RunClassifier;
const label = (component: Component<'classifier'>, run: MadeUp, params = {}) =>
  runClassifier(component, params).classify(madeUpRun(run)).label;

describe('dyson-boundary', () => {
  const channels = {
    'dyson-criterion.temperature': 0.5,
    'dyson-criterion.topDrift': -0.3,
    'dyson-criterion.bottomDrift': 0.1,
    'dyson-criterion.startRepulsion': 0.7,
    'dyson-criterion.repulsion': 0.01,
    'dyson-criterion.traceDrift': 0.05,
    'preactivation-distribution.criticalScale': [2, 0.1],
  } as const;
  const of = (changes: MadeUp['channels'], params = {}) =>
    label(dysonBoundary, { channels: { ...channels, ...changes } }, params);

  it('compares widening by noise with the drift of the width, whatever its sign', () => {
    // 0.5 (0.7 + 0.05) = 0.375 against 0.4.
    expect(of({})).toBe('ordered');
    expect(of({ 'dyson-criterion.topDrift': 0.5, 'dyson-criterion.bottomDrift': 0.1 })).toBe('ordered');
    expect(of({ 'dyson-criterion.traceDrift': 0.11 })).toBe('paramagnetic');
    expect(of({ 'dyson-criterion.startRepulsion': 0.76 })).toBe('paramagnetic');
  });

  it('takes the distances of now when told so', () => {
    expect(of({ 'dyson-criterion.startRepulsion': 5 }, { distances: 'now' })).toBe('ordered');
  });

  it('calls a run jammed by its pre-activations at the start', () => {
    expect(of({ 'preactivation-distribution.criticalScale': [0.99, 5] })).toBe('jammed');
    expect(of({ 'preactivation-distribution.criticalScale': [0.99, 5], 'dyson-criterion.startRepulsion': 5 })).toBe(
      'paramagnetic',
    );
  });

  it('gives its evidence', () => {
    const { evidence } = runClassifier(dysonBoundary).classify(madeUpRun({ channels }));
    expect(evidence.drift).toBeCloseTo(-0.4, 14);
    expect(evidence.widening).toBeCloseTo(0.375, 14);
    expect(evidence.wideningOverDrift).toBeCloseTo(0.9375, 12);
  });
});

describe('dyson-boundary-published', () => {
  const axes = [
    { name: 'model.initialWidth', values: [0.25, 0.5, 1, 2], group: 0 },
    { name: 'optimiser.learningRate', values: [1, 2, 4, 8], group: 1 },
  ];
  const rates = [1, 2, 4, 8];
  /** Fraction of ten seeds that pass at each learning rate. */
  const passing = [10, 9, 4, 5];
  const runs = [0.25, 0.5, 1, 2].flatMap((width) =>
    rates.flatMap((rate, i) =>
      Array.from({ length: 10 }, (_, seed) =>
        madeUpRun({
          axes: { 'model.initialWidth': width, 'optimiser.learningRate': rate },
          seed,
          channels: {
            'dyson-criterion.temperature': rate / 4,
            'dyson-criterion.publishedDrift': 1,
            // On the limit the run passes.
            'dyson-criterion.publishedNoise': (seed < passing[i] ? 1 : 1.01) * (4 / rate) * width ** 2,
          },
        }),
      ),
    ),
  );
  const classifier = create(dysonBoundaryPublished, {}).component as SweepClassifier;
  const map = classifier.classify(runs, axes);

  it('passes where the drift is at least T noise / sigma_W^2, and is jammed above sigma_W^2 = 1/2', () => {
    expect(map.cells.map(({ evidence }) => evidence.passes.value)).toEqual(
      [0.25, 0.5, 1, 2].flatMap(() => [1, 1, 0, expect.any(Number)]),
    );
    expect(map.cells.filter((_, i) => i % 4 === 0).map((cell) => cell.label)).toEqual([
      'ordered',
      'ordered',
      'jammed',
      'jammed',
    ]);
  });

  it('the boundary of the paramagnet is where 68 % pass', () => {
    const curves = map.boundaries.filter(({ along }) => along === 'optimiser.learningRate');
    expect(curves.map(({ between }) => between.join(' | ')).sort()).toEqual([
      'jammed | paramagnetic',
      'ordered | paramagnetic',
    ]);
    // From 0.9 at rate 2 to 0.4 at rate 4 in the logarithm, up to the prior.
    for (const { crossings, level } of curves) {
      expect(level).toBe(0.68);
      for (const { value } of crossings) expect(value).toBeCloseTo(2 * 2 ** ((0.9 - 0.68) / 0.5), 1);
    }
  });

  it('the line between ordered and jammed is the drawn one, without a band', () => {
    const [line] = map.boundaries.filter(({ along }) => along === 'model.initialWidth');
    expect(line.between).toEqual(['ordered', 'jammed']);
    expect(line.crossings.map(({ value, low, high }) => [value, low, high])).toEqual(
      line.crossings.map(() => [Math.SQRT1_2, Math.SQRT1_2, Math.SQRT1_2]),
    );
    expect(line.crossings.length).toBeGreaterThan(1);
  });

  it('has no verdict where the model has no such width', () => {
    const other = create(dysonBoundaryPublished, { initialWidth: 'model.scale' }).component as SweepClassifier;
    expect(other.classify(runs, axes).runs.every((verdict) => verdict.label === undefined)).toBe(true);
  });
});

describe('order-parameters', () => {
  const channels = {
    'gram-spectrum.levels': [0.04, 1],
    'span-growth.logarithm': [0, 3.2],
    'saturated-fraction.fraction': [0, 0.1],
    'overlap.q': [0.004, 0.01],
    'field-alignment.hs': 2e-3,
    'field-alignment.hsd': 0.15,
  } as const;
  const of = (changes: MadeUp['channels']) => label(orderParameters, { channels: { ...channels, ...changes } });

  it('paramagnetic when levels have outgrown those of a solution and of the start', () => {
    expect(of({})).toBe('ordered');
    expect(of({ 'gram-spectrum.levels': [0.04, 39] })).toBe('ordered');
    expect(of({ 'gram-spectrum.levels': [0.04, 41] })).toBe('paramagnetic');
    expect(of({ 'gram-spectrum.levels': [600, 5900] })).toBe('ordered');
    expect(of({ 'gram-spectrum.levels': [600, 6100] })).toBe('paramagnetic');
  });

  it('jammed when most features are saturated, whatever they were at the start', () => {
    expect(of({ 'saturated-fraction.fraction': [0.9, 0.6] })).toBe('jammed');
    expect(of({ 'saturated-fraction.fraction': [0.9, 0.4] })).toBe('ordered');
  });

  it('shows q, memory, hs and hsd', () => {
    const { evidence } = runClassifier(orderParameters).classify(madeUpRun({ channels }));
    expect(evidence).toMatchObject({ overlap: 0.01, memory: 2.5, hs: 2e-3, hsd: 0.15, spanGrowth: 3.2 });
  });
});

describe('lyapunov', () => {
  const run = (exponent: number, error: number, scale = 2): MadeUp => ({
    channels: {
      'lyapunov-exponent.perEpoch': exponent,
      'lyapunov-exponent.perEpochError': error,
      'lyapunov-exponent.perStep': exponent / 1000,
      'lyapunov-exponent.perStepError': error / 1000,
      'preactivation-distribution.criticalScale': scale,
    },
  });
  const judge = (made: MadeUp) => runClassifier(lyapunov).classify(madeUpRun(made));

  it('paramagnetic with the probability that the exponent is above the limit, by its error', () => {
    expect(judge(run(3, 0.5)).label).toBe('paramagnetic');
    expect(judge(run(0.03, 0.02)).probabilities.paramagnetic).toBeCloseTo(normalCdf(1), 12);
    expect(judge(run(0.03, 0.02)).probabilities.ordered).toBeCloseTo(normalCdf(-1), 12);
  });

  it('an exponent that vanishes is not chaos', () => {
    expect(judge(run(0, 1e-4)).label).toBe('ordered');
    expect(judge(run(0, 1e-4, 0.5)).label).toBe('jammed');
    expect(judge(run(-2, 0.1)).probabilities.paramagnetic).toBeLessThan(1e-12);
  });

  it('without an error the verdict is definite; without an exponent there is none', () => {
    expect(judge(run(0.5, Number.NaN)).probabilities.paramagnetic).toBe(1);
    expect(judge(run(Number.NaN, Number.NaN)).label).toBeUndefined();
    expect(judge(run(0, 1e-4, Number.NaN)).label).toBeUndefined();
    expect(judge(run(5, 1e-9, Number.NaN)).label).toBe('paramagnetic');
  });

  it('one-pass data have an exponent per step', () => {
    const { channels } = run(9, 1);
    const onePass = { channels: { ...channels, 'lyapunov-exponent.perEpoch': Number.NaN } };
    expect(judge(onePass).evidence.exponent).toBeCloseTo(0.009, 12);
  });
});

describe('stability', () => {
  const channels = {
    'stability-margin.meanSquare': [5, 1.9],
    'stability-margin.gradientDescent': [4, 1.5],
    'stability-margin.langevin': [1, 0.4],
    'preactivation-distribution.criticalScale': 2,
  } as const;
  const of = (changes: MadeUp['channels'], params = {}) =>
    label(stability, { channels: { ...channels, ...changes } }, params);

  it('paramagnetic where deviations grow in mean square at the end, whatever the start was', () => {
    expect(of({})).toBe('ordered');
    expect(of({ 'stability-margin.meanSquare': [0.1, 2.1] })).toBe('paramagnetic');
    expect(of({}, { edge: 1.8 })).toBe('paramagnetic');
    expect(of({ 'preactivation-distribution.criticalScale': 0.4 })).toBe('jammed');
  });

  it('says how much of it is noise, and what the start was', () => {
    const { evidence } = runClassifier(stability).classify(madeUpRun({ channels }));
    expect(evidence.noiseShare).toBeCloseTo(0.4 / 1.9, 12);
    expect(evidence.startMeanSquare).toBe(5);
  });
});

describe.each([
  ['dyson-boundary', dysonBoundary],
  ['stability', stability],
  ['order-parameters', orderParameters],
  ['lyapunov', lyapunov],
])('%s', (_name, component) => {
  it('a diverged run is diverged, whatever was measured', () => {
    expect(label(component, { channels: {}, status: 'diverged' })).toBe('diverged');
  });

  it('has no label, and shows so, where nothing was measured or the run failed', () => {
    for (const status of ['completed', 'failed'] as const) {
      const verdict = runClassifier(component).classify(madeUpRun({ channels: {}, status }));
      expect(verdict.label).toBeUndefined();
      expect(Object.values(verdict.probabilities)).toEqual([Number.NaN, Number.NaN, Number.NaN, Number.NaN]);
    }
  });
});
