// Steps with everything that a step can have allocate nothing. One configuration only; see allocation.ts.
import { expect, it } from 'vitest';
import { measureAllocation } from './allocation.js';

it('momentum with two schedules, weight decay and a reshuffled order allocates nothing per step', async () => {
  const { measured, control } = await measureAllocation({
    title: 'Momentum, schedules, reshuffled',
    plugins: ['teacher-student', 'sgd'],
    model: { use: 'teacher-student', hidden: 16, features: 8, samples: 500 },
    loss: { use: 'half-mean-square' },
    noise: { use: 'minibatch', batchSize: 3, order: 'reshuffled' },
    optimiser: {
      use: 'momentum',
      learningRate: { ramp: [0.125, 0.01], over: 1_000_000, shape: 'geometric' },
      momentum: {
        pieces: [
          [0, 0.5],
          [300_000, 0.75],
        ],
      },
      weightDecay: 1e-4,
    },
  });
  // One boxed double in three hundred steps would show.
  expect(measured).toBeLessThan(0.05);
  expect(control).toBeGreaterThan(8);
});
