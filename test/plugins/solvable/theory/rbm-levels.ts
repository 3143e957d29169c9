// Theory of `gaussian-rbm` under `persistent-chains`: levels lambda = mu^2 - x of the precision K, x the levels of W^T W.
// They settle at the levels kappa of the target; T = learning rate/chains. Derived to first order in T from the exact map
// X' = (1 + rate D) X (1 + rate D), D = K_phi^-1 - sampled covariance; the setting is arXiv:2407.16427.
import { cos, power } from '../../../../core/kernels/elementary.js';

export interface RbmSetting {
  readonly sites: number;
  readonly visibleMass: number;
  readonly latticeMass: number;
}

/** m^2 + 2 - 2 cos(2 pi k/sites), k = 0 .. sites - 1, ascending. */
export function latticeLevels({ sites, latticeMass }: RbmSetting): number[] {
  return Array.from(
    { length: sites },
    (_, k) => latticeMass ** 2 + 2 - 2 * cos((2 * Math.PI * Math.min(k, sites - k)) / sites),
  ).sort((a, b) => a - b);
}

/**
 * Width sigma = sqrt(2 T (mu^2 - kappa)) of a level: the standard deviation of one that is not degenerate, the width of
 * the two-level law of a pair, whose mean spacing is sqrt(pi) sigma.
 */
export function levelSigma({ visibleMass }: RbmSetting, kappa: number, temperature: number): number {
  return Math.sqrt(2 * temperature * (visibleMass ** 2 - kappa));
}

/**
 * Factor of sigma^2 for finite steps and chains that remember: a level returns by the fraction a = 1 - rate omega per
 * update, omega = 2 (mu^2 - kappa)/kappa^2, under noise whose correlation from update to update is
 * rho = (1 - kappa/mu^2)^(2 sweeps); the factor is (1 + a rho)/((1 - a rho) (1 - rate omega/2)). Zeroth order in T.
 */
export function varianceFactor(
  { visibleMass }: RbmSetting,
  kappa: number,
  { learningRate, sweeps }: { readonly learningRate: number; readonly sweeps: number },
): number {
  const massSquared = visibleMass ** 2;
  const back = (2 * learningRate * (massSquared - kappa)) / kappa ** 2;
  const remembered = (1 - back) * power(1 - kappa / massSquared, 2 * sweeps);
  return (1 + remembered) / ((1 - remembered) * (1 - back / 2));
}

/**
 * Mean levels <lambda_i> to first order in T, for the levels kappa in ascending order. Within a pair both get the mean of
 * the pair.
 */
export function meanLevels(setting: RbmSetting, temperature: number): number[] {
  const kappa = latticeLevels(setting);
  const massSquared = setting.visibleMass ** 2;
  const x = kappa.map((level) => massSquared - level);
  const sum = (term: (j: number) => number) => kappa.reduce((total, _, j) => total + term(j), 0);
  const twice = (i: number, j: number) => (i === j ? 2 : 1);
  /** <dX_ij^2> in the eigenbasis of the target. */
  const square = (i: number, j: number) => (temperature * (x[i] + x[j]) * twice(i, j)) / 2;
  return kappa.map((level, i) => {
    const noise = sum((j) => (temperature * x[j] * twice(i, j)) / (level * kappa[j]));
    const curvature = sum((j) => (2 * massSquared * square(i, j)) / (level ** 2 * kappa[j]));
    const diagonal = (level ** 2 / (2 * x[i])) * (noise - curvature);
    const repulsion = sum((j) => (Math.abs(kappa[j] - level) < 1e-9 ? 0 : square(i, j) / (x[i] - x[j])));
    return level - diagonal - repulsion;
  });
}
