// The Laguerre process by matrix-step.
import { printBytesOf } from '../scenario.js';

await printBytesOf(
  {
    model: { use: 'laguerre-process', rows: 8, cols: 16, temperature: 0.25 },
    loss: { use: 'mean-output' },
    noise: { use: 'full-batch' },
    optimiser: { use: 'matrix-step', stepSize: 1 / 1024 },
  },
  100_000,
);
