// Samples that never come twice: made batch by batch from their numbers.
import type { Environment, Indices, NetworkSamples, Stream, Vector } from 'eigenflow';

/**
 * Of one pass of a model. The batch made last is kept: targets, and repeated evaluations on it, cost nothing more.
 *
 * @param stream of the inputs: the sample number is its counter
 * @param width numbers of one input
 * @param writeTargets what belongs to n inputs, into its last argument
 */
export function createOnePassSamples(
  stream: Stream,
  width: number,
  capacity: number,
  { arena, kernels }: Pick<Environment, 'arena' | 'kernels'>,
  writeTargets: (inputs: Vector, batch: Indices, n: number, out: Vector) => void,
): NetworkSamples {
  const shared = arena.vector(capacity * width);
  const row = arena.vector(width);
  const numbers = arena.indices(capacity);
  const labels = arena.vector(capacity);
  let made = 0;

  const isMade = (batch: Indices, n: number): boolean => {
    if (n !== made) return false;
    for (let s = 0; s < n; s++) if (numbers[s] !== batch[s]) return false;
    return true;
  };
  const make = (batch: Indices, n: number) => {
    if (isMade(batch, n)) return;
    for (let s = 0; s < n; s++) {
      numbers[s] = batch[s];
      stream.normals(batch[s], row, width);
      for (let i = 0; i < width; i++) shared[s * width + i] = row[i];
    }
    writeTargets(shared, batch, n, labels);
    made = n;
  };

  return {
    shared,
    rows(batch, n) {
      make(batch, n);
      return null;
    },
    targets(batch, n, out) {
      make(batch, n);
      kernels.copy(labels, n, out);
    },
  };
}
