// Steps of `linear-teacher-student` allocate nothing. One configuration only; see allocated-bytes.ts.
import { expect, test } from 'vitest';
import { simulate } from '../../../core/testing/stage.js';
import { meanOutput } from '../../../plugins/sgd/mean-output.js';
import { minibatch } from '../../../plugins/sgd/minibatch.js';
import { sgd } from '../../../plugins/sgd/sgd.js';
import { linearTeacherStudent } from '../../../plugins/solvable/linear-teacher-student.js';
import { expectNoAllocation } from '../../allocated-bytes.js';

test('a step allocates nothing', async () => {
  const { simulation, arena } = simulate({
    component: linearTeacherStudent,
    options: {
      params: { samples: 'endless' },
      stage: {
        loss: { component: meanOutput },
        noise: { component: minibatch, params: { batchSize: 16, order: 'cyclic' } },
        optimiser: { component: sgd, params: { learningRate: 0.05 } },
      },
    },
  });
  arena.seal();
  const { clock, steps } = simulation;
  await expectNoAllocation(40_000, (count) => {
    if (clock.step + count > steps) clock.step = 0;
    simulation.advance(clock.step + count);
  });
  expect(simulation.status).toBe('completed');
});
