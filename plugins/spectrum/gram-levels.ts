// The levels of W W^T of one block, for the observers of this plugin.

import { type Block, type Environment, singularValuesWork, type Vector, type View, weightsOf } from 'eigenflow';

/**
 * Called in `attach`, while vectors can be carved.
 *
 * @returns a function that writes the min(rows, cols) levels of W W^T for weights of this shape (rows x cols), descending:
 * squared singular values. NaN throughout when a weight is not finite or the iteration has not converged.
 */
export function createLevels(
  { rows, cols }: Pick<Block, 'rows' | 'cols'>,
  { arena, kernels }: Environment,
): (weights: Vector, levels: Float64Array) => void {
  const work = arena.vector(singularValuesWork(rows, cols));
  const singular = arena.vector(Math.min(rows, cols));
  return (weights, levels) => {
    const sweeps = kernels.singularValues(weights, rows, cols, work, singular);
    for (let i = 0; i < singular.length; i++) levels[i] = sweeps < 0 ? Number.NaN : singular[i] * singular[i];
  };
}

/** The same of a block as it stands. */
export function createGramLevels(block: Block, environment: Environment): (view: View, levels: Float64Array) => void {
  const levels = createLevels(block, environment);
  return (view, out) => levels(weightsOf(view, block), out);
}
