// Steps of the Langevin equation allocate nothing. One configuration only; see allocated-bytes.ts.
import { it } from 'vitest';
import { expectNoAllocation } from '../../allocated-bytes.js';
import { open, published } from '../../physics/langevin/published-network.js';

it('a fresh subset in every step', async () => {
  const run = open({
    ...published,
    steps: 1_000_000,
    model: { use: 'teacher-student', samples: 200 },
    noise: { use: 'langevin', temperature: 1 / 64, subset: 8 },
  });
  await expectNoAllocation(40_000, (steps) => run.advance(run.clock.step + steps));
});
