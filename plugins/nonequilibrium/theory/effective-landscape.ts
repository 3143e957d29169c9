// The landscape that an epoch of batches without replacement descends on average.
import { Matrix, solve } from 'eigenflow/theory';
import { type Landscape, meanGradient, meanHessian, type SampleExpansion } from './landscape.js';
import type { Minimum } from './minimum.js';

/**
 * Mean displacement of an epoch of M = N/B steps over -eta M, to second order in eta (derived):
 *
 *     g - (eta/2) [M H g - <H_k g_k>],   <H_k g_k> = H g + (N - B)/(B (N - 1)) [mean_i H_i g_i - H g]
 *
 * the gradient of L + (eta/4) <|g_k|^2> - (eta M/4) |g|^2, H_k and g_k being those of a batch.
 */
export function effectiveGradient(
  expansion: SampleExpansion,
  landscape: Landscape,
  batchSize: number,
  stepSize: number,
): Float64Array {
  const { samples, size } = landscape;
  const { gradients, hessians } = expansion;
  const gradient = meanGradient(expansion, landscape);
  const through = meanHessian(expansion, landscape).mmul(Matrix.columnVector(gradient)).to1DArray();
  const own = new Float64Array(size);
  for (let sample = 0; sample < samples; sample++) {
    const at = sample * size * size;
    for (let i = 0; i < size; i++) {
      let sum = 0;
      for (let j = 0; j < size; j++) sum += hessians[at + i * size + j] * gradients[sample * size + j];
      own[i] += sum / samples;
    }
  }
  const spread = samples === 1 ? 0 : (samples - batchSize) / (batchSize * (samples - 1));
  const steps = samples / batchSize;
  return gradient.map((g, i) => {
    const within = through[i] + spread * (own[i] - through[i]);
    return g - (stepSize / 2) * (steps * through[i] - within);
  });
}

const MOST_ITERATIONS = 100;
const SETTLED = 1e-13;

/**
 * The zero of the effective gradient next to a minimum: steps with the Hessian of the minimum, whose error shrinks by a
 * factor of the order of step size x curvature x steps of an epoch in each.
 *
 * @returns undefined where they do not converge
 */
export function effectiveMinimum(
  { theta: start, hessian }: Minimum,
  landscape: Landscape,
  batchSize: number,
  stepSize: number,
): Float64Array | undefined {
  let theta = start;
  for (let iteration = 0; iteration < MOST_ITERATIONS; iteration++) {
    const gradient = effectiveGradient(landscape.expand(theta), landscape, batchSize, stepSize);
    if (!gradient.every(Number.isFinite)) return undefined;
    const move = solve(hessian, Matrix.columnVector(gradient)).to1DArray();
    theta = theta.map((weight, i) => weight - move[i]);
    const moved = move.reduce((sum, x) => sum + x * x, 0);
    const norm = theta.reduce((sum, x) => sum + x * x, 0);
    if (moved <= SETTLED * SETTLED * (1 + norm)) return theta;
  }
  return undefined;
}
