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
import { factorise, invertFactored, solveLower, solveUpper } from '../statistics/cholesky.js';
import { logarithms } from '../statistics/exponentials.js';
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
/** Largest change of a white variable, in prior standard deviations, at which the mode has been found. */
const CONVERGED = 1e-9;

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

/** rows^T diag(weights) rows, lower triangle; rank x rank */
function weighted({ rank, rows }: Features, weights: Float64Array): Float64Array {
  const out = new Float64Array(rank * rank);
  for (let i = 0; i < weights.length; i++) {
    if (weights[i] === 0) continue;
    for (let j = 0; j < rank; j++) {
      const part = weights[i] * rows[i * rank + j];
      for (let k = 0; k <= j; k++) out[j * rank + k] += part * rows[i * rank + k];
    }
  }
  return out;
}

/** Gradient of the log posterior and its negative Hessian, in white variables. */
function derivatives(
  observed: Observed,
  features: Features,
  tau: number,
  white: Float64Array,
  p: Float64Array,
  basis: Float64Array,
): { gradient: Float64Array; hessian: Float64Array } {
  const { instances, labels } = observed;
  const n = observed.cells.length;
  const { rank } = features;
  const contrasts = labels - 1;
  const width = rank + instances;
  const size = contrasts * width;
  const sums = sumRuns(observed, p, basis);
  const gradient = white.map((value) => -value);
  const hessian = new Float64Array(size * size);
  const add = (row: number, column: number, value: number) => {
    hessian[Math.max(row, column) * size + Math.min(row, column)] += value;
  };
  for (let a = 0; a < contrasts; a++) {
    projected(features, sums.cellPull.subarray(a * n, (a + 1) * n)).forEach((value, j) => {
      gradient[a * width + j] += value;
    });
    for (let s = 0; s < instances; s++) {
      gradient[a * width + rank + s] += tau * sums.instancePull[a * instances + s];
    }
    for (let b = 0; b <= a; b++) {
      const ab = a * contrasts + b;
      const block = weighted(features, sums.cellBend.subarray(ab * n, (ab + 1) * n));
      for (let j = 0; j < rank; j++) {
        for (let k = 0; k <= j; k++) {
          add(a * width + j, b * width + k, block[j * rank + k]);
          if (a !== b && j !== k) add(a * width + k, b * width + j, block[j * rank + k]);
        }
      }
      for (let s = 0; s < instances; s++) {
        const at = ab * instances + s;
        projected(features, sums.crossBend.subarray(at * n, (at + 1) * n)).forEach((value, j) => {
          add(a * width + rank + s, b * width + j, tau * value);
          if (a !== b) add(a * width + j, b * width + rank + s, tau * value);
        });
        add(a * width + rank + s, b * width + rank + s, tau * tau * sums.instanceBend[at]);
      }
    }
  }
  for (let i = 0; i < size; i++) add(i, i, 1);
  return { gradient, hessian };
}

/** @param start white variables to start from, of as many features; default: zeros */
export function posteriorOf(observed: Observed, smoothness: Smoothness, start?: Float64Array): Posterior {
  const features = featuresOf(observed.cells, smoothness);
  const width = features.rank + observed.instances;
  const size = (observed.labels - 1) * width;
  const basis = contrastBasis(observed.labels);
  const tau = smoothness.instanceSpread;
  const at = (white: Float64Array) => {
    const p = softmax(contrastsOf(observed, features, tau, white), basis, observed.labels);
    return { white, p, value: logPosterior(observed, p, white) };
  };
  let here = at(start?.length === size ? start.slice() : new Float64Array(size));
  for (let step = 0; step < MOST_STEPS; step++) {
    const { gradient, hessian } = derivatives(observed, features, tau, here.white, here.p, basis);
    factorise(hessian, size, hessian);
    solveLower(hessian, size, gradient);
    solveUpper(hessian, size, gradient);
    const move = (scale: number) => at(here.white.map((value, i) => value + scale * gradient[i]));
    let next = move(1);
    for (let scale = 0.5; next.value < here.value && scale > 1e-6; scale /= 2) next = move(scale);
    // Rounding ends the climb.
    if (!(next.value >= here.value)) break;
    const change = gradient.reduce((most, g) => Math.max(most, Math.abs(g)), 0);
    here = next;
    if (change < CONVERGED) break;
  }
  const { hessian } = derivatives(observed, features, tau, here.white, here.p, basis);
  factorise(hessian, size, hessian);
  const pivots = Float64Array.from({ length: size }, (_, i) => hessian[i * size + i]);
  logarithms(pivots);
  const logEvidence = here.value - pivots.reduce((sum, value) => sum + value, 0);
  const covariance = new Float64Array(size * size);
  invertFactored(hessian, size, new Float64Array(size * size), covariance);
  return { observed, smoothness, basis, features, width, mode: here.white, covariance, fitted: here.p, logEvidence };
}
