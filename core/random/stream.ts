// Streams of random numbers as pure functions of (seed, path, counter, index): Philox4x32-10 keyed by a hash of seed
// and path (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", 2011).
import { sha256 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import type { Stream } from '../contracts/environment.js';
import type { Indices, Vector } from '../contracts/vector.js';
import type { Kernels } from '../kernels/kernels.js';

/** Changing how keys are made changes every number: raise this, and the results schema with it. */
const KEY_SCHEME = 'eigenflow-stream-1';

/**
 * @param kernels those of the memory in which the outputs lie
 * @param seed root seed, a non-negative safe integer
 * @param path words that single the stream out, outermost first
 */
export function createStream(kernels: Kernels, seed: number, path: readonly string[]): Stream {
  // JSON keeps ['a', 'b'] apart from ['a/b'].
  const digest = sha256(utf8ToBytes(JSON.stringify([KEY_SCHEME, seed, ...path])));
  const words = new DataView(digest.buffer, digest.byteOffset);
  const key0 = words.getInt32(0, true);
  const key1 = words.getInt32(4, true);
  const low = (counter: number) => counter | 0;
  const high = (counter: number) => Math.floor(counter / 4294967296) | 0;

  return {
    child: (name) => createStream(kernels, seed, [...path, name]),
    normals(counter: number, out: Vector, length = out.length) {
      kernels.normals(key0, key1, low(counter), high(counter), 0, length, out);
    },
    uniforms(counter: number, out: Vector, length = out.length) {
      kernels.uniforms(key0, key1, low(counter), high(counter), 1, length, out);
    },
    integers(counter: number, bound: number, out: Indices, length = out.length) {
      kernels.integers(bound, key0, key1, low(counter), high(counter), 2, length, out);
    },
  };
}
