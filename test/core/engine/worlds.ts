// Runs of 200 steps or so with everything that has to survive when one is broken off.
import type { RunConfig } from '../../../core/scenario/resolve.js';
import { configOf, networkScenario } from './runs.js';

const rate = { ramp: [0.5, 0.05], over: 150, shape: 'geometric' };
export const worlds: readonly [string, RunConfig][] = [
  [
    'the published protocol: sgd, cyclic order',
    configOf(
      {
        observers: {
          weights: { use: 'weights', block: 'W', when: { every: 30 } },
          spectrum: { use: 'gram-spectrum', block: 'W', when: { perDecade: 4 } },
          loss: { use: 'full-loss', when: { atEpochs: [0, 1, 'end'] } },
        },
      },
      networkScenario,
    ),
  ],
  [
    'momentum, a schedule, a reshuffled order whose batches straddle epochs, a path that is measured along the way',
    configOf(
      {
        noise: { use: 'minibatch', batchSize: 7, order: 'reshuffled' },
        optimiser: { use: 'momentum', learningRate: rate, momentum: 0.75, weightDecay: 1e-3 },
        observers: {
          path: { use: 'epoch-mean-gradient-norm', when: { every: 20 } },
          training: { use: 'epoch-mean-loss', when: { every: 20 } },
          ahead: { use: 'batch-loss', when: { every: 9 } },
          weights: { use: 'weights', block: 'W', when: { at: [0, 100, 'end'] } },
        },
      },
      networkScenario,
    ),
  ],
  [
    'nesterov on fresh subsets',
    configOf(
      {
        noise: { use: 'minibatch', batchSize: 5, order: 'fresh-subset' },
        optimiser: { use: 'nesterov', learningRate: 0.1 },
        observers: { weights: { use: 'weights', block: 'W', when: { every: 50 } } },
      },
      networkScenario,
    ),
  ],
  [
    'a persistent force, derived windows and a lead',
    configOf({
      steps: 200,
      noise: { use: 'shaken' },
      optimiser: {
        use: 'heavy',
        rate: {
          pieces: [
            [0, 0.1],
            [77, 0.05],
          ],
        },
      },
      observers: {
        windows: { use: 'windowed', when: { every: 7 } },
        path: { use: 'path', lead: 13, when: { every: 20 } },
        position: { use: 'position', when: { points: 11 } },
      },
    }),
  ],
  [
    'one-pass data',
    configOf({
      steps: 200,
      model: { use: 'line', samples: 'endless' },
      observers: { position: { use: 'position', when: { every: 30 } } },
    }),
  ],
];
