// Which realisations are computed, and in which order.
import type { Side } from '../../comparison-protocol.js';

/** A comparison can go on to so many. */
export const MOST_REALISATIONS = 128;

export interface Task {
  readonly side: Side;
  readonly replica: number;
}

/** One of each side in turn, so that a verdict grows; the reference first where the surrogate is measured on it. */
export function tasksOf(isFitted: boolean, realisations: number): Task[] {
  const replicas = Array.from({ length: realisations }, (_, replica) => replica);
  const of = (side: Side) => replicas.map((replica): Task => ({ side, replica }));
  const [reference, surrogate] = [of('reference'), of('surrogate')];
  return isFitted ? [...reference, ...surrogate] : replicas.flatMap((i) => [reference[i], surrogate[i]]);
}
