// Unfolding: stretching the axis of a spectrum so that the mean spacing is 1 everywhere, which leaves the correlations of
// the levels and takes away their density.

/**
 * Each level by the mean number of levels below it. For a density that is known.
 *
 * @param levels of one spectrum
 * @param cdf distribution function of one level
 * @returns expected ranks, 0 .. number of levels
 */
export function unfoldByLaw(levels: ArrayLike<number>, cdf: (x: number) => number): Float64Array {
  return Float64Array.from(levels, (level) => levels.length * cdf(level));
}

/**
 * Each level by the number of levels below it in a mean spectrum: the staircase of all spectra together, divided by
 * their number. For many spectra of one law: a spectrum enters its own mean, which biases by one part in their number.
 *
 * @param spectra independent, each ascending and of the same length
 * @returns unfolded spectra, each ascending, from 0 to the number of levels
 */
export function unfoldByEnsemble(spectra: readonly ArrayLike<number>[]): Float64Array[] {
  const all = spectra.flatMap((levels, spectrum) => Array.from(levels, (level, place) => ({ level, spectrum, place })));
  all.sort((a, b) => a.level - b.level);
  const unfolded = spectra.map((levels) => new Float64Array(levels.length));
  all.forEach(({ spectrum, place }, rank) => {
    unfolded[spectrum][place] = (rank + 0.5) / spectra.length;
  });
  return unfolded;
}

/**
 * Spacings of one spectrum, each divided by the mean of the spacings around it: itself and up to `neighbours` on either
 * side. For a single spectrum. A narrow window follows the density but takes away the fluctuations of its own width. The
 * variance of independent levels is too small by 1 part in neighbours + 1: 17 % for 5 (derived). Levels that repel
 * fluctuate little over a window: 12 % for 1, 3 % for 2, nothing that shows for 5.
 *
 * @param levels ascending or descending
 * @param neighbours spacings on either side, a whole number from 1 on
 * @returns one spacing fewer than levels
 */
export function unfoldLocally(levels: ArrayLike<number>, neighbours: number): Float64Array {
  const count = Math.max(0, levels.length - 1);
  return Float64Array.from({ length: count }, (_, i) => {
    const first = Math.max(0, i - neighbours);
    const last = Math.min(count, i + 1 + neighbours);
    const localMean = (levels[last] - levels[first]) / (last - first);
    return (levels[i + 1] - levels[i]) / localMean;
  });
}
