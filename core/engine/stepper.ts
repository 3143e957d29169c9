// The order of a step, written once: the run, its shadow trajectories and the captured kernel steps all take it from here.
import type { Clock } from '../contracts/clock.js';
import type { Vector } from '../contracts/vector.js';
import { placedInSlot } from '../errors.js';
import type { Workspace } from '../kernels/arena.js';
import { refusePromise } from '../plugin/create-component.js';
import type { Motion, RunComponents } from './components.js';
import { captureSteps, rowsAhead } from './kernel-steps.js';
import { type BatchObjective, type BatchRow, createObjective, type Turn } from './objective.js';

export interface StepperOptions {
  /** A step whose loss is not below it is the last one of a stretch. Default: Infinity. */
  readonly lossLimit?: number;
  /** Slot to which the loss of every step is added. */
  readonly lossSum: Vector;
  /** The most steps that are ever made without a pause: batches of so many are drawn ahead. */
  readonly longestStretch: number;
}

export interface Stepper {
  readonly objective: BatchObjective;
  /** Brings scheduled parameters to their values at this step. */
  followSchedules(at: Clock): void;
  /**
   * Makes steps up to `until`. Allocates nothing.
   *
   * @returns false after a step whose loss is not below the limit, NaN included
   * @throws EigenflowError placed at the component whose turn it was
   */
  advance(until: number): boolean;
  /** Draws the batch of the coming step and evaluates on it, at the weights as they stand; the clock stays as it is. */
  evaluateNext(): void;
}

/**
 * One step is, in this order:
 *
 *     schedules -> optimiser.stepSize -> noise.draw
 *     -> optimiser.step [ which evaluates the objective, once or more:
 *          model.forward -> model.targets -> loss -> model.backward -> model.subtractForce
 *              -> noise.perturb ]
 *     -> step += 1, time += stepSize -> the loss joins the sum and is held against its limit
 *
 * Where the kernels do all the arithmetic, the step is captured once and played (kernel-steps.ts): the same bits.
 */
export function createStepper(
  components: RunComponents,
  motion: Motion,
  { lossLimit = Number.POSITIVE_INFINITY, lossSum, longestStretch }: StepperOptions,
  workspace: Workspace,
): Stepper {
  const { optimiser, scheduled } = components;
  const { theta, state, clock } = motion;
  const turn: Turn = { of: 'optimiser' };
  const objective = createObjective(components, clock, turn, workspace, rowsAhead(components, longestStretch));
  const { value } = objective;
  const [row] = objective.rows;

  const followSchedules = (at: Clock) => {
    for (let i = 0; i < scheduled.length; i++) scheduled[i].follow(at);
  };
  const prepare = (at: Clock) => {
    followSchedules(at);
    turn.of = 'optimiser';
    at.stepSize = optimiser.stepSize(at);
  };
  /** What comes before the optimiser moves. @returns the number of samples in the batch */
  const begin = (at: Clock, into: BatchRow): number => {
    prepare(at);
    return objective.draw(at, into);
  };
  const move = (at: Clock) => {
    turn.of = 'optimiser';
    refusePromise('optimiser', 'step', optimiser.step(theta, objective, state, at));
  };
  /** A mistake in a component, told with its place. */
  const inTurn = <T>(act: () => T): T => {
    try {
      return act();
    } catch (error) {
      throw placedInSlot(turn.of, error);
    }
  };

  const captured = inTurn(() =>
    captureSteps({ components, motion, objective, prepare, begin, move, lossLimit, lossSum }, workspace),
  );
  return {
    objective,
    followSchedules,
    advance(until) {
      // Around a stretch of steps, not around each of them.
      try {
        if (captured && !captured.advance(until)) return false;
        for (let step = clock.step; step < until; ) {
          begin(clock, row);
          move(clock);
          step += 1;
          clock.step = step;
          clock.time += clock.stepSize;
          lossSum[0] += value[0];
          // Written so that NaN, which compares as false, is caught too.
          if (!(value[0] < lossLimit)) return false;
        }
        return true;
      } catch (error) {
        throw placedInSlot(turn.of, error);
      }
    },
    evaluateNext() {
      const { stepSize } = clock;
      inTurn(() => {
        begin(clock, row);
        objective.evaluate(theta);
      });
      clock.stepSize = stepSize;
    },
  };
}
