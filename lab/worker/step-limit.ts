// Lets a run go no further than a step, so that it waits for another one that is watched beside it.
import type { Pace } from '../../core/engine/run.js';

export interface StepLimit {
  /** The pace that it was made of, held at the limit. */
  readonly pace: Pace;
  /** Infinity lets the run go. */
  setLimit(step: number): void;
  isReached(step: number): boolean;
}

export function openStepLimit(pace: Pace): StepLimit {
  let limit = Number.POSITIVE_INFINITY;
  let reached = false;
  /** Steps that the pace allowed and the limit did not. */
  let left = 0;
  let held: (() => void) | undefined;
  let callOff = () => {};
  return {
    pace: {
      steps(step) {
        const room = Math.max(0, limit - step);
        reached = room === 0;
        if (reached) return 0;
        const allowed = left > 0 ? left : pace.steps(step);
        const count = Math.min(room, allowed);
        left = Number.isFinite(allowed) ? allowed - count : 0;
        return count;
      },
      nextTurn(work) {
        if (reached) held = work;
        else callOff = pace.nextTurn(work);
        return () => {
          held = undefined;
          callOff();
        };
      },
    },
    setLimit(step) {
      limit = step;
      const work = held;
      if (!work) return;
      held = undefined;
      reached = false;
      callOff = pace.nextTurn(work);
    },
    isReached: (step) => step >= limit,
  };
}
