// Averages for g(x) = max(0, x): integrated by parts until only probabilities that all fields are positive remain.
import { clampedAsin, type Integrals } from './averages.js';
import { NODES, WEIGHTS } from './quadrature.js';

const TWO_PI = 2 * Math.PI;

/** Below this share of what a variance was before a condition, it is rounding: two fields are one. */
const NO_VARIANCE = 1e-14;

/** Other pair of {0, 1, 2, 3} for each pair i < j, in the order (0,1) (0,2) (0,3) (1,2) (1,3) (2,3). */
const PAIRS: readonly (readonly [i: number, j: number, k: number, l: number])[] = [
  [0, 1, 2, 3],
  [0, 2, 1, 3],
  [0, 3, 1, 2],
  [1, 2, 0, 3],
  [1, 3, 0, 2],
  [2, 3, 0, 1],
];

/**
 * Integration by parts is Stein's lemma: <x_c F> = sum_x C_cx <dF/dx>, and the derivative of a step function puts its
 * field to 0 (derived). Conditions with no variance left belong to fields that are one up to rounding; their terms
 * vanish. Probabilities of four positive fields: one integral of Plackett's (1954) identity, with t = sin u, which takes
 * the square-root ends away; 40 Gauss-Legendre points.
 */
export function createReluIntegrals(n: number): Integrals {
  /** Distinct fields of the present average. */
  const fields = new Int32Array(4);
  /** Their covariance, and what a condition leaves of it; 4 x 4. */
  const all = new Float64Array(16);
  const once = new Float64Array(16);
  const twice = new Float64Array(16);
  const r = new Float64Array(16);

  const slopeSlope = (C: Float64Array, a: number, b: number): number => {
    const scale = Math.sqrt(C[a * n + a] * C[b * n + b]);
    return scale > 0 ? 0.25 + clampedAsin(C[a * n + b] / scale) / TWO_PI : 0;
  };

  /** Covariance of fields 0 .. count - 1, given that field x is 0. */
  const condition = (from: Float64Array, x: number, count: number, to: Float64Array) => {
    const variance = from[5 * x];
    for (let i = 0; i < count; i++) {
      for (let j = 0; j < count; j++) to[4 * i + j] = from[4 * i + j] - (from[4 * i + x] * from[4 * j + x]) / variance;
    }
    for (let i = 0; i < count; i++) if (to[5 * i] < NO_VARIANCE * from[5 * i]) to[5 * i] = 0;
  };

  const correlation = (covariance: Float64Array, i: number, j: number): number => {
    const scale = Math.sqrt(covariance[5 * i] * covariance[5 * j]);
    return scale > 0 ? Math.min(1, Math.max(-1, covariance[4 * i + j] / scale)) : 0;
  };

  /** Probability that four fields of correlations r are positive. */
  const fourPositive = (): number => {
    let sum = 0;
    let linear = 0;
    for (let p = 0; p < 6; p++) linear += clampedAsin(r[4 * PAIRS[p][0] + PAIRS[p][1]]);
    for (let q = 0; q < NODES.length; q++) {
      const t = NODES[q];
      for (let p = 0; p < 6; p++) {
        const [i, j, k, l] = PAIRS[p];
        const rij = t * r[4 * i + j];
        if (rij === 0) continue;
        const [ik, il, jk, jl, kl] = [r[4 * i + k], r[4 * i + l], r[4 * j + k], r[4 * j + l], r[4 * k + l]];
        const rest = 1 - rij * rij;
        const covariance = t * kl - (t * t * (ik * il + jk * jl - rij * (ik * jl + il * jk))) / rest;
        const varianceK = 1 - (t * t * (ik * ik + jk * jk - 2 * rij * ik * jk)) / rest;
        const varianceL = 1 - (t * t * (il * il + jl * jl - 2 * rij * il * jl)) / rest;
        const scale = varianceK * varianceL;
        if (!(varianceK > 0 && varianceL > 0)) continue;
        sum += (WEIGHTS[q] * r[4 * i + j] * clampedAsin(covariance / Math.sqrt(scale))) / Math.sqrt(rest);
      }
    }
    return 1 / 16 + linear / (8 * Math.PI) + sum / (4 * Math.PI * Math.PI);
  };

  /** Probability that all of the fields 0 .. count - 1 of a covariance but `without` and `and` are positive. */
  const positive = (covariance: Float64Array, count: number, without: number, and: number): number => {
    let left = 0;
    let sum = 0;
    for (let i = 0; i < count; i++) {
      if (i === without || i === and) continue;
      left += 1;
      for (let j = i + 1; j < count; j++) {
        if (j !== without && j !== and) sum += clampedAsin(correlation(covariance, i, j));
      }
    }
    if (left === 0) return 1;
    if (left === 1) return 0.5;
    if (left === 2) return 0.25 + sum / TWO_PI;
    if (left === 3) return 0.125 + sum / (2 * TWO_PI);
    for (let i = 0; i < 4; i++) for (let j = i + 1; j < 4; j++) r[4 * i + j] = correlation(covariance, i, j);
    for (let i = 0; i < 4; i++) for (let j = 0; j < i; j++) r[4 * i + j] = r[4 * j + i];
    return fourPositive();
  };

  /** <x_d prod theta> over the fields but x, given that x is 0. */
  const oneField = (count: number, d: number, x: number): number => {
    condition(all, x, count, once);
    let sum = 0;
    for (let y = 0; y < count; y++) {
      if (y === x || once[5 * y] === 0) continue;
      condition(once, y, count, twice);
      sum += (once[4 * d + y] / Math.sqrt(TWO_PI * once[5 * y])) * positive(twice, count, x, y);
    }
    return sum;
  };

  return {
    valueValue(C, a, b) {
      const scale = Math.sqrt(C[a * n + a] * C[b * n + b]);
      if (!(scale > 0)) return scale === 0 ? 0 : Number.NaN;
      const c = Math.min(1, Math.max(-1, C[a * n + b] / scale));
      // pi - acos c = pi / 2 + asin c
      return (scale * (Math.sqrt(1 - c * c) + c * (Math.PI / 2 + clampedAsin(c)))) / TWO_PI;
    },
    slopeSlope,
    slopeFieldValue(C, a, b, c) {
      const [own, ac] = [C[a * n + a], C[a * n + c]];
      if (own === 0) return 0;
      const rest = Math.sqrt(Math.max(0, own * C[c * n + c] - ac * ac));
      return (C[a * n + b] * rest) / (TWO_PI * own) + C[b * n + c] * slopeSlope(C, a, c);
    },
    slopeSlopeValueValue(C, a, b, c, d) {
      let count = 0;
      const place = (field: number): number => {
        for (let i = 0; i < count; i++) if (fields[i] === field) return i;
        fields[count] = field;
        count += 1;
        return count - 1;
      };
      place(a);
      place(b);
      const [pc, pd] = [place(c), place(d)];
      for (let i = 0; i < count; i++) {
        for (let j = 0; j < count; j++) all[4 * i + j] = C[fields[i] * n + fields[j]];
        if (all[5 * i] === 0) return 0;
      }
      let sum = all[4 * pc + pd] * positive(all, count, -1, -1);
      for (let x = 0; x < count; x++) {
        if (x !== pd) sum += (all[4 * pc + x] / Math.sqrt(TWO_PI * all[5 * x])) * oneField(count, pd, x);
      }
      return sum;
    },
    curvatureValue(C, a, c) {
      const [own, ac] = [C[a * n + a], C[a * n + c]];
      if (own === 0) return 0;
      return Math.sqrt(Math.max(0, own * C[c * n + c] - ac * ac)) / (TWO_PI * own);
    },
  };
}
