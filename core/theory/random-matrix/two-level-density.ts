// The density of a twofold degenerate level under Dyson dynamics: of two levels with
//
//     P(x1, x2) ~ |x1 - x2| exp(-((x1 - centre)^2 + (x2 - centre)^2) / (2 sigma^2)),
//
// one is looked at. They are those of a 2 x 2 symmetric Gaussian matrix with variance sigma^2 on the diagonal and
// sigma^2/2 off it. arXiv:2407.16427 calls the density the Wigner semicircle for N = 2.
import { exp } from '../../kernels/elementary.js';
import { type Estimate, mean, variance } from '../../statistics/estimate.js';
import { jackknifeAll } from '../../statistics/jackknife.js';
import { erf } from '../../statistics/special-functions.js';

export interface TwoLevelLaw {
  readonly centre: number;
  readonly sigma: number;
}

const ROOT_PI = Math.sqrt(Math.PI);
const ROOT_TWO_PI = Math.sqrt(2 * Math.PI);

/**
 * exp(-u^2/2)/(4 sqrt(pi) sigma) (2 exp(-u^2/2) + sqrt(2 pi) u erf(u/sqrt 2)) with u = (x - centre)/sigma. Source:
 * arXiv:2407.16427.
 */
export function twoLevelDensity({ centre, sigma }: TwoLevelLaw, x: number): number {
  const u = (x - centre) / sigma;
  const gauss = exp((-u * u) / 2);
  return (gauss / (4 * ROOT_PI * sigma)) * (2 * gauss + ROOT_TWO_PI * u * erf(u / Math.SQRT2));
}

/** Distribution function (1 + erf(u))/2 - exp(-u^2/2) erf(u/sqrt 2)/sqrt 8 (derived). */
export function twoLevelCdf({ centre, sigma }: TwoLevelLaw, x: number): number {
  const u = (x - centre) / sigma;
  return (1 + erf(u)) / 2 - (exp((-u * u) / 2) * erf(u / Math.SQRT2)) / Math.sqrt(8);
}

/** Variance of one level over sigma^2 (derived): 1/2 from the centre of the pair and <S^2>/(4 sigma^2) = 1. */
export const TWO_LEVEL_VARIANCE = 1.5;

/** Mean spacing of the pair over sigma, sqrt(pi). Source: arXiv:2407.16427. */
export const TWO_LEVEL_MEAN_SPACING = ROOT_PI;

/** -d log density / du of the law with sigma = 1. */
function score(u: number): number {
  const gauss = exp((-u * u) / 2);
  const step = ROOT_TWO_PI * erf(u / Math.SQRT2);
  return u - step / (2 * gauss + u * step);
}

/** Fisher information of one level on centre/sigma and on log sigma: <score^2> and <(u score - 1)^2> by quadrature. */
const INFORMATION = { centre: 0.7212514043, scale: 2.6120484483 };

const ROUNDS = 50;
const CONVERGED = 1e-10;

/**
 * Maximum likelihood by Fisher scoring, without bins. The two levels of a pair are not independent; each has this
 * density, which is what makes the fit consistent, but its error must come from a resampling of pairs.
 *
 * @param levels both levels of each pair, in any order
 * @returns NaN for both when the levels are not finite or are all equal
 */
export function fitTwoLevelLaw(levels: ArrayLike<number>): TwoLevelLaw {
  let centre = mean(levels);
  let sigma = Math.sqrt(variance(levels) / TWO_LEVEL_VARIANCE);
  for (let round = 0; round < ROUNDS; round++) {
    let shift = 0;
    let growth = 0;
    for (let i = 0; i < levels.length; i++) {
      const u = (levels[i] - centre) / sigma;
      const slope = score(u);
      shift += slope;
      growth += u * slope - 1;
    }
    shift /= levels.length * INFORMATION.centre;
    growth /= levels.length * INFORMATION.scale;
    centre += sigma * shift;
    sigma *= exp(growth);
    if (Math.abs(shift) + Math.abs(growth) < CONVERGED) return { centre, sigma };
  }
  return { centre: Number.NaN, sigma: Number.NaN };
}

/**
 * The same fit with jackknife errors over independent pairs.
 *
 * @throws RangeError below two pairs
 */
export function estimateTwoLevelLaw(pairs: readonly (readonly [number, number])[]): {
  readonly centre: Estimate;
  readonly sigma: Estimate;
} {
  const [centre, sigma] = jackknifeAll(pairs, (some) => {
    const law = fitTwoLevelLaw(some.flat());
    return [law.centre, law.sigma];
  });
  return { centre, sigma };
}
