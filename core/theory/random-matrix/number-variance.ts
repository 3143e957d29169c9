// Number variance: how much the number of levels in an interval fluctuates from spectrum to spectrum, in units where the
// mean spacing is 1. Theory for the three Gaussian ensembles, and the estimate from unfolded spectra.
import { cos, log } from '../../kernels/elementary.js';
import type { Estimate } from '../../statistics/estimate.js';
import { jackknife } from '../../statistics/jackknife.js';
import { sineCosineIntegrals } from '../../statistics/special-functions.js';
import type { Beta } from './wigner-surmise.js';

const EULER = 0.5772156649015329;

/** (1/pi^2)(log(2 pi L) + gamma + 1 - cos(2 pi L) - Ci(2 pi L)) + L (1 - (2/pi) Si(2 pi L)) */
function unitary(length: number): number {
  const x = 2 * Math.PI * length;
  const { sine, cosine } = sineCosineIntegrals(x);
  return (log(x) + EULER + 1 - cos(x) - cosine) / Math.PI ** 2 + length * (1 - (2 / Math.PI) * sine);
}

/**
 * Variance of the number of levels in an interval of `length` mean spacings, deep inside the spectrum of an infinite
 * matrix: grows as (2/(beta pi^2)) log(length). Independent levels would have the variance `length`. Source: Mehta,
 * Random Matrices, 3rd ed., section 16.1.
 *
 * @throws RangeError above a length of 2^24 / pi
 */
export function numberVarianceTheory(beta: Beta, length: number): number {
  if (!(length > 0)) return length === 0 ? 0 : Number.NaN;
  if (beta === 2) return unitary(length);
  if (beta === 1) {
    const { sine } = sineCosineIntegrals(Math.PI * length);
    return 2 * unitary(length) + (sine / Math.PI) ** 2 - sine / Math.PI;
  }
  const { sine } = sineCosineIntegrals(2 * Math.PI * length);
  return unitary(2 * length) / 2 + (sine / (2 * Math.PI)) ** 2;
}

/** Levels below `x`. */
function countBelow(ascending: ArrayLike<number>, x: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ascending[middle] < x) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Intervals that overlap by more tell nothing new. */
const STARTS_PER_LENGTH = 4;

/**
 * Mean over all positions of the interval of the variance over spectra, with a jackknife error over spectra.
 *
 * @param spectra unfolded spectra, each ascending, mean spacing 1
 * @param length of the interval; unit: mean spacings
 * @param range the part of the unfolded axis in which intervals may lie
 * @returns NaN when no interval fits or below three spectra
 */
export function estimateNumberVariance(
  spectra: readonly ArrayLike<number>[],
  length: number,
  range: readonly [number, number],
): Estimate {
  const positions = Math.floor(((range[1] - range[0] - length) / length) * STARTS_PER_LENGTH + 1e-9) + 1;
  if (!(positions >= 1) || spectra.length < 3) return { value: Number.NaN, error: Number.NaN, n: spectra.length };
  const counts = spectra.map((levels) =>
    Float64Array.from({ length: positions }, (_, k) => {
      const start = range[0] + (k * length) / STARTS_PER_LENGTH;
      return countBelow(levels, start + length) - countBelow(levels, start);
    }),
  );
  return jackknife(counts, (some) => {
    let total = 0;
    for (let k = 0; k < positions; k++) {
      const centre = some.reduce((sum, row) => sum + row[k], 0) / some.length;
      total += some.reduce((sum, row) => sum + (row[k] - centre) ** 2, 0) / (some.length - 1);
    }
    return total / positions;
  });
}
