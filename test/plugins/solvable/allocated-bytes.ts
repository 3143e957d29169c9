// What steps allocate, by V8's sampling heap profiler.
import { Session } from 'node:inspector/promises';

const SAMPLING = {
  samplingInterval: 64,
  includeObjectsCollectedByMajorGC: true,
  includeObjectsCollectedByMinorGC: true,
} as const;

/**
 * @param run makes that many steps
 * @returns bytes per step, live or already collected, after a warm-up. Measured twice, and the second time counts: the
 *   first holds what the profiler itself leaves behind
 */
export async function bytesPerStep(steps: number, run: (steps: number) => void): Promise<number> {
  const session = new Session();
  session.connect();
  const measure = async () => {
    await session.post('HeapProfiler.startSampling', SAMPLING);
    run(steps);
    const { profile } = await session.post('HeapProfiler.stopSampling');
    const total = (node: typeof profile.head): number =>
      node.children.reduce((sum, child) => sum + total(child), node.selfSize);
    return total(profile.head) / steps;
  };
  run(steps);
  await measure();
  const bytes = await measure();
  session.disconnect();
  return bytes;
}
