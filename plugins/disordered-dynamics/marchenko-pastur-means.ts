// Means over the law of Marchenko and Pastur: the levels of the covariance of P random inputs of dimension N.
import { elementary } from 'eigenflow';

/** Levels and their weights; a sum over both is a mean over the law. */
export interface Quadrature {
  readonly levels: Float64Array;
  readonly weights: Float64Array;
  /** Weight of the levels that are exactly 0. */
  readonly zero: number;
}

/**
 * For Psi^T Psi/P, Psi of P x N standard normals, at the ratio N/P. With l = 1 + ratio + 2 sqrt(ratio) cos a the law is
 * (2/pi) sin(a)^2/l da on (0, pi), which the rule of midpoints sums to rounding for smooth functions that vary over
 * more than 1/points of the range; a share 1 - 1/ratio of the levels is 0 where there are more inputs than samples.
 * Derived from doi:10.1070/SM1967v001n04ABEH001994.
 */
export function marchenkoPasturQuadrature(ratio: number, points = 4096): Quadrature {
  const levels = new Float64Array(points);
  const weights = new Float64Array(points);
  for (let i = 0; i < points; i++) {
    const angle = ((i + 0.5) * Math.PI) / points;
    levels[i] = 1 + ratio + 2 * Math.sqrt(ratio) * elementary.cos(angle);
    weights[i] = (2 * elementary.sin(angle) ** 2) / (points * levels[i]);
  }
  return { levels, weights, zero: Math.max(0, 1 - 1 / ratio) };
}

/** Mean square errors. */
export interface Errors {
  readonly test: number;
  readonly train: number;
}

/** What the flow starts from, and what the targets hold. */
export interface RegressionSetting {
  /** Number of inputs over number of samples. */
  readonly ratio: number;
  /** Variance of the noise of a target. */
  readonly noiseVariance: number;
  /** Squared distance of the first weights from those of the teacher. */
  readonly distance: number;
}

/**
 * Mean square errors on fresh samples and on the training set along gradient flow of half the mean square, for many
 * normal inputs of variance 1:
 *
 *     test(t)  = D <exp(-2lt)> + s ratio <(1 - exp(-lt))^2/l> + s
 *     train(t) = D <l exp(-2lt)> + s (1 - ratio (1 - <exp(-2lt)>))
 *
 * D the distance, s the noise variance, <> the law of Marchenko and Pastur. Source: arXiv:2601.01010 for the model; the
 * formulas are derived.
 */
export function regressionErrors(
  time: number,
  { levels, weights, zero }: Quadrature,
  { ratio, noiseVariance, distance }: RegressionSetting,
): Errors {
  let [kept, keptLoss, learnt] = [zero, 0, 0];
  for (let i = 0; i < levels.length; i++) {
    const decay = elementary.exp(-levels[i] * time);
    kept += weights[i] * decay * decay;
    keptLoss += weights[i] * levels[i] * decay * decay;
    learnt += (weights[i] * (1 - decay) * (1 - decay)) / levels[i];
  }
  return {
    test: distance * kept + noiseVariance * (1 + ratio * learnt),
    train: distance * keptLoss + noiseVariance * (1 - ratio * (1 - kept)),
  };
}
