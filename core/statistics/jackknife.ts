// Jackknife errors over realisations, of any statistic.
import type { Estimate } from './estimate.js';

/** More blocks than this do not sharpen the error of an error; they only cost time. */
const MOST_BLOCKS = 100;

/** `count` consecutive blocks of lengths that differ by one at most, as [start, end). */
function consecutiveBlocks(length: number, count: number): readonly (readonly [number, number])[] {
  const edge = (k: number) => Math.floor((k * length) / count);
  return Array.from({ length: count }, (_, k) => [edge(k), edge(k + 1)] as const);
}

/**
 * Several statistics of the same realisations with their errors, leaving out one block of realisations at a time
 * (Quenouille 1956, Tukey 1958; doi:10.1137/1.9781611970319). Realisations must be independent between blocks. Wrong
 * for medians and other quantiles: use `bootstrap` there.
 *
 * @param statistic numbers, always as many, from some of the realisations
 * @param blocks default: one for each realisation, 100 at most
 * @returns one estimate per number: its value on all realisations, not corrected for bias
 * @throws RangeError below two blocks, or with more blocks than realisations
 */
export function jackknifeAll<T>(
  realisations: readonly T[],
  statistic: (some: readonly T[]) => readonly number[],
  blocks = Math.min(MOST_BLOCKS, realisations.length),
): Estimate[] {
  const n = realisations.length;
  if (!(blocks >= 2 && blocks <= n)) {
    throw new RangeError(`a jackknife needs 2 blocks or more and a realisation in each: ${blocks} blocks of ${n}`);
  }
  const values = statistic(realisations);
  const without = consecutiveBlocks(n, blocks).map(([start, end]) =>
    statistic([...realisations.slice(0, start), ...realisations.slice(end)]),
  );
  return values.map((value, i) => {
    const centre = without.reduce((sum, one) => sum + one[i], 0) / blocks;
    const spread = without.reduce((sum, one) => sum + (one[i] - centre) ** 2, 0);
    return { value, error: Math.sqrt(((blocks - 1) / blocks) * spread), n };
  });
}

/** `jackknifeAll` for one number. */
export function jackknife<T>(
  realisations: readonly T[],
  statistic: (some: readonly T[]) => number,
  blocks?: number,
): Estimate {
  return jackknifeAll(realisations, (some) => [statistic(some)], blocks)[0];
}
