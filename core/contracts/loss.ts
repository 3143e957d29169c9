// Contract: loss.
import type { Vector } from './vector.js';

export interface Loss {
  /**
   * Optional: true when it does nothing but call kernels, the same ones with the same arguments whenever it is given the same
   * vectors and numbers. The engine may then record a step and play it without JavaScript.
   */
  readonly recordable?: boolean;
  /**
   * Optional: called once, before the arena is sealed, for a loss that needs room: `n` will be at most `maxBatch`, and
   * `width` this number.
   */
  reserve?(maxBatch: number, width: number): void;
  /**
   * Plain mean over the drawn samples into `value[0]` (a slot, so that no double is boxed); gradient of each sample
   * times its weight into `dOut`. Weights may be negative (Langevin noise), so they never enter the reported loss.
   *
   * @param out network outputs, n x width
   * @param target targets, n x width
   * @param weights one per sample, n
   * @param dOut n x width, overwritten
   * @param value 1 slot, overwritten
   */
  valueAndGradient(
    out: Vector,
    target: Vector,
    weights: Vector,
    n: number,
    width: number,
    dOut: Vector,
    value: Vector,
  ): void;
  /**
   * Optional: what becomes of `dOut` when the outputs move along `change`: the second derivative of each sample's loss,
   * applied to its change, times its weight. n x width each; out and target as in `valueAndGradient`.
   *
   * @param dOutChange overwritten
   */
  curvature?(
    out: Vector,
    target: Vector,
    weights: Vector,
    n: number,
    width: number,
    change: Vector,
    dOutChange: Vector,
  ): void;
}
