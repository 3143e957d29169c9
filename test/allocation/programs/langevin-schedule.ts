// The Langevin equation at a step size that falls: steps that are made one by one, with a schedule.
import { printBytesOf } from '../scenario.js';

await printBytesOf(
  {
    model: { use: 'teacher-student', samples: 200 },
    loss: { use: 'half-mean-square' },
    noise: { use: 'langevin', temperature: 1 / 64, subset: 8 },
    optimiser: { use: 'sgd', learningRate: { ramp: [1 / 256, 1 / 512], over: 1_000_000 } },
  },
  100_000,
);
