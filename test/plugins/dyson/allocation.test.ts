// Steps of matrix-step allocate nothing, by V8's sampling heap profiler. One configuration only, because a second one
// in the same process changes how V8 compiles the first.
import { Session } from 'node:inspector/promises';
import { expect, it } from 'vitest';
import { laguerreProcess } from '../../../plugins/dyson/laguerre-process.js';
import { matrixStep } from '../../../plugins/dyson/matrix-step.js';
import { openProcess } from './process.js';

const STEPS = 200_000;

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

it('matrix-step allocates nothing', async () => {
  const params = { rows: 8, cols: 16, temperature: 0.25 };
  const opened = openProcess([laguerreProcess, params], [matrixStep, { stepSize: 1 / 1024 }]);
  const move = () => opened.step(STEPS);
  const kept: { sum: number }[] = [];
  const control = () => {
    for (let step = 0; step < STEPS; step++) kept[step % 10] = { sum: step + 0.5 };
  };
  const session = new Session();
  session.connect();
  move();
  control();
  // A single boxed double at each step would be 16 bytes a step; what compilation leaves behind is below one.
  expect((await bytesOf(session, move)) / STEPS).toBeLessThan(1);
  expect((await bytesOf(session, control)) / STEPS).toBeGreaterThan(8);
  session.disconnect();
});
