// What a run on a quadratic loss is called.
import { expect, test } from 'vitest';
import type { Classifier } from '../../../core/contracts/classifier.js';
import { damping } from '../../../plugins/linear-stability/damping.js';
import { madeUpRun } from '../phases/made-up-run.js';
import { create } from '../workbench.js';
import { runLinear } from './settings.js';

const classifier: Classifier = create(damping).component;
const labelOf = (run: Parameters<typeof madeUpRun>[0]) =>
  classifier.scope === 'run' ? classifier.classify(madeUpRun(run)).label : undefined;

const channels = (slowest: number | undefined, swing: number) => ({
  'mode-dynamics.slowest': slowest,
  'mode-dynamics.swing': swing,
  'mode-dynamics.distance': [5, 1] as const,
});

test.each([
  ['over-damped', channels(0.9, 0)],
  ['oscillatory', channels(0.9, 0.3)],
  ['oscillatory', channels(0.9, Math.PI)],
  ['diverging', channels(1.01, 0.3)],
  [undefined, channels(undefined, 0.3)],
])('%s', (label, measured) => {
  expect(labelOf({ channels: measured })).toBe(label);
});

test('a run that diverged is diverging whatever was measured', () => {
  expect(labelOf({ channels: channels(0.9, 0), status: 'diverged' })).toBe('diverging');
  expect(labelOf({ channels: channels(0.9, 0), status: 'failed' })).toBeUndefined();
});

// Real and positive eigenvalues where the convexity is not below the curvatures, a pair or negative ones below.
test.each([
  [0.5, 4, 'over-damped'],
  [0.5, 1, 'oscillatory'],
  [4, 1, 'oscillatory'],
  [6, 1, 'diverging'],
])('nag-gs of step %d and convexity %d is %s', async (learningRate, convexity, label) => {
  const [found] = await runLinear(
    {
      seed: 1,
      steps: 20,
      model: { use: 'quadratic', eigenvalues: [3, 1], initial: 1 },
      loss: { use: 'half-mean-square' },
      noise: { use: 'full-batch' },
      optimiser: { use: 'nag-gs', learningRate, convexity, mass: convexity },
      observers: { modes: { use: 'mode-dynamics', when: 'end' } },
    },
    (ended) => [...ended.last('modes.slowest'), ...ended.last('modes.swing')] as const,
  );
  expect(labelOf({ channels: channels(found[0], found[1]) })).toBe(label);
});
