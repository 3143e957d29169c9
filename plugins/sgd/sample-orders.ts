// The orders in which minibatches go through a finite data set. Each is a pure function of the step, and each is a
// different noise at the same learning rate and batch size.
import type { Clock } from '../../core/contracts/clock.js';
import type { Environment } from '../../core/contracts/environment.js';
import type { Indices, Vector } from '../../core/contracts/vector.js';
import { EigenflowError } from '../../core/errors.js';

/** Writes the sample numbers of step `at.step` into the first `batchSize` places. */
export type SampleOrder = (batch: Indices, samples: number, at: Clock) => void;

/** @returns an integer 0 .. bound - 1 from a uniform on (0, 1) of 52 bits; probabilities are 1/bound within 2^-52. */
const below = (bound: number, uniform: number) => Math.floor(uniform * bound);

/**
 * Sample (step batchSize + i) mod samples: the same sequence in every epoch, wrapping round inside a batch when the
 * batch size does not divide the data set. Exact up to step batchSize = 2^53. With samples = Infinity it never wraps.
 */
export function cyclic(batchSize: number): SampleOrder {
  return (batch, samples, at) => {
    let sample = (at.step * batchSize) % samples;
    for (let i = 0; i < batchSize; i++) {
      batch[i] = sample;
      sample += 1;
      if (sample === samples) sample = 0;
    }
  };
}

/** Independent draws with replacement. */
export function iid(batchSize: number, { random }: Environment): SampleOrder {
  return (batch, samples, at) => random.integers(at.step, samples, batch, batchSize);
}

function checkDistinct(batchSize: number, samples: number, order: string): void {
  if (batchSize <= samples) return;
  throw new EigenflowError(
    'parameter',
    'noise.batchSize',
    `${batchSize} samples cannot be distinct in a data set of ${samples}, which the order "${order}" asks for; ` +
      `use at most ${samples}, or the order "iid"`,
  );
}

/**
 * `batchSize` distinct samples, every subset equally likely, independent from step to step: Floyd's algorithm
 * (Bentley and Floyd, doi:10.1145/30401.315746) with the samples taken so far in a table of open addresses.
 */
export function freshSubset(batchSize: number, { random, arena }: Environment): SampleOrder {
  const EMPTY = -1;
  const bits = Math.max(1, 32 - Math.clz32(2 * batchSize - 1));
  const table = arena.indices(2 ** bits);
  const mask = table.length - 1;
  const uniforms = arena.vector(batchSize);

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

  return (batch, samples, at) => {
    checkDistinct(batchSize, samples, 'fresh-subset');
    random.uniforms(at.step, uniforms, batchSize);
    table.fill(EMPTY);
    for (let i = 0; i < batchSize; i++) {
      const last = samples - batchSize + i;
      const candidate = below(last + 1, uniforms[i]);
      if (insert(candidate)) {
        batch[i] = candidate;
      } else {
        insert(last);
        batch[i] = last;
      }
    }
  };
}

/** Uniforms asked from the stream at once while a permutation is drawn. */
const CHUNK = 1024;

/**
 * Shuffles 0 .. length - 1 (Fisher and Yates, inside out) as a pure function of (stream, epoch). The same chunk of
 * uniforms is used again and again, because the arena is sealed before the size of the data set is known.
 */
function drawPermutation(epoch: number, out: Indices, uniforms: Vector, random: Environment['random']): void {
  const chunks = Math.ceil(out.length / CHUNK);
  for (let chunk = 0; chunk < chunks; chunk++) {
    const start = chunk * CHUNK;
    const count = Math.min(CHUNK, out.length - start);
    random.uniforms(epoch * chunks + chunk, uniforms, count);
    for (let k = 0; k < count; k++) {
      const i = start + k;
      const j = below(i + 1, uniforms[k]);
      out[i] = out[j];
      out[j] = i;
    }
  }
}

/**
 * One long row of permutations, a new one for each epoch, cut into batches. A batch may straddle two epochs; each
 * permutation is used up exactly. The two latest permutations are kept, so that a straddling batch, or asking for an
 * earlier step in between, costs nothing; any other epoch is drawn again, O(samples).
 */
export function reshuffled(batchSize: number, { random, arena }: Environment): SampleOrder {
  const uniforms = arena.vector(CHUNK);
  let even: Indices = new Int32Array(0);
  let odd: Indices = new Int32Array(0);
  // Epochs whose permutations the two tables hold. A typed array: a captured `let` with a double would be boxed.
  const held = new Float64Array(2).fill(-1);

  const permutationOf = (epoch: number): Indices => {
    const parity = epoch % 2;
    const table = parity === 0 ? even : odd;
    if (held[parity] !== epoch) {
      drawPermutation(epoch, table, uniforms, random);
      held[parity] = epoch;
    }
    return table;
  };

  return (batch, samples, at) => {
    if (even.length !== samples) {
      checkDistinct(batchSize, samples, 'reshuffled');
      // Once per run: the first draw is the first to know the size of the data set.
      even = new Int32Array(samples);
      odd = new Int32Array(samples);
      held.fill(-1);
    }
    const position = at.step * batchSize;
    let epoch = Math.floor(position / samples);
    let place = position - epoch * samples;
    let permutation = permutationOf(epoch);
    for (let i = 0; i < batchSize; i++) {
      if (place === samples) {
        epoch += 1;
        place = 0;
        permutation = permutationOf(epoch);
      }
      batch[i] = permutation[place];
      place += 1;
    }
  };
}
