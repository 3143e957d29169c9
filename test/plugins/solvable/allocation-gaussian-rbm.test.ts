// Steps of `gaussian-rbm` allocate nothing. One configuration only; see allocated-bytes.ts.
import { expect, test } from 'vitest';
import { simulate } from '../../../core/testing/stage.js';
import { meanOutput } from '../../../plugins/sgd/mean-output.js';
import { sgd } from '../../../plugins/sgd/sgd.js';
import { gaussianRbm } from '../../../plugins/solvable/gaussian-rbm.js';
import { persistentChains } from '../../../plugins/solvable/persistent-chains.js';
import { expectNoAllocation } from '../../allocated-bytes.js';

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
  await expectNoAllocation(20_000, (count) => {
    if (clock.step + count > steps) clock.step = 0;
    simulation.advance(clock.step + count);
  });
  expect(simulation.status).toBe('completed');
});
