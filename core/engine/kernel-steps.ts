// Steps without JavaScript in between: what a step calls of the kernels is captured once and played for many steps. The
// same bits as stepping, for runs whose components say that they leave all arithmetic to kernels.

import { Clock } from '../contracts/clock.js';
import type { Vector } from '../contracts/vector.js';
import type { Workspace } from '../kernels/arena.js';
import { fuseUpdate } from '../kernels/fuse.js';
import { createTape } from '../kernels/tape.js';
import { captureStep } from './capture-step.js';
import type { Motion, RunComponents } from './components.js';
import type { BatchObjective, BatchRow, TableSize } from './objective.js';

/** Both halves of a step and what they work on, as the stepper has them. */
export interface StepParts {
  readonly components: RunComponents;
  readonly motion: Motion;
  readonly objective: BatchObjective;
  /** Schedules and step size of the step at which this clock stands. */
  readonly prepare: (at: Clock) => void;
  /** The same, and its batch. @returns the number of samples */
  readonly begin: (at: Clock, row: BatchRow) => number;
  readonly move: (at: Clock) => void;
  readonly lossLimit: number;
  readonly lossSum: Vector;
}

export interface KernelSteps {
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

/** Sample numbers in a table of batches that come again: a megabyte, and three with their weights. */
const LARGEST_TABLE = 2 ** 18;

/**
 * Batches that are worth drawing ahead, or, where they come again, keeping: then whole periods of them.
 *
 * @param atMost steps that are ever made without a pause
 */
export function rowsAhead({ kernelsOnly, noise }: RunComponents, atMost: number): TableSize {
  const { period, maxBatch } = noise;
  const plainNoise = !noise.perturb && !noise.state;
  if (!kernelsOnly || !plainNoise || maxBatch > LARGEST_BATCH || atMost < 2) return { ahead: 1, kept: 0 };
  const kept = period === undefined ? Number.POSITIVE_INFINITY : period * Math.ceil(atMost / period);
  return kept * maxBatch <= LARGEST_TABLE ? { ahead: 1, kept } : { ahead: atMost, kept: 0 };
}

/**
 * Where something follows a schedule, its values are drawn ahead with the batches, and the scheduled parameters are left
 * at those of a step that has not been made.
 *
 * @returns undefined when steps cannot be captured
 */
export function captureSteps(
  { components, motion, objective, prepare, begin, move, lossLimit, lossSum }: StepParts,
  { arena, kernels }: Workspace,
): KernelSteps | undefined {
  const { rows, kept, value, evaluations } = objective;
  const { scheduled } = components;
  const { clock } = motion;
  /** The most steps that are played at once. */
  const most = kept > 0 ? kept : rows.length;
  if (most < 2) return undefined;
  const ahead = new Clock();
  const count = begin(ahead, rows[0]);
  const before = evaluations[0];
  let captures = 0;
  const asMade = captureStep(
    kernels,
    () => {
      captures += 1;
      move(ahead);
    },
    scheduled,
  );
  // All captures evaluate alike: they call the same kernels.
  const perStep = (evaluations[0] - before) / captures;
  if (!asMade) return undefined;
  const captured = fuseUpdate(asMade, arena.startOf);
  const [first] = rows;
  const values = scheduled.map(() => arena.vector(most));
  const tape = createTape(
    kernels,
    arena,
    captured.calls,
    [
      { first: first.batch, stride: first.batch.byteLength },
      { first: first.weights, stride: first.weights.byteLength },
    ],
    captured.scheduled.map(({ parameter, ...number }) => ({
      ...number,
      values: values[scheduled.indexOf(parameter)],
    })),
  );
  if (!tape) return undefined;
  const sizes = new Float64Array(most);
  const isKept = new Uint8Array(kept);

  /** Draws a batch that comes again, for the first time. @returns the number of samples */
  const drawOnce = (place: number): number => {
    const drawn = objective.draw(ahead, first);
    objective.keep(rows.length + place);
    isKept[place] = 1;
    return drawn;
  };
  /** @param place of the first of them among those that are kept. @returns how many batches in a row can be played */
  const drawAhead = (wanted: number, place: number): number => {
    const { step } = clock;
    let { time } = clock;
    for (let row = 0; row < wanted; row++) {
      ahead.step = step + row;
      ahead.time = time;
      let drawn = count;
      if (kept > 0) {
        prepare(ahead);
        if (isKept[place + row] === 0) drawn = drawOnce(place + row);
      } else {
        drawn = begin(ahead, rows[row]);
      }
      for (let i = 0; i < scheduled.length; i++) values[i][row] = scheduled[i].slot[0];
      const { stepSize } = ahead;
      sizes[row] = stepSize;
      if (drawn !== count) return row;
      time += stepSize;
    }
    return wanted;
  };

  return {
    advance(until) {
      while (clock.step < until) {
        const place = kept > 0 ? clock.step % kept : 0;
        const drawn = drawAhead(Math.min(until - clock.step, most - place), place);
        if (drawn === 0) return true;
        const row = kept > 0 ? rows.length + place : 0;
        const made = tape.play(drawn, value, lossLimit, lossSum, row);
        let { time } = clock;
        for (let step = 0; step < made; step++) time += sizes[step];
        clock.time = time;
        clock.step += made;
        evaluations[0] += made * perStep;
        clock.stepSize = sizes[made - 1];
        objective.madeStepOn(row + made - 1);
        if (!(value[0] < lossLimit)) return false;
      }
      return true;
    },
  };
}
