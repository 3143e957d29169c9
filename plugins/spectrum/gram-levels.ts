// The levels of W W^T of one block, for the observers of this plugin.

import { weightsOf } from '../../core/blocks.js';
import type { Environment } from '../../core/contracts/environment.js';
import type { Block } from '../../core/contracts/model.js';
import type { View } from '../../core/contracts/observer.js';
import { singularValuesWork } from '../../core/kernels/kernels.js';

/**
 * Called in `attach`, while vectors can be carved.
 *
 * @returns a function that writes the min(rows, cols) levels as they stand, descending: squared singular values. NaN
 * throughout when a weight is not finite or the iteration has not converged.
 */
export function createGramLevels(
  block: Block,
  { arena, kernels }: Environment,
): (view: View, levels: Float64Array) => void {
  const { rows, cols } = block;
  const work = arena.vector(singularValuesWork(rows, cols));
  const singular = arena.vector(Math.min(rows, cols));
  return (view, levels) => {
    const sweeps = kernels.singularValues(weightsOf(view, block), rows, cols, work, singular);
    for (let i = 0; i < singular.length; i++) levels[i] = sweeps < 0 ? Number.NaN : singular[i] * singular[i];
  };
}
