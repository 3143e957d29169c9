// A second state of a run: for observers that ask what the run does from here, or would do from a neighbouring state.
import type { Clock } from './clock.js';
import type { Vector } from './vector.js';

/**
 * What scheduled parameters do along it: `follow` the schedule of the run from where it stands, as the run itself
 * will; or `hold` the values that they have there, which asks about the present state alone.
 */
export type ShadowSchedules = 'follow' | 'hold';

/**
 * Weights, optimiser state and clock of its own, moved by the same model, loss, noise and optimiser as the run: the batch
 * of step k is that of the run at step k. Parameters that follow a schedule go on doing so, or are held, as
 * `ShadowSchedules` says. Steps beyond the end of the run go on in the same way. Moving it changes nothing in
 * the run; divergence is not looked for.
 *
 * Put next to another one and displaced by a little, it shows how separations grow (Benettin et al. 1980,
 * doi:10.1007/BF02128236).
 */
export interface ShadowTrajectory {
  /** May be written to. */
  readonly theta: Vector;
  /** State vectors of the optimiser, in its order; may be written to. */
  readonly optimiserState: readonly Vector[];
  readonly clock: Clock;
  /** Loss of the batch of the last step, at the weights before it; 1 slot. */
  readonly loss: Vector;
  /** Gradients that its steps have evaluated since the last `reset`; 1 slot. */
  readonly evaluations: Vector;
  /** Goes to where the run stands. To be called before the first step of every excursion. */
  reset(): void;
  /** Makes so many steps. Allocates nothing. */
  advance(steps: number): void;
}
