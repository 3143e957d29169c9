// The orders in which minibatches go through the data. Each is a pure function of the step, and on a finite data set
// each is a different noise at the same learning rate and batch size.
import type { Clock } from '../contracts/clock.js';
import type { Environment, Stream } from '../contracts/environment.js';
import type { Indices, Vector } from '../contracts/vector.js';
import { EigenflowError } from '../errors.js';
import { createFreshSubset } from './fresh-subset.js';

/** Writes the sample numbers of step `at.step` into the first `batchSize` places. */
export type SampleOrder = (batch: Indices, at: Clock) => void;

/** Makes an order for a data set of known size; carves what memory it needs. */
export type MakeOrder = (
  batchSize: number,
  samples: number,
  environment: Pick<Environment, 'random' | 'arena'>,
) => SampleOrder;

/** @returns an integer 0 .. bound - 1 from a uniform on (0, 1) of 52 bits; probabilities are 1/bound within 2^-52. */
const below = (bound: number, uniform: number) => Math.floor(uniform * bound);

/** Sample numbers are 32-bit integers. */
const SAMPLE_NUMBERS = 2 ** 31;

/**
 * One-pass data: sample step batchSize + i, none twice. The order throws EigenflowError `parameter` at the step for
 * which there are no sample numbers left.
 */
export function onePass(batchSize: number): SampleOrder {
  return (batch, at) => {
    const first = at.step * batchSize;
    if (first + batchSize > SAMPLE_NUMBERS) {
      throw new EigenflowError(
        'parameter',
        'noise.batchSize',
        `one-pass data end after 2^31 samples, before step ${at.step} at batch size ${batchSize}`,
      );
    }
    for (let i = 0; i < batchSize; i++) batch[i] = first + i;
  };
}

/**
 * Sample (step batchSize + i) mod samples: the same sequence in every epoch, wrapping round inside a batch when the
 * batch size does not divide the data set. Exact up to step batchSize = 2^53.
 */
export const cyclic: MakeOrder = (batchSize, samples) => (batch, at) => {
  // Not the operator %, which calls a function that takes longer the longer the run is. Below 2^53 the two agree: a
  // quotient that is no integer is at least 1/samples below the next one, more than it is rounded by.
  const position = at.step * batchSize;
  let sample = position - samples * Math.floor(position / samples);
  for (let i = 0; i < batchSize; i++) {
    batch[i] = sample;
    sample += 1;
    if (sample === samples) sample = 0;
  }
};

/** Steps after which `cyclic` is where it began. */
export function periodOfCyclic(batchSize: number, samples: number): number {
  let [divisor, rest] = [samples, batchSize];
  while (rest > 0) [divisor, rest] = [rest, divisor % rest];
  return samples / divisor;
}

/** Independent draws with replacement. */
export const iid: MakeOrder =
  (batchSize, samples, { random }) =>
  (batch, at) =>
    random.integers(at.step, samples, batch, batchSize);

/** @throws EigenflowError `parameter` when a batch of distinct samples is larger than the data set. */
function checkDistinct(batchSize: number, samples: number, order: string): void {
  if (batchSize <= samples) return;
  throw new EigenflowError(
    'parameter',
    'noise.batchSize',
    `${batchSize} samples cannot be distinct in a data set of ${samples}, which the order "${order}" asks for; ` +
      `use at most ${samples}, or the order "iid"`,
  );
}

/** `batchSize` distinct samples, every subset equally likely, independent from step to step. */
export const freshSubset: MakeOrder = (batchSize, samples, { random, arena }) => {
  checkDistinct(batchSize, samples, 'fresh-subset');
  const drawSubset = createFreshSubset(batchSize, samples, random, arena);
  return (batch, at) => drawSubset(at.step, batch);
};

/** Uniforms asked from the stream at once while a permutation is drawn: scratch that does not grow with the data. */
const CHUNK = 1024;

/** Shuffles 0 .. length - 1 (Fisher and Yates, inside out) as a pure function of (stream, epoch). */
function drawPermutation(epoch: number, out: Indices, uniforms: Vector, random: Stream): void {
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
export const reshuffled: MakeOrder = (batchSize, samples, { random, arena }) => {
  checkDistinct(batchSize, samples, 'reshuffled');
  const uniforms = arena.vector(CHUNK);
  const even = arena.indices(samples);
  const odd = arena.indices(samples);
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

  return (batch, at) => {
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
};
