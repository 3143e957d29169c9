// The scenario that most tests of hosts compute, and the digests by which results are compared; usable outside vitest.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Scenario } from '../../core/scenario/scenario.js';

/** Eight short runs with much that could go wrong: momentum, a schedule, a reshuffled order, a path. */
export const eightRuns: Scenario = {
  title: 'Eight runs',
  plugins: ['teacher-student', 'sgd', 'training', 'spectrum'],
  seed: 11,
  steps: 400,
  model: { use: 'teacher-student', hidden: 8, features: 4, samples: 40 },
  loss: { use: 'half-mean-square' },
  noise: { use: 'minibatch', batchSize: 7, order: 'reshuffled' },
  optimiser: { use: 'momentum', learningRate: { ramp: [0.5, 0.05], over: 300, shape: 'geometric' }, momentum: 0.5 },
  observers: {
    state: { use: 'weights', block: 'W', when: { every: 100 } },
    levels: { use: 'gram-spectrum', block: 'W', when: { perDecade: 2 } },
    path: { use: 'epoch-mean-gradient-norm', when: { everyEpochs: 10 } },
  },
  sweep: { axes: { 'model.initialWidth': [0.5, 2], 'optimiser.weightDecay': [0, 0.001] }, seeds: 2 },
};

/** SHA-256 of every stored run, by id. */
export function digestsOf(out: string): Record<string, string> {
  const folder = join(out, 'runs');
  const files = readdirSync(folder).filter((file) => file.endsWith('.npz'));
  return Object.fromEntries(
    files.map((file) => [
      file,
      createHash('sha256')
        .update(readFileSync(join(folder, file)))
        .digest('hex'),
    ]),
  );
}
