// Steps of the Langevin equation allocate nothing, by V8's sampling heap profiler. One configuration only, because a
// second one in the same process changes how V8 compiles the first.
import { Session } from 'node:inspector/promises';
import { expect, it } from 'vitest';
import { open, published } from '../../physics/langevin/published-network.js';

const STEPS = 40_000;

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

it('a fresh subset in every step', async () => {
  const run = open({
    ...published,
    steps: 1_000_000,
    model: { use: 'teacher-student', samples: 200 },
    noise: { use: 'langevin', temperature: 1 / 64, subset: 8 },
  });
  const advance = () => run.advance(run.clock.step + STEPS);
  const kept: { sum: number }[] = [];
  const control = () => {
    for (let step = 0; step < STEPS; step++) kept[step % 10] = { sum: step + 0.5 };
  };
  const session = new Session();
  session.connect();
  // Compilation in the background may take several rounds on a busy machine; a double boxed at each step, 16 bytes,
  // would be there in every one of them.
  const rounds: number[] = [];
  for (let round = 0; round < 6; round++) rounds.push((await bytesOf(session, advance)) / STEPS);
  expect(Math.min(...rounds)).toBeLessThan(0.5);
  control();
  expect((await bytesOf(session, control)) / STEPS).toBeGreaterThan(8);
  session.disconnect();
});
