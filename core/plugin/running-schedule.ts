// A schedule, ready to run.
import type { Clock } from '../contracts/clock.js';

/** Writes its value at a step into a slot. */
export interface RunningSchedule {
  /** Smallest and largest value that it takes. */
  readonly range: readonly [number, number];
  write(at: Clock, slot: Float64Array): void;
}
