// The order parameters of a committee under one-pass learning, in the limit of many inputs: what they change by per unit
// of alpha = steps / inputs, and the exact generalisation error that belongs to them.
import type { TheoryActivation } from './averages.js';
import { createIntegrals } from './integrals.js';

/** Sizes of the state (Q, R, v): K x K, K x M and K numbers, one after the other. */
export interface Units {
  /** K, units of the student. */
  readonly students: number;
  /** M, units of the teacher. */
  readonly teachers: number;
}

export interface OnlineSetting extends Units {
  readonly activation: TheoryActivation;
  /** T, M x M. */
  readonly teacherOverlaps: Float64Array;
  /** A, M numbers. */
  readonly teacherReadOut: Float64Array;
  /** Standard deviation sigma of the label noise. */
  readonly labelNoise: number;
  /** eta; 0 where the first layer is not trained. Momentum is in it: eta / (1 - momentum). */
  readonly rate: number;
  /** eta_v; 0 where the read-out is not trained. */
  readonly readOutRate: number;
  /** kappa: each step takes kappa / N of the weights of the first layer away. */
  readonly decay: number;
  /** The same of the read-out. */
  readonly readOutDecay: number;
  /** B; Infinity for gradient flow. */
  readonly batchSize: number;
  /** N, in the correction of order B/N alone; Infinity for the limit itself. */
  readonly inputs: number;
}

export const sizeOf = ({ students, teachers }: Units): number => students * (students + teachers + 1);

export interface OnlineDynamics {
  /** Length of a state. */
  readonly size: number;
  /** d state / d alpha into `out`. Allocates nothing but what `elementary.asin` does. */
  derivative(state: Float64Array, out: Float64Array): void;
  /** eps = 1/2 <(f - y)^2> over inputs, without the label noise. */
  generalisationError(state: Float64Array): number;
}

/**
 * With s = (v, -A) the signed read-outs of all K + M units and I3, I4, J2 the averages of `Integrals`:
 *
 *     D_ib  = v_i sum_a s_a I3(i, b, a)
 *     dR_in = -eta D_in - kappa R_in
 *     dQ_ik = -eta (D_ik + D_ki) - 2 kappa Q_ik + (eta^2 / B) v_i v_k [sum_ab s_a s_b I4(i, k, a, b) + sigma^2 J2(i, k)]
 *             + eta^2 (B - 1)/(B N) sum_ab G_ia G_kb C_ab
 *     dv_i  = -eta_v sum_a s_a <g_i g_a> - kappa_v v_i
 *
 * with G_ia = v_i s_a J2(i, a) + delta_ia v_i sum_c s_c <g"_i g_c> the mean gradient. Saad and Solla 1995
 * (doi:10.1103/PhysRevE.52.4225) for one sample and the first layer, arXiv:1906.08632 for the read-out and label noise;
 * batches: derived.
 */
export function createOnlineDynamics(setting: OnlineSetting): OnlineDynamics {
  const { students: K, teachers: M, teacherOverlaps: T, teacherReadOut: A } = setting;
  const { rate, readOutRate, decay, readOutDecay, batchSize, labelNoise } = setting;
  const n = K + M;
  const { valueValue, slopeSlope, slopeFieldValue, slopeSlopeValueValue, curvatureValue } = createIntegrals(
    setting.activation,
    n,
  );
  const readOutAt = K * n;
  const size = sizeOf(setting);
  const noise = labelNoise * labelNoise;
  const diffusion = (rate * rate) / batchSize;
  // For B = Infinity the mean gradient is all there is, and the correction belongs to B of order N.
  const excess = Number.isFinite(batchSize) ? (rate * rate * (batchSize - 1)) / (batchSize * setting.inputs) : 0;

  const C = new Float64Array(n * n);
  const s = new Float64Array(n);
  const D = new Float64Array(K * n);
  const G = new Float64Array(K * n);
  for (let a = 0; a < M; a++) {
    s[K + a] = -A[a];
    for (let b = 0; b < M; b++) C[(K + a) * n + K + b] = T[a * M + b];
  }

  const read = (state: Float64Array) => {
    for (let i = 0; i < K; i++) {
      s[i] = state[readOutAt + i];
      for (let k = 0; k < K; k++) C[i * n + k] = state[i * K + k];
      for (let m = 0; m < M; m++) {
        const overlap = state[K * K + i * M + m];
        C[i * n + K + m] = overlap;
        C[(K + m) * n + i] = overlap;
      }
    }
  };

  const writeMeanGradient = () => {
    for (let i = 0; i < K; i++) {
      let own = 0;
      for (let c = 0; c < n; c++) own += s[c] * curvatureValue(C, i, c);
      for (let a = 0; a < n; a++) G[i * n + a] = s[i] * s[a] * slopeSlope(C, i, a);
      G[i * n + i] += s[i] * own;
    }
  };

  const meanGradientProduct = (i: number, k: number): number => {
    let sum = 0;
    for (let a = 0; a < n; a++) {
      for (let b = 0; b < n; b++) sum += G[i * n + a] * G[k * n + b] * C[a * n + b];
    }
    return sum;
  };

  const squaredGradient = (i: number, k: number): number => {
    let sum = noise === 0 ? 0 : noise * slopeSlope(C, i, k);
    for (let a = 0; a < n; a++) {
      sum += s[a] * s[a] * slopeSlopeValueValue(C, i, k, a, a);
      for (let b = 0; b < a; b++) sum += 2 * s[a] * s[b] * slopeSlopeValueValue(C, i, k, a, b);
    }
    return s[i] * s[k] * sum;
  };

  return {
    size,
    derivative(state, out) {
      read(state);
      for (let i = 0; i < K; i++) {
        let error = 0;
        if (readOutRate !== 0) for (let a = 0; a < n; a++) error += s[a] * valueValue(C, i, a);
        out[readOutAt + i] = -readOutRate * error - readOutDecay * s[i];
      }
      if (rate === 0) {
        for (let i = 0; i < K * K; i++) out[i] = -2 * decay * state[i];
        for (let i = K * K; i < readOutAt; i++) out[i] = -decay * state[i];
        return;
      }
      for (let i = 0; i < K; i++) {
        for (let b = 0; b < n; b++) {
          let sum = 0;
          for (let a = 0; a < n; a++) sum += s[a] * slopeFieldValue(C, i, b, a);
          D[i * n + b] = s[i] * sum;
        }
        for (let m = 0; m < M; m++) {
          const place = K * K + i * M + m;
          out[place] = -rate * D[i * n + K + m] - decay * state[place];
        }
      }
      if (excess !== 0) writeMeanGradient();
      for (let i = 0; i < K; i++) {
        for (let k = 0; k <= i; k++) {
          let change = -rate * (D[i * n + k] + D[k * n + i]) - 2 * decay * state[i * K + k];
          if (diffusion !== 0) change += diffusion * squaredGradient(i, k);
          if (excess !== 0) change += excess * meanGradientProduct(i, k);
          out[i * K + k] = change;
          out[k * K + i] = change;
        }
      }
    },
    generalisationError(state) {
      read(state);
      let sum = 0;
      for (let a = 0; a < n; a++) {
        sum += s[a] * s[a] * valueValue(C, a, a);
        for (let b = 0; b < a; b++) sum += 2 * s[a] * s[b] * valueValue(C, a, b);
      }
      return sum / 2;
    },
  };
}
