// What runs of regression are called.
import { describe, expect, test } from 'vitest';
import type { RunRecord, RunStatus } from '../../../core/contracts/classifier.js';
import type { Component } from '../../../core/contracts/component.js';
import { onePassStability } from '../../../plugins/disordered-dynamics/one-pass-stability.js';
import { testErrorShape } from '../../../plugins/disordered-dynamics/test-error-shape.js';
import { create } from '../workbench.js';

const runOf = (frames: Readonly<Record<string, readonly number[]>>, status: RunStatus = 'completed'): RunRecord => ({
  id: 'made-up',
  axes: {},
  seed: 0,
  status,
  steps: 100,
  parameter: () => undefined,
  series(need) {
    if (!(need in frames)) return undefined;
    const place = Float64Array.from(frames[need], (_, i) => 10 * i);
    return { shape: [], data: Float64Array.from(frames[need]), step: place, epoch: place, time: place };
  },
});

function judge(component: Component<'classifier'>, run: RunRecord, params = {}) {
  const made = create(component, params).component;
  if (made.scope !== 'run') throw new Error('judges runs one by one');
  return made.classify(run);
}

describe('test-error-shape', () => {
  test.each([
    [[1, 0.6, 0.5, 0.5], 'monotone'],
    [[1, 0.6, 0.5, 0.504], 'monotone'],
    [[1, 0.6, 0.5, 0.506], 'non-monotone'],
    // Up and down again: it has risen.
    [[1, 0.5, 0.7, 0.4], 'non-monotone'],
    [[0.4, 0.5, 0.6], 'non-monotone'],
  ])('%o is %s', (test, label) => {
    expect(judge(testErrorShape, runOf({ 'regression-error.test': test })).label).toBe(label);
  });

  test('tells where the minimum was, and by how much the error rose', () => {
    const { evidence } = judge(testErrorShape, runOf({ 'regression-error.test': [1, 0.5, 0.75, 0.6] }));
    expect(evidence).toEqual({ minimum: 0.5, minimumTime: 10, rise: 0.5, final: 0.6 });
  });

  test('needs frames, and says diverged where the run did', () => {
    expect(judge(testErrorShape, runOf({})).label).toBeUndefined();
    expect(judge(testErrorShape, runOf({ 'regression-error.test': [1, 2] }, 'diverged')).label).toBe('diverged');
  });
});

describe('one-pass-stability', () => {
  const frames = (error: readonly number[]) => ({
    'one-pass-error.error': error,
    'one-pass-error.criticalRate': [0.1, 0.1],
  });

  test.each([
    [[1, 2], 'unstable'],
    [[1, 0.5], 'stable'],
  ])('%o is %s', (error, label) => {
    expect(judge(onePassStability, runOf(frames(error))).label).toBe(label);
  });

  test('tells the growth in a step', () => {
    const { evidence } = judge(onePassStability, runOf(frames([1, 0.5])));
    expect(evidence.growth).toBeCloseTo(Math.log(0.5) / 10, 12);
    expect(evidence.criticalRate).toBe(0.1);
  });

  test('needs two frames; a run that diverged is unstable', () => {
    expect(judge(onePassStability, runOf(frames([1]))).label).toBeUndefined();
    expect(judge(onePassStability, runOf({}, 'diverged')).label).toBe('unstable');
  });
});
