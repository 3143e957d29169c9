// The objective of one step: loss and gradient on the batch that was drawn, at any weights.

import type { Clock } from '../contracts/clock.js';
import type { Loss } from '../contracts/loss.js';
import type { Model } from '../contracts/model.js';
import type { NoiseModel } from '../contracts/noise-model.js';
import type { Objective } from '../contracts/optimiser.js';
import { show } from '../contracts/show.js';
import type { Indices, Vector } from '../contracts/vector.js';
import { EigenflowError, placedInSlot } from '../errors.js';
import type { Workspace } from '../kernels/arena.js';
import { rememberAddress } from '../kernels/kernels.js';
import { refusePromise } from '../plugin/promise.js';

/** A batch with its weights: one row of the tables in which the batches of coming steps are drawn. */
export interface BatchRow {
  readonly batch: Indices;
  readonly weights: Vector;
}

/** Chooses a batch, then evaluates on it as often as the optimiser asks. */
export interface BatchObjective extends Objective {
  /** Rows of the tables, one after the other in memory. Evaluation is on row 0. */
  readonly rows: readonly BatchRow[];
  /** Draws the batch of step `at.step` into row 0. */
  draw(at: Clock): void;
  /** Draws the batch of step `at.step` into a row. @returns the number of samples */
  drawInto(row: BatchRow, at: Clock): number;
  /** Samples drawn last into row 0. */
  readonly count: number;
  /** To be told when steps were made without this objective: the batch of the last of them stands in this row. */
  madeStepOn(row: BatchRow): void;
  /**
   * The gradient evaluated last; after a step that left none, that of the same batch at `theta`. For questions between
   * steps, at no cost to the steps.
   */
  latestGradient(theta: Vector): Vector;
}

/** @throws EigenflowError `contract` */
function refuseDraw(drawn: unknown): never {
  refusePromise('noise', 'draw', drawn);
  throw new EigenflowError('contract', 'noise', `draw returned ${show(drawn)}; expected the number of samples drawn`);
}

/** @param ahead rows of the tables, at least 1 */
export function createObjective(
  model: Model,
  loss: Loss,
  noise: NoiseModel,
  clock: Clock,
  { arena, kernels }: Workspace,
  ahead = 1,
): BatchObjective {
  const { maxBatch } = noise;
  const { outputs, samples, size } = model;
  const batches = arena.indices(ahead * maxBatch);
  const sampleWeights = arena.vector(ahead * maxBatch);
  const rows = Array.from({ length: ahead }, (_, row) => {
    const batch = batches.subarray(row * maxBatch, (row + 1) * maxBatch);
    const weights = sampleWeights.subarray(row * maxBatch, (row + 1) * maxBatch);
    rememberAddress(batch);
    rememberAddress(weights);
    return { batch, weights };
  });
  const [{ batch, weights }] = rows;
  const out: Vector = arena.vector(maxBatch * outputs);
  const target: Vector = arena.vector(maxBatch * outputs);
  const dOut: Vector = arena.vector(maxBatch * outputs);
  const gradient: Vector = arena.vector(size);
  const value: Vector = arena.vector(1);
  let n = 0;
  let hasGradient = true;

  const drawInto = (row: BatchRow, at: Clock) => {
    try {
      const drawn = noise.draw(row.batch, row.weights, samples, at);
      if (typeof drawn !== 'number') refuseDraw(drawn);
      return drawn;
    } catch (error) {
      throw placedInSlot('noise', error);
    }
  };
  const pass = (theta: Vector) => {
    try {
      refusePromise('model', 'forward', model.forward(theta, batch, n, out));
      refusePromise('model', 'targets', model.targets(batch, n, target));
    } catch (error) {
      throw placedInSlot('model', error);
    }
    try {
      refusePromise('loss', 'valueAndGradient', loss.valueAndGradient(out, target, weights, n, outputs, dOut, value));
    } catch (error) {
      throw placedInSlot('loss', error);
    }
  };
  const evaluate = (theta: Vector) => {
    pass(theta);
    try {
      refusePromise('model', 'backward', model.backward(theta, batch, n, dOut, gradient));
    } catch (error) {
      throw placedInSlot('model', error);
    }
    hasGradient = true;
  };
  const evaluateWithPerturbation = (theta: Vector) => {
    evaluate(theta);
    try {
      refusePromise('noise', 'perturb', noise.perturb?.(gradient, theta, clock));
    } catch (error) {
      throw placedInSlot('noise', error);
    }
  };
  const evaluateAny = noise.perturb ? evaluateWithPerturbation : evaluate;

  const descendByGradient = (theta: Vector, rate: number) => {
    evaluateAny(theta);
    kernels.sgdStep(theta, gradient, size, rate, 0);
  };
  const descendAtOnce = (theta: Vector, rate: number) => {
    pass(theta);
    try {
      refusePromise('model', 'descend', model.descend?.(theta, batch, n, dOut, rate, gradient));
    } catch (error) {
      throw placedInSlot('model', error);
    }
    hasGradient = false;
  };

  return {
    model,
    rows,
    gradient,
    value,
    get count() {
      return n;
    },
    draw(at) {
      n = drawInto(rows[0], at);
    },
    drawInto,
    evaluate: evaluateAny,
    // A perturbation acts on the gradient, so it needs one.
    descend: model.descend && !noise.perturb ? descendAtOnce : descendByGradient,
    madeStepOn(row) {
      batch.set(row.batch);
      weights.set(row.weights);
      hasGradient = false;
    },
    latestGradient(theta) {
      if (!hasGradient) evaluate(theta);
      return gradient;
    },
  };
}
