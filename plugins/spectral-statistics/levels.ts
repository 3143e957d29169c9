// Where the observers of this plugin get levels from: a weight block by name, its singular values or their squares.
import {
  type Block,
  blocksParameter,
  choice,
  findBlock,
  type ObserverEnvironment,
  type ParameterSchema,
  type ParameterValues,
  singularValuesWork,
  type Vector,
  weightsOf,
} from 'eigenflow';
import { type NumericalRank, numericalRank } from 'eigenflow/theory';

export const levelParameters = {
  block: blocksParameter,
  of: choice({
    doc: 'gram: levels of W W^T, without the trivial zeros; singular: singular values of W itself, their square roots',
    values: ['gram', 'singular'],
    default: 'gram',
  }),
} as const;

/** Parameters of an observer, of which `block` is a single one: what `observeBlocks` makes of the names that were given. */
export type OneBlock<S extends { block: typeof blocksParameter } & ParameterSchema> = Omit<
  ParameterValues<S>,
  'block'
> & { readonly block: string };

export interface Levels {
  readonly block: Block;
  /** The block as it stands, rows x cols, row-major; a window on theta. */
  readonly weights: Vector;
  /** min(rows, cols) of the block. */
  readonly count: number;
  /** What a level is, for the doc of a channel. */
  readonly name: string;
  /**
   * The levels as they stand, descending; valid until the next call. NaN throughout when a weight is not finite or the
   * iteration has not converged.
   */
  read(): Vector;
  /** How many of the levels of the last `read` are more than rounding of the weights; rank NaN where they are NaN. */
  rank(): NumericalRank;
}

const UNKNOWN: NumericalRank = { rank: Number.NaN, tolerance: Number.NaN, significantBits: 53 };

/**
 * Called while vectors can be carved.
 *
 * @throws EigenflowError `parameter` for a block that the model does not have
 */
export function openLevels(
  { block: name, of }: OneBlock<typeof levelParameters>,
  { arena, kernels, run }: ObserverEnvironment,
): Levels {
  const block = findBlock(run, name);
  const weights = weightsOf(run, block);
  const { rows, cols } = block;
  const count = Math.min(rows, cols);
  const work = arena.vector(singularValuesWork(rows, cols));
  const values = arena.vector(count);
  return {
    block,
    weights,
    count,
    name: of === 'gram' ? `levels of W W^T, W = block ${name}` : `singular values of block ${name}`,
    read() {
      const sweeps = kernels.singularValues(weights, rows, cols, work, values);
      if (sweeps < 0) values.fill(Number.NaN);
      else if (of === 'gram') for (let i = 0; i < count; i++) values[i] *= values[i];
      return values;
    },
    rank() {
      if (!Number.isFinite(values[0])) return UNKNOWN;
      const singular = of === 'gram' ? values.map(Math.sqrt) : values;
      return numericalRank(singular, weights, rows, cols);
    },
  };
}
