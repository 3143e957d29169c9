// The objective of one step: loss and gradient on the batch that was drawn, at any weights.

import type { Clock } from '../contracts/clock.js';
import type { Objective } from '../contracts/optimiser.js';
import { show } from '../contracts/show.js';
import type { Indices, Vector } from '../contracts/vector.js';
import { EigenflowError } from '../errors.js';
import type { Workspace } from '../kernels/arena.js';
import { rememberAddress } from '../kernels/kernels.js';
import { refusePromise } from '../plugin/create-component.js';
import type { RunComponents } from './components.js';
import { openPasses } from './passes.js';

/** The component that is being called: an error of its is told with this place. */
export interface Turn {
  of: 'model' | 'loss' | 'noise' | 'optimiser';
}

/** A batch with its weights: one row of the tables in which the batches of coming steps are drawn. */
export interface BatchRow {
  readonly batch: Indices;
  readonly weights: Vector;
}

/** Rows of the tables: with a view of its own each, and behind them without. */
export interface TableSize {
  readonly ahead: number;
  readonly kept: number;
}

/** Chooses a batch, then evaluates on it as often as the optimiser asks. */
export interface BatchObjective extends Objective {
  /** Rows of the tables, one after the other in memory. Evaluation is on row 0. */
  readonly rows: readonly BatchRow[];
  /** Further rows of the tables behind these, for batches that come again. */
  readonly kept: number;
  /** Evaluations so far, those of captured steps included; 1 slot. */
  readonly evaluations: Vector;
  /** Draws the batch of step `at.step` into a row. @returns the number of samples */
  draw(at: Clock, row: BatchRow): number;
  /** Copies the batch of row 0 into another row. */
  keep(row: number): void;
  /** To be told when steps were made without this objective: the batch of the last of them stands in this row. */
  madeStepOn(row: number): void;
  /**
   * The gradient evaluated last; after steps that left none, that of the same batch at `theta`. For questions between
   * steps, at no cost to the steps.
   */
  latestGradient(theta: Vector): Vector;
}

/** @throws EigenflowError `contract` */
function refuseDraw(drawn: unknown): never {
  refusePromise('noise', 'draw', drawn);
  throw new EigenflowError('contract', 'noise', `draw returned ${show(drawn)}; expected the number of samples drawn`);
}

/**
 * @param turn is set to whoever is called, and back to the optimiser after an evaluation
 * @param ahead rows of the tables, at least 1
 * @param kept as in `BatchObjective`
 */
export function createObjective(
  { model, loss, noise }: RunComponents,
  clock: Clock,
  turn: Turn,
  { arena }: Workspace,
  { ahead, kept }: TableSize,
): BatchObjective {
  const { maxBatch } = noise;
  const { outputs, size } = model;
  const batches = arena.indices((ahead + kept) * maxBatch);
  const sampleWeights = arena.vector((ahead + kept) * maxBatch);
  const copyRow = (from: number, to: number) => {
    batches.copyWithin(to * maxBatch, from * maxBatch, (from + 1) * maxBatch);
    sampleWeights.copyWithin(to * maxBatch, from * maxBatch, (from + 1) * maxBatch);
  };
  const rows = Array.from({ length: ahead }, (_, row) => {
    const batch = batches.subarray(row * maxBatch, (row + 1) * maxBatch);
    const weights = sampleWeights.subarray(row * maxBatch, (row + 1) * maxBatch);
    rememberAddress(batch);
    rememberAddress(weights);
    return { batch, weights };
  });
  const [first] = rows;
  const { batch, weights } = first;
  const { modelPass, lossPass } = openPasses(model, loss, maxBatch);
  const out: Vector = arena.vector(maxBatch * outputs);
  const target: Vector = arena.vector(maxBatch * outputs);
  const dOut: Vector = arena.vector(maxBatch * outputs);
  const gradient: Vector = arena.vector(size);
  const value: Vector = arena.vector(1);
  const evaluations: Vector = arena.vector(1);
  let n = 0;
  let hasGradient = true;

  const evaluateWithoutPerturbation = (theta: Vector) => {
    evaluations[0] += 1;
    turn.of = 'model';
    refusePromise('model', 'forward', modelPass.forward(theta, batch, n, out));
    refusePromise('model', 'targets', modelPass.targets(batch, n, target));
    turn.of = 'loss';
    refusePromise('loss', 'valueAndGradient', lossPass.valueAndGradient(out, target, weights, n, dOut, value));
    turn.of = 'model';
    refusePromise('model', 'backward', modelPass.backward(theta, batch, n, dOut, gradient));
    refusePromise('model', 'subtractForce', model.subtractForce?.(theta, gradient));
    turn.of = 'optimiser';
    hasGradient = true;
  };
  const evaluateWithPerturbation = (theta: Vector) => {
    evaluateWithoutPerturbation(theta);
    turn.of = 'noise';
    refusePromise('noise', 'perturb', noise.perturb?.(gradient, theta, clock));
    turn.of = 'optimiser';
  };

  return {
    rows,
    kept,
    gradient,
    value,
    evaluations,
    draw(at, row) {
      turn.of = 'noise';
      const drawn = noise.draw(row.batch, row.weights, at);
      if (typeof drawn !== 'number') refuseDraw(drawn);
      if (row === first) n = drawn;
      return drawn;
    },
    evaluate: noise.perturb ? evaluateWithPerturbation : evaluateWithoutPerturbation,
    keep: (row) => copyRow(0, row),
    madeStepOn(row) {
      copyRow(row, 0);
      hasGradient = false;
    },
    latestGradient(theta) {
      if (!hasGradient) evaluateWithoutPerturbation(theta);
      return gradient;
    },
  };
}
