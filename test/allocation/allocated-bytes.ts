// What steps allocate, by V8's sampling heap profiler. One configuration in a process: a second one changes how V8
// compiles the first.
import { Session } from 'node:inspector/promises';

const SAMPLING = {
  samplingInterval: 64,
  includeObjectsCollectedByMajorGC: true,
  includeObjectsCollectedByMinorGC: true,
} as const;

/** Bytes that `work` allocates, those that were collected meanwhile included. */
async function allocatedBytes(session: Session, work: () => void): Promise<number> {
  await session.post('HeapProfiler.startSampling', SAMPLING);
  work();
  const { profile } = await session.post('HeapProfiler.stopSampling');
  const total = (node: typeof profile.head): number =>
    node.children.reduce((sum, child) => sum + total(child), node.selfSize);
  return total(profile.head);
}

/** A run advances in slices, between which it returns to the event loop: so functions are called more than once. */
const SLICE = 1000;
/** Bytes per step that are as good as none: one boxed double in three hundred steps would be more. */
const NOTHING = 0.05;
/** Rounds that the compiler has to finish: it works beside them, and late where other processes take its time. */
const MOST_ROUNDS = 15;
const pause = () => new Promise((resolve) => setTimeout(resolve, 20));

/**
 * Prints the bytes per step of the round that allocates least, after a warm-up; no further rounds once one allocates
 * nothing. What the compiler and the profiler leave behind falls into some rounds; what a step allocates falls into all.
 *
 * @param steps of a round
 * @param run makes so many steps
 */
export async function printBytesPerStep(steps: number, run: (steps: number) => void): Promise<void> {
  const session = new Session();
  session.connect();
  const round = () => {
    for (let made = 0; made < steps; made += SLICE) run(SLICE);
  };
  round();
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < MOST_ROUNDS && least >= NOTHING; i++) {
    await pause();
    least = Math.min(least, (await allocatedBytes(session, round)) / steps);
  }
  session.disconnect();
  process.stdout.write(`${JSON.stringify(least)}\n`);
}
