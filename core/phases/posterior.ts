// The latent functions behind the labels of a map, as far as the runs determine them: Laplace's approximation of the
// posterior of a Gaussian-process classifier with an effect of every instance.
//
// Run r, in cell i(r) and of instance s(r), has label k with probability softmax(Q z_r)_k, with Q the orthonormal
// contrasts, and contrasts
//
//     z_r = f(x_i) + tau b_s,      f ~ GP(0, Matern 5/2), b_s ~ N(0, 1), independent for every contrast
//
// In white variables, f = F v with F F^T the prior covariance of the cells, the log posterior is
// sum_r y_r . log p_r - |v|^2/2 - |b|^2/2: concave, so that Newton's method with step halving finds its only maximum
// (Rasmussen and Williams 2006, sections 3.4, 3.5 and, for the evidence, 5.5.1; the effect of instances and the white
// variables: derived).
import { Matrix } from 'ml-matrix';
import { logarithms } from '../statistics/exponentials.js';
import { choleskyOf, inverseOf } from '../statistics/positive-definite.js';
import { contrastBasis, softmax } from './contrasts.js';
import { type Features, featuresOf, type Smoothness } from './covariance.js';
import type { Observed } from './observations.js';

export interface Posterior {
  readonly observed: Observed;
  readonly smoothness: Smoothness;
  readonly basis: Float64Array;
  readonly features: Features;
  /** White variables of one contrast: those of the features, then the instances. */
  readonly width: number;
  /** Mode of the white variables; contrasts x width. */
  readonly mode: Float64Array;
  /** Covariance of the white variables; (contrasts x width) squared. */
  readonly covariance: Float64Array;
  /** Probabilities of the labels of every run at the mode; runs x labels. */
  readonly fitted: Float64Array;
  /** ln of the probability of all labels under this smoothness, in Laplace's approximation. */
  readonly logEvidence: number;
}

const MOST_STEPS = 60;
/**
 * Largest steps of a white variable, in prior standard deviations. Newton steps square the distance to the mode: below the
 * first the log posterior is too flat for rounding to judge them, after one below the second the mode has been found.
 */
const NEAR = 1e-4;
const LAST = 1e-7;

/** Contrasts of every run; runs x contrasts. */
function contrastsOf(observed: Observed, { rank, rows }: Features, tau: number, white: Float64Array): Float64Array {
  const n = observed.cells.length;
  const contrasts = observed.labels - 1;
  const width = rank + observed.instances;
  const surface = new Float64Array(n * contrasts);
  for (let i = 0; i < n; i++) {
    for (let a = 0; a < contrasts; a++) {
      let sum = 0;
      for (let j = 0; j < rank; j++) sum += rows[i * rank + j] * white[a * width + j];
      surface[i * contrasts + a] = sum;
    }
  }
  const result = new Float64Array(observed.runs.length * contrasts);
  observed.runs.forEach(({ cell, instance }, r) => {
    for (let a = 0; a < contrasts; a++) {
      result[r * contrasts + a] = surface[cell * contrasts + a] + tau * white[a * width + rank + instance];
    }
  });
  return result;
}

function logPosterior(observed: Observed, probabilities: Float64Array, white: Float64Array): number {
  const logs = probabilities.map((p) => Math.max(p, 1e-300));
  logarithms(logs);
  let sum = 0;
  observed.runs.forEach(({ labels }, r) => {
    for (let k = 0; k < labels.length; k++) if (labels[k] > 0) sum += labels[k] * logs[r * labels.length + k];
  });
  for (const value of white) sum -= (value * value) / 2;
  return sum;
}

/** Residual Q^T (y - p) of one run; contrasts. */
export function residual(
  labels: readonly number[],
  p: Float64Array,
  basis: Float64Array,
  out: Float64Array,
): Float64Array {
  const contrasts = labels.length - 1;
  out.fill(0);
  for (let k = 0; k < labels.length; k++) {
    for (let a = 0; a < contrasts; a++) out[a] += basis[k * contrasts + a] * (labels[k] - p[k]);
  }
  return out;
}

/** Curvature Q^T (diag p - p p^T) Q of one run; contrasts x contrasts. */
export function curvature(p: Float64Array, basis: Float64Array, out: Float64Array): Float64Array {
  const contrasts = p.length - 1;
  for (let a = 0; a < contrasts; a++) {
    for (let b = 0; b <= a; b++) {
      let both = 0;
      let first = 0;
      let second = 0;
      for (let k = 0; k < p.length; k++) {
        both += basis[k * contrasts + a] * p[k] * basis[k * contrasts + b];
        first += basis[k * contrasts + a] * p[k];
        second += basis[k * contrasts + b] * p[k];
      }
      out[a * contrasts + b] = both - first * second;
      out[b * contrasts + a] = out[a * contrasts + b];
    }
  }
  return out;
}

/** Sums over runs that the derivatives are made of, by contrast or pair of contrasts. */
interface Sums {
  /** Of a cell; contrasts x cells. */
  readonly cellPull: Float64Array;
  /** Of an instance; contrasts x instances. */
  readonly instancePull: Float64Array;
  /** Of a cell; pairs x cells. */
  readonly cellBend: Float64Array;
  /** Of a cell and an instance; pairs x instances x cells. */
  readonly crossBend: Float64Array;
  /** Of an instance; pairs x instances. */
  readonly instanceBend: Float64Array;
}

function sumRuns({ labels, runs, instances, cells }: Observed, p: Float64Array, basis: Float64Array): Sums {
  const n = cells.length;
  const contrasts = labels - 1;
  const pairs = contrasts * contrasts;
  const pull = new Float64Array(contrasts);
  const bend = new Float64Array(pairs);
  const sums = {
    cellPull: new Float64Array(contrasts * n),
    instancePull: new Float64Array(contrasts * instances),
    cellBend: new Float64Array(pairs * n),
    crossBend: new Float64Array(pairs * n * instances),
    instanceBend: new Float64Array(pairs * instances),
  };
  runs.forEach(({ cell, instance, labels: y }, r) => {
    const row = p.subarray(r * labels, (r + 1) * labels);
    residual(y, row, basis, pull);
    curvature(row, basis, bend);
    for (let a = 0; a < contrasts; a++) {
      sums.cellPull[a * n + cell] += pull[a];
      sums.instancePull[a * instances + instance] += pull[a];
    }
    for (let ab = 0; ab < pairs; ab++) {
      sums.cellBend[ab * n + cell] += bend[ab];
      sums.crossBend[(ab * instances + instance) * n + cell] += bend[ab];
      sums.instanceBend[ab * instances + instance] += bend[ab];
    }
  });
  return sums;
}

/** out_j = sum_i rows_ij weights_i */
function projected({ rank, rows }: Features, weights: Float64Array): Float64Array {
  const out = new Float64Array(rank);
  for (let i = 0; i < weights.length; i++) {
    if (weights[i] === 0) continue;
    for (let j = 0; j < rank; j++) out[j] += rows[i * rank + j] * weights[i];
  }
  return out;
}

/**
 * block <- rows^T diag(weights) rows, lower triangle; rank x rank. Four entries at a time, so that their sums do not wait
 * for each other; every sum runs over the cells in their order.
 */
function weighted({ rank, columns }: Features, weights: Float64Array, block: Float64Array): void {
  const n = weights.length;
  const part = new Float64Array(n);
  for (let j = 0; j < rank; j++) {
    for (let i = 0; i < n; i++) part[i] = weights[i] * columns[j][i];
    let k = 0;
    for (; k + 3 <= j; k += 4) {
      const [c0, c1, c2, c3] = [columns[k], columns[k + 1], columns[k + 2], columns[k + 3]];
      let [s0, s1, s2, s3] = [0, 0, 0, 0];
      for (let i = 0; i < n; i++) {
        const p = part[i];
        s0 += p * c0[i];
        s1 += p * c1[i];
        s2 += p * c2[i];
        s3 += p * c3[i];
      }
      block[j * rank + k] = s0;
      block[j * rank + k + 1] = s1;
      block[j * rank + k + 2] = s2;
      block[j * rank + k + 3] = s3;
    }
    for (; k <= j; k++) {
      let sum = 0;
      for (let i = 0; i < n; i++) sum += part[i] * columns[k][i];
      block[j * rank + k] = sum;
    }
  }
}

/** Gradient of the log posterior and its negative Hessian, in white variables. */
interface Derivatives {
  /** size = contrasts x width */
  readonly gradient: Float64Array;
  /** Lower triangle; size x size. */
  readonly hessian: Float64Array;
}

function createDerivatives(observed: Observed, features: Features, tau: number, basis: Float64Array) {
  const { instances, labels } = observed;
  const n = observed.cells.length;
  const { rank } = features;
  const contrasts = labels - 1;
  const width = rank + instances;
  const size = contrasts * width;
  const gradient = new Float64Array(size);
  const hessian = new Float64Array(size * size);
  const block = new Float64Array(rank * rank);

  /** The next call overwrites the result. */
  return (white: Float64Array, p: Float64Array): Derivatives => {
    const sums = sumRuns(observed, p, basis);
    for (let i = 0; i < size; i++) gradient[i] = -white[i];
    hessian.fill(0);
    for (let a = 0; a < contrasts; a++) {
      projected(features, sums.cellPull.subarray(a * n, (a + 1) * n)).forEach((value, j) => {
        gradient[a * width + j] += value;
      });
      for (let s = 0; s < instances; s++) {
        gradient[a * width + rank + s] += tau * sums.instancePull[a * instances + s];
      }
      // All rows below lie at or below the diagonal: b <= a.
      for (let b = 0; b <= a; b++) {
        const ab = a * contrasts + b;
        weighted(features, sums.cellBend.subarray(ab * n, (ab + 1) * n), block);
        for (let j = 0; j < rank; j++) {
          for (let k = 0; k <= j; k++) {
            hessian[(a * width + j) * size + b * width + k] = block[j * rank + k];
            if (a !== b) hessian[(a * width + k) * size + b * width + j] = block[j * rank + k];
          }
        }
        for (let s = 0; s < instances; s++) {
          const at = ab * instances + s;
          projected(features, sums.crossBend.subarray(at * n, (at + 1) * n)).forEach((value, j) => {
            hessian[(a * width + rank + s) * size + b * width + j] = tau * value;
            if (a !== b) hessian[(a * width + j) * size + b * width + rank + s] = tau * value;
          });
          hessian[(a * width + rank + s) * size + b * width + rank + s] = tau * tau * sums.instanceBend[at];
        }
      }
    }
    for (let i = 0; i < size; i++) hessian[i * size + i] += 1;
    return { gradient, hessian };
  };
}

/** @param start white variables to start from, of as many features; default: zeros */
export function posteriorOf(observed: Observed, smoothness: Smoothness, start?: Float64Array): Posterior {
  const features = featuresOf(observed.cells, smoothness);
  const width = features.rank + observed.instances;
  const size = (observed.labels - 1) * width;
  const basis = contrastBasis(observed.labels);
  const tau = smoothness.instanceSpread;
  const derivatives = createDerivatives(observed, features, tau, basis);
  const at = (white: Float64Array) => {
    const p = softmax(contrastsOf(observed, features, tau, white), basis, observed.labels);
    return { white, p, value: logPosterior(observed, p, white) };
  };
  let here = at(start?.length === size ? start.slice() : new Float64Array(size));
  for (let step = 0; step < MOST_STEPS; step++) {
    const { gradient, hessian } = derivatives(here.white, here.p);
    const newton = choleskyOf(hessian, size)?.solve(Matrix.columnVector(gradient)).to1DArray();
    if (!newton) break;
    const move = (scale: number) => at(here.white.map((value, i) => value + scale * newton[i]));
    const change = newton.reduce((most, by) => Math.max(most, Math.abs(by)), 0);
    let next = move(1);
    if (change > NEAR) {
      for (let scale = 0.5; next.value < here.value && scale > 1e-6; scale /= 2) next = move(scale);
      // Rounding ends the climb.
      if (!(next.value >= here.value)) break;
    }
    here = next;
    if (change < LAST) break;
  }
  const { hessian } = derivatives(here.white, here.p);
  const diagonal = Float64Array.from(choleskyOf(hessian, size)?.lowerTriangularMatrix.diagonal() ?? [Number.NaN]);
  logarithms(diagonal);
  let covariance: Float64Array | undefined;
  return {
    ...{ observed, smoothness, basis, features, width, mode: here.white, fitted: here.p },
    logEvidence: here.value - diagonal.reduce((sum, value) => sum + value, 0),
    // Where smoothness is searched for by the evidence, few posteriors are asked for theirs.
    get covariance() {
      covariance ??= inverseOf(hessian, size) ?? new Float64Array(size * size).fill(Number.NaN);
      return covariance;
    },
  };
}
