// A million steps of the published protocol allocate nothing. One configuration only; see allocation.ts.
import { expect, it } from 'vitest';
import { measureAllocation } from './allocation.js';

it('plain sgd on the published network, cyclic batches of 4, allocates nothing per step', async () => {
  const { measured, control } = await measureAllocation({
    title: 'Published protocol',
    plugins: ['teacher-student', 'sgd'],
    model: { use: 'teacher-student' },
    loss: { use: 'half-mean-square' },
    noise: { use: 'minibatch', batchSize: 4, order: 'cyclic' },
    optimiser: { use: 'sgd', learningRate: 0.125 },
  });
  // One boxed double in three hundred steps would show.
  expect(measured).toBeLessThan(0.05);
  expect(control).toBeGreaterThan(8);
});
