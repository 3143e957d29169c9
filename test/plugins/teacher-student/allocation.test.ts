// Training steps of the published network allocate nothing, by V8's sampling heap profiler. One configuration only,
// because a second one in the same process changes how V8 compiles the first.
import { Session } from 'node:inspector/promises';
import { expect, it } from 'vitest';
import { build, initialTheta } from './build.js';

const STEPS = 100_000;

/** Bytes allocated by `run`, live or already collected. */
async function bytesOf(session: Session, run: () => void): Promise<number> {
  await session.post('HeapProfiler.startSampling', {
    samplingInterval: 64,
    includeObjectsCollectedByMajorGC: true,
    includeObjectsCollectedByMinorGC: true,
  });
  run();
  const { profile } = await session.post('HeapProfiler.stopSampling');
  const total = (node: typeof profile.head): number =>
    node.children.reduce((sum, child) => sum + total(child), node.selfSize);
  return total(profile.head);
}

it('forward, targets and backward allocate nothing', async () => {
  const built = build({ samples: 400 });
  const { model, zeros, batch: indices, workspace } = built;
  const { kernels } = workspace;
  model.reserve(4);
  const theta = initialTheta(built);
  const batch = indices([0, 0, 0, 0]);
  const weights = zeros(4).fill(1 / 4);
  const [out, target, dOut, loss] = [zeros(4), zeros(4), zeros(4), zeros(1)];
  const gradient = zeros(model.size);
  const train = () => {
    for (let step = 0; step < STEPS; step++) {
      for (let i = 0; i < 4; i++) batch[i] = (4 * step + i) % 400;
      model.forward(theta, batch, 4, out);
      model.targets(batch, 4, target);
      kernels.halfMeanSquare(out, target, weights, 4, 1, dOut, loss);
      model.backward(theta, batch, 4, dOut, gradient);
      kernels.sgdStep(theta, gradient, model.size, 0.5, 0);
    }
  };
  const kept: { sum: number }[] = [];
  const control = () => {
    for (let step = 0; step < STEPS; step++) kept[step % 10] = { sum: step + 0.5 };
  };
  const session = new Session();
  session.connect();
  train();
  control();
  // A single boxed double at each step would be 16 bytes a step; what compilation leaves behind is below one.
  expect((await bytesOf(session, train)) / STEPS).toBeLessThan(1);
  expect((await bytesOf(session, control)) / STEPS).toBeGreaterThan(8);
  session.disconnect();
});
