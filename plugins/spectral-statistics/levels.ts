// Where the observers of this plugin get levels from: a weight block by name, its singular values or their squares.
import {
  type Block,
  blockParameter,
  choice,
  type Environment,
  findBlock,
  type ParameterValues,
  singularValuesWork,
  type Vector,
  type View,
  weightsOf,
} from 'eigenflow';
import { type NumericalRank, numericalRank } from 'eigenflow/theory';

export const levelParameters = {
  block: blockParameter,
  of: choice({
    doc: 'gram: levels of W W^T, without the trivial zeros; singular: singular values of W itself, their square roots',
    unit: '1',
    values: ['gram', 'singular'],
    default: 'gram',
  }),
} as const;

export interface Levels {
  readonly block: Block;
  /** min(rows, cols) of the block. */
  readonly count: number;
  /** What a level is, for the doc of a channel. */
  readonly name: string;
  /**
   * The levels as they stand, descending; valid until the next call. NaN throughout when a weight is not finite or the
   * iteration has not converged.
   */
  read(view: View): Vector;
  /** How many of the levels of the last `read` are more than rounding of the weights; rank NaN where they are NaN. */
  rank(view: View): NumericalRank;
}

const UNKNOWN: NumericalRank = { rank: Number.NaN, tolerance: Number.NaN, significantBits: 53 };

/**
 * Called in `attach`, while vectors can be carved.
 *
 * @throws EigenflowError `parameter` for a block that the model does not have
 */
export function openLevels(
  view: View,
  { block: name, of }: ParameterValues<typeof levelParameters>,
  { arena, kernels }: Environment,
): Levels {
  const block = findBlock(view, name);
  const { rows, cols } = block;
  const count = Math.min(rows, cols);
  const work = arena.vector(singularValuesWork(rows, cols));
  const values = arena.vector(count);
  return {
    block,
    count,
    name: of === 'gram' ? `levels of W W^T, W = block ${name}` : `singular values of block ${name}`,
    read(current) {
      const sweeps = kernels.singularValues(weightsOf(current, block), rows, cols, work, values);
      if (sweeps < 0) values.fill(Number.NaN);
      else if (of === 'gram') for (let i = 0; i < count; i++) values[i] *= values[i];
      return values;
    },
    rank(current) {
      if (!Number.isFinite(values[0])) return UNKNOWN;
      const singular = of === 'gram' ? values.map(Math.sqrt) : values;
      return numericalRank(singular, weightsOf(current, block), rows, cols);
    },
  };
}
