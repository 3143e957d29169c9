// The slope of the generalisation error along each order parameter.
import type { OnlineSetting } from './dynamics.js';
import { createIntegrals } from './integrals.js';

/**
 * Derivatives of eps = 1/2 sum_ab s_a s_b <g_a g_b> with respect to the independent order parameters: Q_ik for k <= i, row
 * by row, R student by student, and v. By <g g>' = <g' g'> along an overlap and <g" g>/2 along a variance (derived).
 */
export function createErrorGradient({
  activation,
  students: K,
  teachers: M,
  teacherOverlaps: T,
  teacherReadOut: A,
}: OnlineSetting): (state: Float64Array, out: Float64Array) => void {
  const n = K + M;
  const { valueValue, slopeSlope, curvatureValue } = createIntegrals(activation, n);
  const C = new Float64Array(n * n);
  const s = new Float64Array(n);
  for (let a = 0; a < M; a++) {
    s[K + a] = -A[a];
    for (let b = 0; b < M; b++) C[(K + a) * n + K + b] = T[a * M + b];
  }
  return (state, out) => {
    for (let i = 0; i < K; i++) {
      s[i] = state[K * n + i];
      for (let k = 0; k < K; k++) C[i * n + k] = state[i * K + k];
      for (let m = 0; m < M; m++) {
        C[i * n + K + m] = state[K * K + i * M + m];
        C[(K + m) * n + i] = C[i * n + K + m];
      }
    }
    let place = 0;
    for (let i = 0; i < K; i++) {
      for (let k = 0; k < i; k++) {
        out[place] = s[i] * s[k] * slopeSlope(C, i, k);
        place += 1;
      }
      let own = s[i] * slopeSlope(C, i, i);
      for (let b = 0; b < n; b++) own += s[b] * curvatureValue(C, i, b);
      out[place] = (s[i] * own) / 2;
      place += 1;
    }
    for (let i = 0; i < K; i++) {
      for (let m = 0; m < M; m++) {
        out[place] = s[i] * s[K + m] * slopeSlope(C, i, K + m);
        place += 1;
      }
    }
    for (let i = 0; i < K; i++) {
      let sum = 0;
      for (let a = 0; a < n; a++) sum += s[a] * valueValue(C, i, a);
      out[place] = sum;
      place += 1;
    }
  };
}
