// Moments over samples of what moves the levels of X = W W^T: the first-order change of X and the gradient, in the
// eigenbasis of X and, for the published criterion, in the original one.
import type { Arena, Block, Kernels, Vector } from 'eigenflow';
import { createLevelBasis, type LevelBasis } from './level-basis.js';
import { createPairMoments, type PairMoments } from './pair-moments.js';
import { createRowMoments, type RowMoments } from './row-moments.js';

export interface LevelMoments {
  readonly basis: LevelBasis;
  /** Gradient factors of the samples to add, filled by the caller: chunk x rows and chunk x cols. */
  readonly left: Vector;
  readonly right: Vector;
  /** Starts anew at the weights as they stand. */
  begin(): void;
  /**
   * Adds the first n samples of `left` and `right`: the gradient of the loss of sample s is left_s right_s^T, and its
   * change of X is X1_s = G_s W^T + W G_s^T with G_s = -left_s right_s^T. Overwrites `left`.
   */
  add(n: number): void;
  /** Of X1 in the eigenbasis, and in the original one. */
  readonly inEigenbasis: PairMoments;
  readonly inOriginal: PairMoments;
  /** Of G in the eigenbasis. */
  readonly gradientRows: RowMoments;
}

/**
 * @param weights of the block, rows x cols: a window on those that move
 * @param chunk most samples of one `add`
 */
export function createLevelMoments(
  { rows, cols }: Block,
  weights: Vector,
  chunk: number,
  arena: Arena,
  kernels: Kernels,
): LevelMoments {
  const basis = createLevelBasis(rows, cols, arena, kernels);
  const inEigenbasis = createPairMoments(rows, chunk, arena, kernels);
  const inOriginal = createPairMoments(rows, chunk, arena, kernels);
  const gradientRows = createRowMoments(rows, cols, arena, kernels);
  // G_s = a_s h_s^T and z_s = W h_s; a and z also in the eigenbasis.
  const [a, z, rotatedA, rotatedZ] = Array.from({ length: 4 }, () => arena.vector(chunk * rows));
  const h = arena.vector(chunk * cols);
  return {
    basis,
    inEigenbasis,
    inOriginal,
    gradientRows,
    left: a,
    right: h,
    begin() {
      basis.diagonalise(weights);
      for (const moments of [inEigenbasis, inOriginal, gradientRows]) moments.clear();
    },
    add(n) {
      kernels.scale(-1, a, n * rows);
      kernels.dense(weights, rows, cols, h, null, n, z);
      basis.rotate(a, n, rotatedA);
      basis.rotate(z, n, rotatedZ);
      // X1_s = a_s z_s^T + z_s a_s^T.
      inOriginal.add(z, a, n);
      inEigenbasis.add(rotatedZ, rotatedA, n);
      gradientRows.add(rotatedA, h, n);
    },
  };
}
