// Whether instances scatter by more than their realisations do, in ratios of standard deviations, and what scatter of any
// number would have been found.
import { mean, quantile, sorted, variance } from '../../core/statistics/estimate.js';
import { studentTwoSided } from '../../core/statistics/student.js';
import { varianceRatioCdf } from '../../core/statistics/variance-ratio.js';
import { POWER } from './power.js';
import { PERMUTATIONS, type SpreadContrast } from './spread.js';

/** Between instances, so that exchanges of one instance are independent of those of another. */
const OFFSET = 37;

/** The log ratio of an instance in one exchange. All instances were exchanged in the same order. */
export const permutedLogRatio = ({ permuted }: SpreadContrast, instance: number, p: number): number =>
  permuted[(p + OFFSET * instance) % PERMUTATIONS];

/**
 * The mean log ratio over instances, with its scatter over exchanges.
 *
 * @param spreads of one level at one time, by instance
 */
export function meanSpread(spreads: readonly SpreadContrast[]): SpreadContrast {
  if (spreads.length === 1) return spreads[0];
  return {
    logRatio: mean(spreads.map(({ logRatio }) => logRatio)),
    error: Math.sqrt(mean(spreads.map(({ error }) => error ** 2)) / spreads.length),
    permuted: Float64Array.from({ length: PERMUTATIONS }, (_, p) =>
      mean(spreads.map((spread, instance) => permutedLogRatio(spread, instance, p))),
    ),
  };
}

/** Variance over instances, in squared errors within them: the largest of a window, and that of the mean over it. */
interface Scatter {
  readonly farthest: number;
  readonly common: number;
}

export interface SpreadScatter {
  /** Probability of ratios that scatter as much over instances, one or all together, were all laws the same. */
  readonly pValue: number;
  /** Error within one instance of the mean log ratio of the window, root mean square. */
  readonly withinOfAll: number;
  /** What `farthest` and `common` must exceed to be found. */
  readonly critical: Scatter;
}

/**
 * By exchange within every instance, all levels and times together (Westfall and Young 1993); twice the smaller of two
 * probabilities.
 *
 * @param cells levels at times of a window x instances, all log ratios finite
 * @param significance of the whole window
 * @returns undefined where there is no ratio, or only one instance
 */
export function spreadScatter(
  cells: readonly (readonly SpreadContrast[])[],
  significance: number,
): SpreadScatter | undefined {
  if (cells.length === 0 || cells[0].length < 2) return undefined;
  const instances = cells[0].map((_, instance) => instance);
  const within = cells.map((cell) => mean(cell.map(({ error }) => error ** 2)));
  const ofAll = (logRatio: (spread: SpreadContrast, instance: number) => number) =>
    instances.map((instance) => mean(cells.map((cell) => logRatio(cell[instance], instance))));
  const permutations = Array.from({ length: PERMUTATIONS }, (_, p) => p);
  const permutedOfAll = permutations.map((p) => ofAll((spread, instance) => permutedLogRatio(spread, instance, p)));
  const squareOfAll = mean(permutedOfAll.map((values) => mean(values.map((value) => value ** 2))));
  const summarise = (
    logRatio: (spread: SpreadContrast, instance: number) => number,
    together = ofAll(logRatio),
  ): Scatter => ({
    farthest: cells.reduce((most, cell, i) => Math.max(most, variance(cell.map(logRatio)) / within[i]), 0),
    common: variance(together) / squareOfAll,
  });
  const found = summarise(({ logRatio }) => logRatio);
  const permuted = permutations.map((p) =>
    summarise((spread, instance) => permutedLogRatio(spread, instance, p), permutedOfAll[p]),
  );
  const probability = (kind: keyof Scatter) =>
    (permuted.filter((other) => !(other[kind] < found[kind])).length + 1) / (PERMUTATIONS + 1);
  const allowed = Math.max(0, Math.ceil((significance / 2) * (PERMUTATIONS + 1)) - 2);
  const critical = (kind: keyof Scatter) =>
    sorted(permuted.map((scatter) => scatter[kind]))[PERMUTATIONS - 1 - allowed];
  return {
    pValue: Math.min(1, 2 * Math.min(probability('farthest'), probability('common'))),
    withinOfAll: Math.sqrt(squareOfAll),
    critical: { farthest: critical('farthest'), common: critical('common') },
  };
}

/** Of a test of scatter: what it needs. Squares are of errors within an instance. */
export interface ScatterTest {
  /** The mean over instances is found beyond so many of its errors. */
  readonly criticalMean: number;
  /** The variance over instances is found beyond so many squared errors. */
  readonly criticalSquare: number;
  readonly degrees: readonly [between: number, within: number];
}

/**
 * Standard deviation between instances that would have been found with probability `POWER`: by the scatter itself, or
 * because the mean of so few does not come out as zero. For a normal law over instances with standard deviation t, in
 * errors within one, both are wider by sqrt(1 + t^2) and independent, so that nothing is found with probability
 * P(|T| < c / sqrt(1 + t^2)) P(F < f / (1 + t^2)).
 *
 * @returns in errors within one instance; infinity where no scatter would be found
 */
export function detectableScatter({ criticalMean, criticalSquare, degrees }: ScatterTest): number {
  const missed = (t: number) => {
    const wider = 1 + t * t;
    const byMean = 1 - studentTwoSided(criticalMean / Math.sqrt(wider), degrees[1]);
    return byMean * varianceRatioCdf(criticalSquare / wider, degrees);
  };
  let [low, high] = [0, 1];
  while (missed(high) > 1 - POWER) {
    high *= 2;
    if (!(high < 1e6)) return Number.POSITIVE_INFINITY;
  }
  for (let i = 0; i < 40; i++) {
    const middle = (low + high) / 2;
    if (missed(middle) > 1 - POWER) low = middle;
    else high = middle;
  }
  return high;
}

export const middleOf = (values: readonly number[]): number => quantile(sorted(values), 0.5);
