// Theory of `linear-teacher-student` near its teacher: D = W - W_t obeys D' = D (1 - learningRate C) + learningRate a with
// C the covariance of the inputs of a batch and a its mean noise matrix. Derived; the limit of small learning rate is
// arXiv:2407.16427. Throughout A = noiseWidth^2, T = learningRate/batchSize, N = 2 unless said.
import { cos, sin } from '../../../../core/kernels/elementary.js';

export interface PairSetting {
  readonly learningRate: number;
  readonly batchSize: number;
  readonly noiseWidth: number;
}

/** sqrt(T A), the scale of every spacing. */
export function noiseScale({ learningRate, batchSize, noiseWidth }: PairSetting): number {
  return noiseWidth * Math.sqrt(learningRate / batchSize);
}

/**
 * Width sigma of the two-level law of the pair, sqrt(T A/(1 - learningRate/2)): exact in the learning rate, first order in
 * T. The mean spacing is sqrt(pi) sigma, in the Langevin limit 1.7725 sqrt(T A).
 */
export function pairSigma(setting: PairSetting): number {
  return noiseScale(setting) / Math.sqrt(1 - setting.learningRate / 2);
}

/**
 * Second moment of the spacing when every step has inputs of its own, exact in learning rate and T: with
 * <D_ik D_jl> = alpha d_ij d_kl + beta d_ik d_jl + gamma d_il d_jk it is 4 (alpha + gamma), and stationarity makes
 *
 *     decay alpha = t (A + (N + 1) alpha + beta + gamma),  decay beta = t gamma,  decay gamma = t (A + beta),
 *
 * t = learningRate^2/batchSize, decay = learningRate (2 - learningRate), N = 2.
 *
 * @returns NaN where the multiplicative noise of the inputs makes the moment diverge
 */
export function annealedSecondMoment({ learningRate, batchSize, noiseWidth }: PairSetting): number {
  const t = learningRate ** 2 / batchSize;
  const decay = learningRate * (2 - learningRate);
  const variance = noiseWidth ** 2;
  if (!(decay > 3 * t)) return Number.NaN;
  const gamma = (t * variance * decay) / (decay ** 2 - t ** 2);
  const beta = (t * gamma) / decay;
  const alpha = (t * (variance + beta + gamma)) / (decay - 3 * t);
  return 4 * (alpha + gamma);
}

/** Covariance of the inputs of one batch, (1/B) sum_n x_n x_n^T: elements 11, 12, 22. */
export type InputCovariance = readonly [number, number, number];

/**
 * Mean spacing given the inputs, as all seeds that share their data see it: the noise alone is averaged over, and D is
 * exactly normal. Derived.
 *
 * @param batches covariances of the inputs of every step, in order, long enough to forget the start
 */
export function quenchedMeanSpacing(batches: readonly InputCovariance[], setting: PairSetting): number {
  const { learningRate: rate, batchSize, noiseWidth } = setting;
  const added = (rate * noiseWidth) ** 2 / batchSize;
  // Covariances of (D_11, D_12) = row 1 with itself, row 1 with row 2, row 2 with itself; 2 x 2 each, row-major.
  let [m11, m12, m22] = [
    [0, 0, 0, 0],
    [0, 0, 0, 0],
    [0, 0, 0, 0],
  ];
  for (const [c11, c12, c22] of batches) {
    const [p, q, r] = [1 - rate * c11, -rate * c12, 1 - rate * c22];
    const carry = ([a, b, c, d]: readonly number[]) => {
      const [pa, pb, qa, qb] = [p * a + q * c, p * b + q * d, q * a + r * c, q * b + r * d];
      return [pa * p + pb * q, pa * q + pb * r, qa * p + qb * q, qa * q + qb * r];
    };
    const add = (m: readonly number[], noise: readonly number[]) => m.map((x, k) => x + added * noise[k]);
    m11 = add(carry(m11), [2, 0, 0, 1]);
    m12 = add(carry(m12), [0, 0, 1, 0]);
    m22 = add(carry(m22), [1, 0, 0, 2]);
  }
  // S^2 = u^2 + v^2 with u = D_11 - D_22 and v = D_12 + D_21.
  const uu = m11[0] + m22[3] - 2 * m12[1];
  const vv = m11[3] + m22[0] + 2 * m12[2];
  const uv = m11[1] + m12[0] - m12[3] - m22[2];
  return meanLength(uu, vv, uv);
}

const ANGLES = 64;

/** Mean length of a normal vector (u, v): a Rayleigh length times the mean over directions of the ellipse's radius. */
function meanLength(uu: number, vv: number, uv: number): number {
  let sum = 0;
  for (let k = 0; k < ANGLES; k++) {
    const angle = (2 * Math.PI * k) / ANGLES;
    const [c, s] = [cos(angle), sin(angle)];
    sum += Math.sqrt(uu * c * c + 2 * uv * c * s + vv * s * s);
  }
  return (Math.sqrt(Math.PI / 2) * sum) / ANGLES;
}
