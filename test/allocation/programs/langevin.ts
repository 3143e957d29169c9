// The Langevin equation on a fresh subset in every step: the weights of the samples are drawn in JavaScript.
import { printBytesOf } from '../scenario.js';

await printBytesOf(
  {
    model: { use: 'teacher-student', samples: 200 },
    loss: { use: 'half-mean-square' },
    noise: { use: 'langevin', temperature: 1 / 64, subset: 8 },
    optimiser: { use: 'sgd', learningRate: 1 / 256 },
  },
  100_000,
);
