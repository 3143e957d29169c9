// Replicas: copies of a run with the same task, data and first weights that differ in their noise alone.
import type { Stream } from '../contracts/environment.js';
import { integer } from '../contracts/parameters.js';

/** Parameter of a noise model. Sweep it to average over the noise at fixed disorder; `seeds` redraws everything. */
export const replica = integer({
  doc:
    'number of the noise history. Runs that differ in it alone share task, data and first weights, as the replicas of ' +
    'a disordered system do; the seeds of a sweep redraw those too',
  unit: '1',
  default: 0,
  min: 0,
});

/** @returns a stream of its own for each replica; replica 0 draws from `random` itself. */
export function replicaStream(random: Stream, replica: number): Stream {
  return replica === 0 ? random : random.child(`replica ${replica}`);
}
