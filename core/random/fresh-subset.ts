// Random subsets of a data set, a new one in every step.
import type { Arena, Stream } from '../contracts/environment.js';
import type { Indices } from '../contracts/vector.js';

/** Writes the subset of a step into the first places of `out`, as a pure function of (stream, step). */
export type DrawSubset = (step: number, out: Indices) => void;

/**
 * `size` distinct samples out of 0 .. samples - 1, every subset equally likely within 2^-52, independent from step to
 * step: Floyd's algorithm (Bentley and Floyd, doi:10.1145/30401.315746) with the samples taken so far in a table of
 * open addresses. A draw costs O(size) and allocates nothing.
 *
 * @param size at most `samples`
 */
export function createFreshSubset(size: number, samples: number, random: Stream, arena: Arena): DrawSubset {
  const EMPTY = -1;
  const bits = 32 - Math.clz32(2 * size - 1);
  const table = arena.indices(2 ** bits);
  const mask = table.length - 1;
  const uniforms = arena.vector(size);

  /** @returns whether the sample is new. */
  const insert = (sample: number): boolean => {
    // The multiplier is 2^32 over the golden ratio: it spreads runs of neighbouring samples.
    let place = Math.imul(sample, 0x9e3779b1) >>> (32 - bits);
    while (table[place] !== EMPTY) {
      if (table[place] === sample) return false;
      place = (place + 1) & mask;
    }
    table[place] = sample;
    return true;
  };

  return (step, out) => {
    random.uniforms(step, uniforms, size);
    table.fill(EMPTY);
    for (let i = 0; i < size; i++) {
      const last = samples - size + i;
      const candidate = Math.floor(uniforms[i] * (last + 1));
      if (insert(candidate)) {
        out[i] = candidate;
      } else {
        insert(last);
        out[i] = last;
      }
    }
  };
}
