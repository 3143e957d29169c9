// Steps of `gaussian-rbm` allocate nothing. One configuration in a file, because a second one in the same process changes
// how V8 compiles the first.
import { expect, test } from 'vitest';
import { simulate } from '../../../core/testing/stage.js';
import { meanOutput } from '../../../plugins/sgd/mean-output.js';
import { sgd } from '../../../plugins/sgd/sgd.js';
import { gaussianRbm } from '../../../plugins/solvable/gaussian-rbm.js';
import { persistentChains } from '../../../plugins/solvable/persistent-chains.js';
import { bytesPerStep } from './allocated-bytes.js';

test('a step allocates nothing', async () => {
  const { simulation, arena } = simulate({
    component: gaussianRbm,
    options: {
      params: {},
      stage: {
        loss: { component: meanOutput },
        noise: { component: persistentChains, params: { chains: 4 } },
        optimiser: { component: sgd, params: { learningRate: 0.05 } },
      },
    },
  });
  arena.seal();
  const { clock, steps } = simulation;
  const train = (count: number) => {
    for (let made = 0; made < count; made += steps) {
      clock.step = 0;
      simulation.advance(steps);
    }
  };
  // A single boxed double at each step would be 16 bytes a step.
  expect(await bytesPerStep(20_000, train)).toBeLessThan(1);
  expect(simulation.status).toBe('completed');
  const kept: { sum: number }[] = [];
  const control = (count: number) => {
    for (let step = 0; step < count; step++) kept[step % 10] = { sum: step + 0.5 };
  };
  expect(await bytesPerStep(20_000, control)).toBeGreaterThan(8);
});
