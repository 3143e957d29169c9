// The laws that levels are fitted with: a degenerate pair, its spacing, a level by itself, a cluster of many.

import { EigenflowError, suggestOrStop } from '../../errors.js';
import { hypot } from '../../kernels/elementary.js';
import { mean, variance } from '../../statistics/estimate.js';
import { erf } from '../../statistics/special-functions.js';
import type { LevelLaw, Realisation } from './level-law.js';
import { fitSemicircle, semicircleCdf } from './semicircle.js';
import { spacingTestPValue, testSpacings } from './spacing-test.js';
import { fitTwoLevelLaw, TWO_LEVEL_MEAN_SPACING, twoLevelCdf } from './two-level-density.js';
import { surmiseCdf } from './wigner-surmise.js';

const all = (realisation: Realisation) => Array.from(realisation);
const pooled = (realisations: readonly Realisation[]) => realisations.flatMap(all);

/** Both levels of a degenerate pair. `spacing` is the mean spacing that the law gives, sqrt(pi) sigma. */
export const twoLevelLaw: LevelLaw<'centre' | 'sigma' | 'spacing'> = {
  name: 'two-level',
  numbers: [2, 2],
  quantities: ['centre', 'sigma', 'spacing'],
  fit(realisations) {
    const { centre, sigma } = fitTwoLevelLaw(pooled(realisations));
    return [centre, sigma, TWO_LEVEL_MEAN_SPACING * sigma];
  },
  values: all,
  cdf: twoLevelCdf,
  test: {
    // Levels of a 2 x 2 symmetric matrix: half its trace, and half the length of a vector of two normals either side.
    draw(random) {
      const middle = random.normal() * Math.SQRT1_2;
      const half = hypot(random.normal(), random.normal()) * Math.SQRT1_2;
      return [middle - half, middle + half];
    },
  },
};

const spacingOf = (realisation: Realisation) =>
  realisation.length === 2 ? Math.abs(realisation[0] - realisation[1]) : realisation[0];

/**
 * Spacings for themselves or as two levels each, against the surmise of beta = 1. `spacing` is the mean <S>,
 * `secondMoment` that of s = S/<S>, 4/pi under the surmise.
 */
export const surmiseLaw: LevelLaw<'spacing' | 'secondMoment'> = {
  name: 'wigner-surmise',
  numbers: [1, 2],
  quantities: ['spacing', 'secondMoment'],
  fit(realisations) {
    const spacings = realisations.map(spacingOf);
    return [mean(spacings), testSpacings(spacings).secondMoment];
  },
  values: (realisation) => [spacingOf(realisation)],
  cdf: ({ spacing }, s) => surmiseCdf(1, s / spacing),
  test: { pValue: (distance, n) => spacingTestPValue(1, distance, n) },
};

/** A level that is not degenerate. The p-value is that of Lilliefors 1967, doi:10.1080/01621459.1967.10482916. */
export const gaussianLaw: LevelLaw<'centre' | 'sigma'> = {
  name: 'gaussian',
  numbers: [1, 1],
  quantities: ['centre', 'sigma'],
  fit(realisations) {
    const values = pooled(realisations);
    return [mean(values), Math.sqrt(variance(values))];
  },
  values: all,
  cdf: ({ centre, sigma }, x) => (1 + erf((x - centre) / (Math.SQRT2 * sigma))) / 2,
  test: { draw: (random) => [random.normal()] },
};

/**
 * All levels of a cluster. `sigma` is that of an n-fold degenerate level for any n (derived: the variance of one of its
 * levels is sigma^2 (n + 1)/2), where `radius` is that of the semicircle of the same variance. The law is the limit of
 * large n, so that no p-value goes with it.
 */
export const semicircleLaw: LevelLaw<'centre' | 'sigma' | 'radius'> = {
  name: 'semicircle',
  numbers: [2, Number.POSITIVE_INFINITY],
  quantities: ['centre', 'sigma', 'radius'],
  fit(realisations) {
    const { centre, radius } = fitSemicircle(pooled(realisations));
    return [centre, radius / Math.sqrt(2 * (realisations[0].length + 1)), radius];
  },
  values: all,
  cdf: semicircleCdf,
};

export const LEVEL_LAWS: readonly LevelLaw[] = [twoLevelLaw, surmiseLaw, semicircleLaw, gaussianLaw];

/** @throws EigenflowError `parameter` with the nearest name and all of them */
export function findLevelLaw(name: string): LevelLaw {
  const law = LEVEL_LAWS.find((candidate) => candidate.name === name);
  if (law !== undefined) return law;
  const names = LEVEL_LAWS.map((candidate) => candidate.name);
  throw new EigenflowError(
    'parameter',
    'law',
    `no law called "${name}"${suggestOrStop(name, names)} Laws: ${names.join(', ')}`,
  );
}
