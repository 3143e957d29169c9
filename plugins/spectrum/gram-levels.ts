// The levels of W W^T of one block, for the observers of this plugin.

import { type Block, type Environment, type RunView, singularValuesWork, type Vector, weightsOf } from 'eigenflow';

type Room = Pick<Environment, 'arena' | 'kernels'>;

/**
 * Called while vectors can be carved.
 *
 * @returns a function that writes the min(rows, cols) levels of W W^T for weights of this shape (rows x cols),
 * descending: squared singular values. NaN throughout when a weight is not finite or the iteration has not converged.
 */
export function createLevels(
  { rows, cols }: Pick<Block, 'rows' | 'cols'>,
  { arena, kernels }: Room,
): (weights: Vector, levels: Float64Array) => void {
  const work = arena.vector(singularValuesWork(rows, cols));
  const singular = arena.vector(Math.min(rows, cols));
  return (weights, levels) => {
    const sweeps = kernels.singularValues(weights, rows, cols, work, singular);
    for (let i = 0; i < singular.length; i++) levels[i] = sweeps < 0 ? Number.NaN : singular[i] * singular[i];
  };
}

/** The same of a block of the run as it stands. */
export function createGramLevels(run: RunView, block: Block, room: Room): (levels: Float64Array) => void {
  const levels = createLevels(block, room);
  return (out) => levels(weightsOf(run, block), out);
}
