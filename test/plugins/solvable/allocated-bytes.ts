// What steps allocate, by V8's sampling heap profiler.
import { Session } from 'node:inspector/promises';

const SAMPLING = {
  samplingInterval: 64,
  includeObjectsCollectedByMajorGC: true,
  includeObjectsCollectedByMinorGC: true,
} as const;

/**
 * @param run makes that many steps
 * @returns bytes per step, live or already collected, after a warm-up of as many steps
 */
export async function bytesPerStep(steps: number, run: (steps: number) => void): Promise<number> {
  const session = new Session();
  session.connect();
  run(steps);
  await session.post('HeapProfiler.startSampling', SAMPLING);
  run(steps);
  const { profile } = await session.post('HeapProfiler.stopSampling');
  session.disconnect();
  const total = (node: typeof profile.head): number =>
    node.children.reduce((sum, child) => sum + total(child), node.selfSize);
  return total(profile.head) / steps;
}
