// Momentum with two schedules, weight decay and a reshuffled order.
import { printBytesOf } from '../scenario.js';

await printBytesOf(
  {
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
  },
  250_000,
);
