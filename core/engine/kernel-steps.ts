// Steps without JavaScript in between: what a step calls of the kernels is recorded once and played for many steps. The
// same bits as stepping, for runs whose components say that their kernels do all the work.

import { Clock } from '../contracts/clock.js';
import type { Loss } from '../contracts/loss.js';
import type { Model } from '../contracts/model.js';
import type { NoiseModel } from '../contracts/noise-model.js';
import type { Optimiser } from '../contracts/optimiser.js';
import type { Vector } from '../contracts/vector.js';
import type { Workspace } from '../kernels/arena.js';
import { createTape } from '../kernels/tape.js';
import type { ScheduledParameter } from '../plugin/bind-parameters.js';
import { refusePromise } from '../plugin/promise.js';
import type { BatchObjective } from './objective.js';
import { recordStep } from './recording.js';

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
  readonly scheduled: readonly ScheduledParameter[];
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
  { model, loss, noise, optimiser }: Pick<Parts, 'model' | 'loss' | 'noise' | 'optimiser'>,
  atMost: number,
): number {
  const kernelsDoAll = model.recordable && loss.recordable && optimiser.recordable;
  const plainNoise = !noise.perturb && !noise.state;
  return kernelsDoAll && plainNoise && noise.maxBatch <= LARGEST_BATCH ? atMost : 1;
}

/**
 * Call when everything is wired. Where something follows a schedule, its values are drawn ahead with the batches, and the
 * scheduled parameters are left at those of a step that has not been made.
 *
 * @param lossLimit a step whose loss is not below it is the last one
 * @param lossSum slot to which every loss is added
 * @returns undefined when steps cannot be recorded
 */
export function recordSteps(
  { optimiser, objective, clock, theta, state, scheduled }: Parts,
  lossLimit: number,
  lossSum: Vector,
  { arena, kernels }: Workspace,
): RecordedSteps | undefined {
  const { rows, value } = objective;
  if (rows.length < 2) return undefined;
  const fixed = scheduled.length === 0;
  // The sizes of coming steps can be known only from a plan.
  if (!fixed && !optimiser.plan) return undefined;
  const ahead = new Clock();
  optimiser.plan?.(ahead);
  objective.draw(ahead);
  const { count } = objective;
  const recording = recordStep(
    kernels,
    () => refusePromise('optimiser', 'step', optimiser.step(theta, objective, state, ahead)),
    scheduled,
  );
  if (!recording) return undefined;
  const [first, second] = rows;
  const values = scheduled.map(() => arena.vector(rows.length));
  const tape = createTape(
    kernels,
    arena,
    recording.calls,
    [
      { first: first.batch, stride: second.batch.byteOffset - first.batch.byteOffset },
      { first: first.weights, stride: second.weights.byteOffset - first.weights.byteOffset },
    ],
    recording.scheduled.map(({ parameter, ...number }) => ({
      ...number,
      values: values[scheduled.indexOf(parameter)],
    })),
  );
  if (!tape) return undefined;
  const sizes = new Float64Array(rows.length).fill(ahead.stepSize);

  const followSchedules = (row: number) => {
    for (let i = 0; i < scheduled.length; i++) {
      scheduled[i].follow(ahead);
      values[i][row] = scheduled[i].slot[0];
    }
    optimiser.plan?.(ahead);
    sizes[row] = ahead.stepSize;
  };
  /** @returns how many batches in a row can be played */
  const drawAhead = (wanted: number): number => {
    ahead.time = clock.time;
    ahead.stepSize = sizes[0];
    for (let row = 0; row < wanted; row++) {
      ahead.step = clock.step + row;
      if (!fixed) followSchedules(row);
      if (objective.drawInto(rows[row], ahead) !== count) return row;
      ahead.time += sizes[row];
    }
    return wanted;
  };

  return {
    advance(until) {
      while (clock.step < until) {
        const drawn = drawAhead(Math.min(until - clock.step, rows.length));
        if (drawn === 0) return true;
        const made = tape.play(drawn, value, lossLimit, lossSum);
        for (let step = 0; step < made; step++) clock.time += sizes[step];
        clock.step += made;
        clock.stepSize = sizes[made - 1];
        objective.madeStepOn(rows[made - 1]);
        if (!(value[0] < lossLimit)) return false;
      }
      return true;
    },
  };
}
