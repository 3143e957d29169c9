// Whole runs under Langevin noise: gradient descent at temperature zero, the same bits again and after a checkpoint.
import { describe, expect, it } from 'vitest';
import type { Scenario } from '../../../core/scenario/scenario.js';
import { open, published } from '../../physics/langevin/published-network.js';

const model = { use: 'teacher-student', samples: 300 };
const optimiser = { use: 'sgd', learningRate: 1 / 32 };

function weightsAfter(steps: number, noise: Scenario['noise'], seed = 1): number[] {
  const run = open({ ...published, model, optimiser, noise, seed });
  run.advance(steps);
  expect(run.status).toBe('completed');
  return [...run.view.theta];
}

describe('Langevin noise in a run', () => {
  it('at temperature zero is gradient descent, bit for bit', () => {
    const descent = weightsAfter(50, { use: 'full-batch' });
    expect(weightsAfter(50, { use: 'langevin', temperature: 0 })).toEqual(descent);
    expect(weightsAfter(50, { use: 'langevin', temperature: 1e-3 })).not.toEqual(descent);
  });

  it.each([{}, { subset: 16 }, { replica: 2 }, { covariance: 'isotropic' }])(
    'gives the same bits again: %j',
    (params) => {
      const noise = { use: 'langevin', temperature: 1 / 32, ...params };
      const weights = weightsAfter(40, noise);
      expect(weightsAfter(40, noise)).toEqual(weights);
      expect(weightsAfter(40, { ...noise, temperature: 1 / 16 })).not.toEqual(weights);
    },
  );

  it('goes on from a checkpoint with the same bits', () => {
    const scenario = { ...published, model, optimiser, noise: { use: 'langevin', temperature: 1 / 32, subset: 32 } };
    const straight = weightsAfter(60, scenario.noise);
    const first = open(scenario);
    first.advance(25);
    const checkpoint = first.capture();
    const second = open(scenario);
    second.restore(checkpoint);
    second.advance(60);
    expect([...second.view.theta]).toEqual(straight);
  });

  it('replicas share task, data and first weights', () => {
    const runs = [0, 1].map((replica) => {
      const run = open({ ...published, model, optimiser, noise: { use: 'langevin', temperature: 1 / 32, replica } });
      const first = [...run.view.theta];
      const { loss } = run.view.fullBatch();
      run.advance(10);
      return { first, loss, last: [...run.view.theta] };
    });
    expect(runs[0].first).toEqual(runs[1].first);
    expect(runs[0].loss).toBe(runs[1].loss);
    expect(runs[0].last).not.toEqual(runs[1].last);
  });
});
