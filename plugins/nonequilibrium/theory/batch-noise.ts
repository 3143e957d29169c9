// Noise of minibatches over a number of steps near a minimum, for batches that are drawn with and without replacement.
import type { Sampling } from 'eigenflow';
import { Matrix } from 'eigenflow/theory';
import { gradientCovariance, type Landscape, meanGradient, meanHessian, type SampleExpansion } from './landscape.js';
import { type LinearState, linearState, scaledInBasis } from './linear-state.js';
import type { Minimum, Spectrum } from './minimum.js';

/** Covariance of the gradient of one step over that of single samples. */
export function batchFactor({ batchSize, order }: Sampling, samples: number): number {
  if (order === 'iid') return 1 / batchSize;
  return samples === 1 ? 0 : (samples - batchSize) / (batchSize * (samples - 1));
}

/** Whether the steps of this order are a periodic force, which no theory of noise covers. */
export const isPeriodic = ({ batchSize, order }: Sampling, samples: number) =>
  order === 'cyclic' && batchSize !== samples;

/** D of one step: half the covariance of its displacement at given weights, noise that is added included. */
export function diffusionMatrix(covariance: Matrix, sampling: Sampling, samples: number, stepSize: number): Matrix {
  const diffusion = Matrix.mul(covariance, (stepSize * stepSize * batchFactor(sampling, samples)) / 2);
  const added = (stepSize * stepSize * sampling.addedVariance(stepSize)) / 2;
  return diffusion.add(Matrix.eye(covariance.rows, covariance.rows, added));
}

/** a^0 .. a^(count - 1) summed. */
function powerSum(a: number, count: number): number {
  let [sum, term] = [0, 1];
  for (let k = 0; k < count; k++) {
    sum += term;
    term *= a;
  }
  return sum;
}

function wholePower(a: number, exponent: number): number {
  let product = 1;
  for (let k = 0; k < exponent; k++) product *= a;
  return product;
}

/** sum_i over samples of H_i x_i, of (H_i x_i)(H_i x_i)^T and the like, which the permutation variance is made of. */
interface PermutationSums {
  /** sum_i H_i g_i */
  readonly c: Float64Array;
  /** Expectation classes of E[T T^T] with T = sum_(i != j) e_ij H_j g_i, by which indices coincide. */
  readonly sameGradient: Matrix;
  readonly sameHessian: Matrix;
  readonly chain: Matrix;
  readonly samePair: Matrix;
  readonly swapped: Matrix;
}

const outerOf = (a: Float64Array, b: Float64Array) => Matrix.columnVector(a).mmul(Matrix.rowVector(b));

/** The classes for gradients centred on their mean. `constant`: with the mean Hessian for that of every sample. */
function permutationSums(
  { gradients, hessians }: SampleExpansion,
  mean: Float64Array,
  hessian: Matrix,
  { samples, size }: Landscape,
  constant: boolean,
): PermutationSums {
  const all = Array.from({ length: samples }, (_, sample) => sample);
  const g = all.map((s) => gradients.slice(s * size, (s + 1) * size).map((x, i) => x - mean[i]));
  const h = all.map((s) =>
    constant ? hessian : Matrix.from1DArray(size, size, hessians.subarray(s * size * size, (s + 1) * size * size)),
  );
  const zeros = () => Matrix.zeros(size, size);
  const scatter = zeros();
  for (const s of all) scatter.add(outerOf(g[s], g[s]));
  const total = Matrix.mul(hessian, samples);
  const c = new Float64Array(size);
  const samePair = zeros();
  const sameGradient = zeros();
  const sameHessian = zeros();
  const swapped = zeros();
  const chainOwn = zeros();
  // sum_j H_j g_i g_i^T H_j^T for each i, summed over i: by j, H_j (scatter) H_j^T.
  const spread = zeros();
  for (const s of all) {
    const own = h[s].mmul(Matrix.columnVector(g[s]));
    const ownVector = Float64Array.from(own.to1DArray());
    for (let i = 0; i < size; i++) c[i] += ownVector[i];
    const square = outerOf(ownVector, ownVector);
    const image = h[s].mmul(scatter).mmul(h[s].transpose());
    spread.add(image);
    samePair.add(Matrix.sub(image, square));
    // i = k: both Hessians differ from sample i.
    const others = Matrix.sub(total, h[s]).mmul(Matrix.columnVector(g[s]));
    const othersVector = Float64Array.from(others.to1DArray());
    sameGradient.add(outerOf(othersVector, othersVector));
    // j = l: sum over i != k, both not j.
    sameHessian.add(Matrix.sub(Matrix.mul(square, 2), image));
    // i = l: sum over j != k, both not i.
    chainOwn.sub(outerOf(othersVector, ownVector));
  }
  // i = k with j = l taken out.
  sameGradient.sub(samePair);
  // sum_(i != j) H_j g_i g_j^T H_i^T. With G[b] = sum_i g_i[b] H_i, entry (a, d) of the sum over all pairs is
  // sum_(b, e) G[e]_ab G[b]_de, from which the pairs i = j are taken.
  const weighted = Array.from({ length: size }, () => zeros());
  for (const s of all) {
    for (let b = 0; b < size; b++) weighted[b].add(Matrix.mul(h[s], g[s][b]));
  }
  for (let a = 0; a < size; a++) {
    for (let d = 0; d < size; d++) {
      let sum = 0;
      for (let b = 0; b < size; b++) {
        for (let e = 0; e < size; e++) sum += weighted[e].get(a, b) * weighted[b].get(d, e);
      }
      swapped.set(a, d, sum);
    }
  }
  swapped.sub(Matrix.sub(spread, samePair));
  const chain = Matrix.sub(chainOwn, swapped);
  return { c, sameGradient, sameHessian, chain: Matrix.add(chain, chain.transpose()), samePair, swapped };
}

/**
 * Covariance, over random permutations, of sum_(k > l) H_k g_l, the sums running over the N/B batches of an epoch and
 * H_k, g_l being the means over a batch: eta^2 times it is the noise of an epoch without replacement, to leading order.
 * Exact for any N and B that divides it (derived: the classes of coinciding indices with their probabilities).
 *
 * @param constant with the mean Hessian in place of those of the samples
 */
export function permutationCovariance(
  expansion: SampleExpansion,
  landscape: Landscape,
  batchSize: number,
  constant = false,
): Matrix {
  const { samples: N } = landscape;
  const B = batchSize;
  const mean = meanGradient(expansion, landscape);
  const sums = permutationSums(expansion, mean, meanHessian(expansion, landscape), landscape, constant);
  const { c, sameGradient, sameHessian, chain, samePair, swapped } = sums;
  if (N === B) return Matrix.zeros(c.length, c.length);
  // Probabilities that samples come one before the other in batches; 0/0 where there are too few samples to be asked.
  const over = (numerator: number, denominator: number) => (denominator === 0 ? 0 : numerator / denominator);
  const pair = (N - B) / (2 * (N - 1));
  const three = over((N - B) * (N - 2 * B), (N - 1) * (N - 2));
  const twoTogether = over((B - 1) * (N - B), (N - 1) * (N - 2));
  const first = three / 3 + twoTogether / 2;
  const between = three / 6;
  const together = (B - 1) / (N - 1);
  const bothTogether = together * over((B - 2) * (B - 3) + (N - B) * (B - 1), (N - 2) * (N - 3));
  const four = (1 - 2 * together + bothTogether) / 4;
  const product = outerOf(c, c);
  const distinct = Matrix.sub(product, sameGradient).sub(sameHessian).sub(chain).sub(samePair).sub(swapped);
  const second = Matrix.mul(distinct, four)
    .add(Matrix.mul(Matrix.add(sameGradient, sameHessian), first))
    .add(Matrix.mul(chain, between))
    .add(Matrix.mul(samePair, pair));
  return second.sub(Matrix.mul(product, pair * pair)).mul(1 / (B * B * B * B));
}

/**
 * Noise of an epoch of M steps without replacement in a quadratic well: with a_k = (1 - eta h)^(M - 1 - k) for step k
 * and V the covariance of the gradient of a step, eta^2 M/(M - 1) [sum a_k V a_k - (sum a_k) V (sum a_k)/M], exact
 * (derived).
 */
function epochNoise(spectrum: Spectrum, covariance: Matrix, factors: Float64Array, steps: number): Matrix {
  if (steps === 1) return Matrix.zeros(covariance.rows, covariance.rows);
  const sums = factors.map((factor) => powerSum(factor, steps));
  return scaledInBasis(
    spectrum,
    covariance,
    (i, j) => (steps / (steps - 1)) * (powerSum(factors[i] * factors[j], steps) - (sums[i] * sums[j]) / steps),
  );
}

export interface NoiseSetting {
  readonly sampling: Sampling;
  readonly stepSize: number;
  /** Steps of one application of the map. */
  readonly steps: number;
}

/**
 * The map of `steps` steps near the minimum with its noise. Independent batches: the noise of each step carried on by
 * those after it. Reshuffled, for whole epochs: exact in a quadratic well, to which comes what the Hessians of the
 * batches differ by, to leading order in the step size.
 *
 * @returns undefined where there is no theory: periodic batches, part of an epoch, an unstable well
 */
export function stateOf(minimum: Minimum, landscape: Landscape, setting: NoiseSetting): LinearState | undefined {
  const { sampling, stepSize, steps } = setting;
  const { spectrum, expansion } = minimum;
  const { samples } = landscape;
  if (isPeriodic(sampling, samples)) return undefined;
  const perStep = spectrum.values.map((value) => 1 - stepSize * value);
  if (perStep.some((factor) => Math.abs(factor) >= 1)) return undefined;
  const factors = perStep.map((factor) => wholePower(factor, steps));
  const carried = (noise: Matrix) => scaledInBasis(spectrum, noise, (i, j) => powerSum(perStep[i] * perStep[j], steps));
  const covariance = gradientCovariance(expansion, landscape);
  if (sampling.order !== 'reshuffled' || sampling.batchSize === samples) {
    const diffusion = diffusionMatrix(covariance, sampling, samples, stepSize);
    return linearState(spectrum, factors, carried(Matrix.mul(diffusion, 2)));
  }
  const { batchSize } = sampling;
  const stepsPerEpoch = samples / batchSize;
  if (!Number.isInteger(stepsPerEpoch) || steps !== stepsPerEpoch) return undefined;
  const square = stepSize * stepSize;
  const ofStep = Matrix.mul(covariance, square * batchFactor(sampling, samples));
  const added = Matrix.eye(covariance.rows, covariance.rows, square * sampling.addedVariance(stepSize));
  const differing = Matrix.sub(
    permutationCovariance(expansion, landscape, batchSize),
    permutationCovariance(expansion, landscape, batchSize, true),
  ).mul(square * square);
  return linearState(
    spectrum,
    factors,
    epochNoise(spectrum, ofStep, perStep, steps).add(differing).add(carried(added)),
  );
}
