// The outcome of a run on any task, rule by rule, and the classifiers of phases where there is no teacher.
import { describe, expect, test } from 'vitest';
import type { RunClassifier } from '../../../core/contracts/classifier.js';
import type { Component } from '../../../core/contracts/component.js';
import type { Json } from '../../../core/contracts/json.js';
import { dysonBoundary } from '../../../plugins/phases/dyson-boundary.js';
import { dysonBoundaryPublished } from '../../../plugins/phases/dyson-boundary-published.js';
import { learned } from '../../../plugins/phases/learned.js';
import { lyapunov } from '../../../plugins/phases/lyapunov.js';
import { orderParameters } from '../../../plugins/phases/order-parameters.js';
import { outcome } from '../../../plugins/phases/outcome.js';
import { stability } from '../../../plugins/phases/stability.js';
import { create } from '../workbench.js';
import { type MadeUp, madeUpRun } from './made-up-run.js';

const judge = (params = {}) => create(learned, params).component as RunClassifier;

const channels = {
  'full-loss.loss': [2, 0.5],
  'loss-fluctuation.mean': 0.5,
  'loss-fluctuation.relative': 0.01,
  'accuracy.train': [0.25, 0.7],
  'accuracy.test': [0.25, 0.94],
} as const;

const label = (changes: MadeUp['channels'], params = {}, more: Partial<MadeUp> = {}) =>
  judge(params).classify(madeUpRun({ channels: { ...channels, ...changes }, ...more })).label;

describe('by loss', () => {
  test.each([
    [{}, 'frozen'],
    [{ 'loss-fluctuation.mean': 0.19 }, 'learned'],
    [{ 'loss-fluctuation.mean': 0.21 }, 'frozen'],
    [{ 'loss-fluctuation.relative': 0.06 }, 'fluctuating'],
    // A run that has learned may fluctuate.
    [{ 'loss-fluctuation.mean': 0.1, 'loss-fluctuation.relative': 0.6 }, 'learned'],
    // A loss that has grown.
    [{ 'loss-fluctuation.mean': 40, 'loss-fluctuation.relative': 0.3 }, 'fluctuating'],
    [{ 'loss-fluctuation.mean': undefined }, undefined],
    [{ 'loss-fluctuation.relative': undefined }, undefined],
    // Without a frame at step 0 it is not known what was lost.
    [{ 'full-loss.loss': 0.5 }, undefined],
  ])('%j: %s', (changes, expected) => {
    expect(label(changes)).toBe(expected);
  });

  test('thresholds are parameters', () => {
    expect(label({}, { learnedFraction: 0.3 })).toBe('learned');
    expect(label({}, { fluctuation: 0.005 })).toBe('fluctuating');
  });
});

describe('by accuracy', () => {
  test('the share of what was wrong that became right decides', () => {
    // (0.7 - 0.25)/0.75 = 0.6 and (0.94 - 0.25)/0.75 = 0.92.
    expect(label({}, { by: 'train' })).toBe('frozen');
    expect(label({}, { by: 'test' })).toBe('learned');
    expect(label({}, { by: 'train', learnedGain: 0.6 })).toBe('learned');
    expect(label({ 'loss-fluctuation.relative': 0.06 }, { by: 'train' })).toBe('fluctuating');
  });

  test('all right from the start is learned', () => {
    expect(label({ 'accuracy.train': [1, 1] }, { by: 'train' })).toBe('learned');
    expect(label({ 'accuracy.train': [1, 0.9] }, { by: 'train' })).toBe('frozen');
  });

  test('it asks for that channel, and not without', () => {
    expect(judge({ by: 'test' }).needs).toContain('accuracy.test');
    expect(judge().needs.join()).not.toContain('accuracy');
  });
});

describe('how a run ended', () => {
  test('diverged, whatever was measured', () => {
    expect(label({ 'loss-fluctuation.mean': 0.1 }, {}, { status: 'diverged' })).toBe('diverged');
    expect(label({ 'full-loss.loss': undefined }, {}, { status: 'diverged' })).toBe('diverged');
  });

  test('failed says nothing', () => {
    expect(label({ 'loss-fluctuation.mean': 0.1 }, {}, { status: 'failed' })).toBe(undefined);
  });

  test('a saturated run is judged by its last loss, and is still', () => {
    const gone = { 'loss-fluctuation.mean': undefined, 'loss-fluctuation.relative': undefined };
    expect(label(gone, {}, { status: 'saturated' })).toBe('frozen');
    expect(label({ ...gone, 'full-loss.loss': [2, 0] }, {}, { status: 'saturated' })).toBe('learned');
  });
});

test('evidence and probabilities', () => {
  const { evidence, probabilities } = judge({ by: 'train' }).classify(madeUpRun({ channels }));
  expect(evidence).toMatchObject({ lossRatio: 0.25, fluctuation: 0.01, startAccuracy: 0.25, endAccuracy: 0.7 });
  expect(evidence.gain).toBeCloseTo(0.6, 14);
  expect(probabilities).toEqual({ learned: 0, frozen: 1, fluctuating: 0, diverged: 0 });
});

test.each([
  [{ learnedFraction: 1 }, /learnedFraction/],
  [{ learnedGain: 0 }, /learnedGain/],
  [{ fluctuation: 0 }, /fluctuation/],
  [{ by: 'validation' }, /by: expected one of loss, train, test/],
])('%j is refused', (params, message) => {
  expect(() => judge(params)).toThrow(message);
});

describe('without a teacher', () => {
  const notTold = { jammed: 'not-told' };
  const of = (component: typeof lyapunov | typeof stability | typeof dysonBoundary, measured: MadeUp['channels']) => {
    const classifier = create(component, notTold).component as RunClassifier;
    expect(classifier.needs.join()).not.toContain('preactivation-distribution');
    return classifier.classify(madeUpRun({ channels: measured })).label;
  };

  test('lyapunov, stability and dyson-boundary do not tell jammed from ordered, and need no held-out inputs', () => {
    const exponent = (value: number) => ({
      'lyapunov-exponent.perEpoch': value,
      'lyapunov-exponent.perEpochError': 0.001,
    });
    expect(of(lyapunov, exponent(0.5))).toBe('paramagnetic');
    expect(of(lyapunov, exponent(-0.5))).toBe('ordered');
    expect(of(stability, { 'stability-margin.meanSquare': 2.5 })).toBe('paramagnetic');
    expect(of(stability, { 'stability-margin.meanSquare': 1.5 })).toBe('ordered');
    const criterion = {
      'dyson-criterion.temperature': 1,
      'dyson-criterion.topDrift': 0.1,
      'dyson-criterion.bottomDrift': 0,
      'dyson-criterion.traceDrift': 0,
    };
    expect(of(dysonBoundary, { ...criterion, 'dyson-criterion.startRepulsion': 1 })).toBe('paramagnetic');
    expect(of(dysonBoundary, { ...criterion, 'dyson-criterion.startRepulsion': 0.01 })).toBe('ordered');
  });

  test('order-parameters asks for levels and saturation alone', () => {
    const classifier = create(orderParameters, { evidence: 'least' }).component as RunClassifier;
    expect(classifier.refuses?.({ parameter: () => 'classes' })).toBe(undefined);
    expect(classifier.needs).toEqual(['gram-spectrum.levels', 'saturated-fraction.fraction']);
    const label = (level: number, saturated: number) =>
      classifier.classify(
        madeUpRun({ channels: { 'gram-spectrum.levels': [4, level], 'saturated-fraction.fraction': [0, saturated] } }),
      ).label;
    expect([label(5, 0.1), label(5, 0.9), label(90, 0.9)]).toEqual(['ordered', 'jammed', 'paramagnetic']);
  });

  test.each([
    ['outcome', outcome, {}, /take "learned"/],
    ['order-parameters', orderParameters, {}, /take evidence: 'least'/],
    ['dyson-boundary-published', dysonBoundaryPublished, {}, /take "dyson-boundary" with jammed: 'not-told'/],
  ] as const)('%s refuses a task of its own with the remedy, and no other', (_name, component, params, remedy) => {
    const classifier = create(component as Component<'classifier'>, params).component;
    const parameters = (values: Record<string, Json>) => ({ parameter: (path: string) => values[path] });
    expect(classifier.refuses?.(parameters({ 'model.targets': 'classes' }))).toMatch(remedy);
    expect(classifier.refuses?.(parameters({ 'model.arrays': 'task.npz' }))).toBe(undefined);
  });
});
