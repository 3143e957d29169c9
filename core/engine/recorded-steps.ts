// Steps without JavaScript in between: what a step calls of the kernels is recorded once and played for many steps. The
// same bits as stepping, for runs whose components say that their kernels do all the work.
import { refusePromise } from '../admission/promise.js';
import type { Workspace } from '../arena.js';
import { Clock } from '../contracts/clock.js';
import type { Loss } from '../contracts/loss.js';
import type { Model } from '../contracts/model.js';
import type { NoiseModel } from '../contracts/noise-model.js';
import type { Optimiser } from '../contracts/optimiser.js';
import type { Vector } from '../contracts/vector.js';
import { createTape } from '../kernels/tape.js';
import type { BatchObjective } from './objective.js';

/** What a run consists of, wired. */
export interface Parts {
  readonly model: Model;
  readonly loss: Loss;
  readonly noise: NoiseModel;
  readonly optimiser: Optimiser;
  readonly objective: BatchObjective;
  readonly clock: Clock;
  readonly theta: Vector;
  readonly state: readonly Vector[];
}

export interface RecordedSteps {
  /**
   * Makes steps up to `until`, or to the first one whose loss is not below the limit, and advances the clock with them.
   * It may stop earlier, before a step whose batch has another number of samples: that one must be made by hand.
   *
   * @returns false after a step whose loss is not below the limit
   */
  advance(until: number): boolean;
}

/** Batches above this are so much work that the calls between do not matter, and tables of them would be large. */
const LARGEST_BATCH = 256;

/** Rows of batches that are worth drawing ahead. @param atMost steps that are ever made without a pause */
export function rowsAhead(
  { model, loss, noise, optimiser }: Omit<Parts, 'objective' | 'state' | 'theta' | 'clock'>,
  atMost: number,
): number {
  const kernelsDoAll = model.recordable && loss.recordable && optimiser.recordable;
  const plainNoise = !noise.perturb && !noise.state;
  return kernelsDoAll && plainNoise && noise.maxBatch <= LARGEST_BATCH ? atMost : 1;
}

/**
 * Call when everything is wired and no parameter follows a schedule.
 *
 * @param lossLimit a step whose loss is not below it is the last one
 * @param lossSum slot to which every loss is added
 * @returns undefined when steps cannot be recorded
 */
export function recordSteps(
  { optimiser, objective, clock, theta, state }: Parts,
  lossLimit: number,
  lossSum: Vector,
  { arena, kernels }: Workspace,
): RecordedSteps | undefined {
  const { rows, value } = objective;
  if (rows.length < 2) return undefined;
  const ahead = new Clock();
  optimiser.plan?.(ahead);
  objective.draw(ahead);
  const { count } = objective;
  const calls = kernels.record(() =>
    refusePromise('optimiser', 'step', optimiser.step(theta, objective, state, ahead)),
  );
  const [first, second] = rows;
  const tape = createTape(kernels, arena, calls, [
    { first: first.batch, stride: second.batch.byteOffset - first.batch.byteOffset },
    { first: first.weights, stride: second.weights.byteOffset - first.weights.byteOffset },
  ]);
  if (!tape) return undefined;
  const { stepSize } = ahead;

  /** @returns how many batches in a row can be played */
  const drawAhead = (wanted: number): number => {
    ahead.time = clock.time;
    ahead.stepSize = stepSize;
    for (let row = 0; row < wanted; row++) {
      ahead.step = clock.step + row;
      if (objective.drawInto(rows[row], ahead) !== count) return row;
      ahead.time += stepSize;
    }
    return wanted;
  };

  return {
    advance(until) {
      while (clock.step < until) {
        const drawn = drawAhead(Math.min(until - clock.step, rows.length));
        if (drawn === 0) return true;
        const made = tape.play(drawn, value, lossLimit, lossSum);
        for (let step = 0; step < made; step++) clock.time += stepSize;
        clock.step += made;
        clock.stepSize = stepSize;
        objective.madeStepOn(rows[made - 1]);
        if (!(value[0] < lossLimit)) return false;
      }
      return true;
    },
  };
}
