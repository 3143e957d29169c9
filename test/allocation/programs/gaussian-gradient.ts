// Copies of a quadratic loss under noise of the shape of its Hessian.
import { printBytesOf } from '../scenario.js';

await printBytesOf(
  {
    model: { use: 'quadratic', eigenvalues: [2, 1, 0.5], copies: 5, basis: 'random' },
    loss: { use: 'half-mean-square' },
    noise: { use: 'gaussian-gradient', variance: 0.5 },
    optimiser: { use: 'momentum', learningRate: 0.05 },
  },
  500_000,
);
