// Moments of levels over realisations of the noise: the numbers in which SGD and a surrogate are compared.

import { hypot } from '../../core/kernels/elementary.js';
import { mean, variance } from '../../core/statistics/estimate.js';
import { jackknife } from '../../core/statistics/jackknife.js';
import { firstOtherTime } from './learning-time.js';
import { contrastMeans, type MeanContrast } from './means.js';
import type { Ensemble } from './realisations.js';
import { contrastSpreads, type SpreadContrast } from './spread.js';

/** One level at one time. */
export interface LevelMoments {
  readonly mean: number;
  /** Standard error of the mean. */
  readonly meanError: number;
  /** Standard deviation over realisations. */
  readonly deviation: number;
  /** Its standard error by the jackknife: the tails of these laws are heavier than normal. */
  readonly deviationError: number;
  readonly n: number;
}

/** @returns frames x levels */
export function momentsOf(ensemble: Ensemble, top: number): LevelMoments[][] {
  return ensemble.time.map((_, frame) =>
    Array.from({ length: top }, (_, level) => {
      const values = Float64Array.from(ensemble.levels, (run) => run[frame][level]);
      const { value: deviation, error } = jackknife([...values], (some) => Math.sqrt(variance(some)));
      const n = values.length;
      return { mean: mean(values), meanError: deviation / Math.sqrt(n), deviation, deviationError: error, n };
    }),
  );
}

/** How one level of a surrogate stands to that of the reference at one time. */
export interface Contrast {
  readonly time: number;
  /** Number of the level, from 1, largest first. */
  readonly level: number;
  readonly reference: LevelMoments;
  readonly surrogate: LevelMoments;
  /** surrogate mean / reference mean - 1. */
  readonly shift: number;
  /** Standard error of `shift`, to first order: that of a ratio b/a, hypot(sigma_b, (b/a) sigma_a) / |a|. */
  readonly shiftError: number;
  /** Whether the means are the same, which is judged by their difference. */
  readonly means: MeanContrast;
  readonly spread: SpreadContrast;
}

/**
 * Time by time and level by level.
 *
 * @throws RangeError when a frame of the two lies at another time: levels move, so that no difference would mean anything
 */
export function contrast(reference: Ensemble, surrogate: Ensemble, top: number): Contrast[] {
  const frame = firstOtherTime(reference.time, surrogate.time);
  if (frame >= 0) throw new RangeError(`frame ${frame} of ${surrogate.name} and ${reference.name} is at other times`);
  const a = momentsOf(reference, top);
  const b = momentsOf(surrogate, top);
  const spreads = contrastSpreads(reference, surrogate, top);
  return reference.time.flatMap((time, frame) =>
    a[frame].map((own, level): Contrast => {
      const other = b[frame][level];
      return {
        time,
        level: level + 1,
        reference: own,
        surrogate: other,
        shift: other.mean / own.mean - 1,
        shiftError: hypot(other.meanError, (other.mean / own.mean) * own.meanError) / Math.abs(own.mean),
        means: contrastMeans(own, other),
        spread: spreads[frame][level],
      };
    }),
  );
}
