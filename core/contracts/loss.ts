// Contract: loss.
import type { Vector } from './vector.js';

/** Value and derivatives on batches of up to the capacity that it was opened for. */
export interface LossPass {
  /**
   * Plain mean over the drawn samples into `value[0]` (a slot, so that no double is boxed); gradient of each sample
   * times its weight into `dOut`. Weights may be negative (Langevin noise), so they never enter the reported loss.
   *
   * @param out network outputs, n x outputs
   * @param target targets, n x outputs
   * @param weights one per sample, n
   * @param dOut n x outputs, overwritten
   * @param value 1 slot, overwritten
   */
  valueAndGradient(out: Vector, target: Vector, weights: Vector, n: number, dOut: Vector, value: Vector): void;
  /**
   * Optional: what becomes of `dOut` when the outputs move along `change`: the second derivative of each sample's loss,
   * applied to its change, times its weight. n x outputs each; out and target as in `valueAndGradient`.
   *
   * @param dOutChange overwritten
   */
  curvature?(out: Vector, target: Vector, weights: Vector, n: number, change: Vector, dOutChange: Vector): void;
}

export interface Loss {
  /**
   * A pass of its own for whoever asks, before the first step: it may take memory.
   *
   * @param capacity the most samples of one batch
   * @param outputs numbers per sample
   */
  open(capacity: number, outputs: number): LossPass;
}
