// A map of probabilities between and beyond its cells: what a run at any setting will be, on an instance that the map
// has not seen, and how well the runs of the map determine that.
import { Matrix, solve } from 'ml-matrix';
import type { Banded } from '../contracts/classifier.js';
import { quantile, sorted } from '../statistics/estimate.js';
import { choleskyOf } from '../statistics/positive-definite.js';
import { createRandomSource } from '../statistics/random-source.js';
import { softmax } from './contrasts.js';
import { covariances, rowOf } from './covariance.js';
import type { Posterior } from './posterior.js';

/** What the map says of one setting. */
export interface Prediction {
  /**
   * For every label, the probability that a run on a new instance has it: the mean over what the latent functions and
   * the spread of instances may be, with a band that holds 68.27 % of it, or more where it must be wider to hold the
   * mean.
   */
  readonly probabilities: readonly Banded[];
  /** For every label, the probability that it is the most probable one: how sure the map is of its verdict. */
  readonly leading: readonly number[];
}

export interface Surface {
  predict(at: readonly number[]): Prediction;
  /**
   * What the probabilities at several settings may be together: draws of the latent functions under the most probable
   * of the posteriors, each with the probabilities of a new instance (settings x labels).
   */
  together(places: readonly (readonly number[])[]): readonly Float64Array[];
}

/**
 * Draws of the latent functions, and new instances for each of them: for the band. For the probability itself, draws of
 * both together. Both signs of every number are drawn.
 */
const DRAWS = 128;
const INSTANCES = 32;
const RUNS = 2048;
const LOWER_TAIL = 0.158655253931457;

/** Standard normal numbers, points x dimensions; the second half of the points mirrors the first. */
export function mirroredNormals(points: number, dimensions: number, name: string): Float64Array {
  const source = createRandomSource(1, name);
  const numbers = new Float64Array(points * dimensions);
  const half = numbers.length / 2;
  for (let i = 0; i < half; i++) {
    numbers[i] = source.normal();
    numbers[i + half] = -numbers[i];
  }
  return numbers;
}

/**
 * The latent contrasts at several places: their mean (places x contrasts) and joint covariance ((places x contrasts)
 * squared).
 */
export function latentTogether(
  posterior: Posterior,
  places: readonly (readonly number[])[],
): { mean: Float64Array; covariance: Float64Array } {
  const { observed, smoothness, features, width, mode, covariance: all } = posterior;
  const { rank } = features;
  const contrasts = observed.labels - 1;
  const whole = contrasts * width;
  const size = places.length * contrasts;
  const prior = covariances(places, places, smoothness);
  const weights = places.map((place) => rowOf(features, place, smoothness));
  const mean = new Float64Array(size);
  const covariance = new Float64Array(size * size);
  // Rows of the weights times the covariance of the white variables, for one place and contrast at a time.
  const half = new Float64Array(whole);
  for (let p = 0; p < places.length; p++) {
    for (let a = 0; a < contrasts; a++) {
      half.fill(0);
      for (let i = 0; i < rank; i++) {
        mean[p * contrasts + a] += weights[p][i] * mode[a * width + i];
        // Those of the instances play no part.
        for (let b = 0; b < contrasts; b++) {
          const row = (a * width + i) * whole + b * width;
          for (let j = 0; j < rank; j++) half[b * width + j] += weights[p][i] * all[row + j];
        }
      }
      for (let q = 0; q <= p; q++) {
        // What the features do not determine is the same for all contrasts and shared by none.
        let free = prior[p * places.length + q];
        for (let i = 0; i < rank; i++) free -= weights[p][i] * weights[q][i];
        for (let b = 0; b < contrasts; b++) {
          let sum = a === b ? (p === q ? Math.max(0, free) : free) : 0;
          for (let j = 0; j < rank; j++) sum += half[b * width + j] * weights[q][j];
          covariance[(p * contrasts + a) * size + q * contrasts + b] = sum;
          covariance[(q * contrasts + b) * size + p * contrasts + a] = sum;
        }
      }
    }
  }
  return { mean, covariance };
}

/**
 * Lower triangular root of a covariance (d x d), with so much variance added to every direction that it has one: 1e-12,
 * and ten times as much where rounding left less than nothing. NaN throughout where a covariance is not finite.
 */
function rootOf(covariance: Float64Array, d: number): Float64Array {
  const root = new Float64Array(d * d);
  for (let added = 1e-12; added < 1; added *= 10) {
    const moved = covariance.slice();
    for (let i = 0; i < d; i++) moved[i * d + i] += added;
    const lower = choleskyOf(moved, d)?.lowerTriangularMatrix;
    if (!lower) continue;
    for (let i = 0; i < d; i++) for (let j = 0; j <= i; j++) root[i * d + j] = lower.get(i, j);
    return root;
  }
  return root.fill(Number.NaN);
}

/** mean + C^(1/2) x for every row x of `normals`; a direction without variance stays where it is. */
export function correlated(mean: Float64Array, covariance: Float64Array, normals: Float64Array): Float64Array {
  const d = mean.length;
  const factor = rootOf(covariance, d);
  const out = new Float64Array(normals.length);
  for (let i = 0; i < normals.length; i += d) {
    for (let a = 0; a < d; a++) {
      let sum = mean[a];
      for (let b = 0; b <= a; b++) sum += factor[a * d + b] * normals[i + b];
      out[i + a] = sum;
    }
  }
  return out;
}

/** Points x dimensions, made to have unit covariance and mean zero exactly. */
function whitened(points: number, dimensions: number, name: string): Float64Array {
  const normals = mirroredNormals(points, dimensions, name);
  const covariance = new Float64Array(dimensions * dimensions);
  for (let i = 0; i < normals.length; i += dimensions) {
    for (let a = 0; a < dimensions; a++) {
      for (let b = 0; b < dimensions; b++) {
        covariance[a * dimensions + b] += (normals[i + a] * normals[i + b]) / points;
      }
    }
  }
  const root = choleskyOf(covariance, dimensions)?.lowerTriangularMatrix;
  if (!root) throw new Error(`${points} points do not span ${dimensions} dimensions`);
  const white = solve(root, Matrix.from1DArray(points, dimensions, normals).transpose());
  return Float64Array.from(white.transpose().to1DArray());
}

/** A posterior and its probability among those that come into question. */
export interface Weighted {
  readonly posterior: Posterior;
  readonly weight: number;
}

/** An even number of draws for each, in proportion to its weight. */
const shareOf = (draws: number, weight: number) => 2 * Math.max(1, Math.round((draws * weight) / 2));

/** Covariance of a run on a new instance, which adds tau^2 to every contrast. */
function withInstance(covariance: Float64Array, { instanceSpread }: Posterior['smoothness'], contrasts: number) {
  const sum = covariance.slice();
  for (let a = 0; a < contrasts; a++) sum[a * contrasts + a] += instanceSpread ** 2;
  return sum;
}

/** @param components of the same runs under different smoothness; their weights sum to 1 */
export function createSurface(components: readonly Weighted[]): Surface {
  const [{ posterior: one }] = components;
  const { basis } = one;
  const { labels } = one.observed;
  const contrasts = labels - 1;
  const parts = components.map(({ posterior, weight }) => ({
    posterior,
    weight,
    outer: mirroredNormals(shareOf(DRAWS, weight), contrasts, 'phase surface'),
    joint: mirroredNormals(shareOf(RUNS, weight), contrasts, 'runs on new instances'),
    inner: whitened(INSTANCES, contrasts, 'new instances').map((x) => posterior.smoothness.instanceSpread * x),
  }));
  const draws = parts.reduce((sum, { outer }) => sum + outer.length / contrasts, 0);
  const likely = parts.reduce((best, other) => (other.weight > best.weight ? other : best));
  return {
    together(places) {
      const { posterior, inner } = likely;
      const { mean, covariance } = latentTogether(posterior, places);
      const width = places.length * contrasts;
      const latent = correlated(mean, covariance, mirroredNormals(DRAWS, width, 'settings together'));
      return Array.from({ length: DRAWS }, (_, draw) => {
        const shares = new Float64Array(places.length * labels);
        for (let j = 0; j < inner.length; j += contrasts) {
          const points = latent
            .slice(draw * width, (draw + 1) * width)
            .map((value, i) => value + inner[j + (i % contrasts)]);
          softmax(points, basis, labels).forEach((p, i) => {
            shares[i] += p / INSTANCES;
          });
        }
        return shares;
      });
    },
    predict(at) {
      const values = new Float64Array(labels);
      const byDraw = Array.from({ length: labels }, () => new Float64Array(draws));
      const leading = new Array<number>(labels).fill(0);
      let draw = 0;
      for (const { posterior, weight, outer, joint, inner } of parts) {
        const { mean, covariance } = latentTogether(posterior, [at]);
        const runs = softmax(
          correlated(mean, withInstance(covariance, posterior.smoothness, contrasts), joint),
          basis,
          labels,
        );
        for (let i = 0; i < runs.length; i++) values[i % labels] += (weight * runs[i] * labels) / runs.length;
        const latent = correlated(mean, covariance, outer);
        const points = new Float64Array((latent.length / contrasts) * inner.length);
        for (let i = 0; i * contrasts < latent.length; i++) {
          for (let j = 0; j < inner.length; j++) {
            points[i * inner.length + j] = latent[i * contrasts + (j % contrasts)] + inner[j];
          }
        }
        const each = softmax(points, basis, labels);
        for (let i = 0; i * contrasts < latent.length; i++, draw++) {
          let first = 0;
          for (let k = 0; k < labels; k++) {
            let sum = 0;
            for (let j = 0; j < INSTANCES; j++) sum += each[(i * INSTANCES + j) * labels + k];
            byDraw[k][draw] = sum / INSTANCES;
            if (byDraw[k][draw] > byDraw[first][draw]) first = k;
          }
          leading[first] += 1 / draws;
        }
      }
      return {
        probabilities: byDraw.map((drawn, k) => {
          const ascending = sorted(drawn);
          return {
            value: values[k],
            low: Math.min(values[k], quantile(ascending, LOWER_TAIL)),
            high: Math.max(values[k], quantile(ascending, 1 - LOWER_TAIL)),
          };
        }),
        leading,
      };
    },
  };
}
