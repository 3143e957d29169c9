// Says for every window of time whether a surrogate agrees with its reference, by how much it fails, and which of its
// assumptions was broken there.
import { exp, hypot, log } from '../../core/kernels/elementary.js';
import { quantile, smallest, sorted } from '../../core/statistics/estimate.js';
import type { Contrast } from './ensemble.js';
import type { FiniteSummary } from './finite.js';
import { isInWindow } from './learning-time.js';
import { type MeanContrast, meansPValue } from './means.js';
import { type Detectable, detectableDifference, detectableLogRatio, POWER_QUANTILE, type Sizes } from './power.js';
import { type SpreadContrast, spreadPValue } from './spread.js';

/** What was measured in a window beside the levels, over all realisations; of no numbers where it was not. */
export interface Measured {
  /** Step size of the reference times the largest eigenvalue of the Hessian: the largest. */
  readonly stepTimesSharpness: FiniteSummary;
  /** The same of the surrogate. */
  readonly surrogateStepTimesSharpness: FiniteSummary;
  /** Relative error of the level equation in one step of the reference, medians: of the mean shift, and of the variance. */
  readonly oneStepShift: FiniteSummary;
  readonly oneStepVariance: FiniteSummary;
}

/** What the theory assumes, as measured on the reference. */
export interface Assumptions extends Measured {
  /** Largest standard deviation of a level over its mean. */
  readonly relativeNoise: number;
  /** Smallest gap between neighbouring levels over the root of the sum of their variances. */
  readonly gapOverNoise: number;
}

/** "cannot tell": no difference was found, and none worth finding would have been, or the dynamics differ as declared. */
export type Outcome = 'agrees' | 'fails' | 'cannot tell';

export interface WindowVerdict {
  readonly from: number;
  readonly to: number;
  readonly outcome: Outcome;
  /** Whether surrogate and reference declare the same dynamics; where not, nothing is agreement. */
  readonly hasSameDynamics: boolean;
  /** The surrogate has no noise, so that means alone are compared. */
  readonly isOfMeans: boolean;
  /** Shift of a mean, relative to that of the reference, that would have been found; see `POWER`. */
  readonly detectableShift: Detectable;
  /** Ratio of standard deviations, or its inverse, that would have been found; NaN where nothing fluctuates. */
  readonly detectableRatio: Detectable;
  /** The contrast whose means are least likely to be the same. */
  readonly worstShift: Contrast;
  /** Probability, at most, of means as far apart somewhere in the window, were they the same; see `meansPValue`. */
  readonly meanPValue: number;
  /** The contrast whose ratio of standard deviations is farthest from 1, in errors of its logarithm. */
  readonly worstSpread: Contrast | undefined;
  /** Probability of a ratio as far from 1 somewhere in the window, were the laws the same; see `spreadPValue`. */
  readonly spreadPValue: number;
  readonly assumptions: Assumptions;
  /** Assumptions that do not hold here; empty where they all do. */
  readonly broken: readonly string[];
}

/** Euler-Maruyama and the continuous limit want the step well inside the stability of the steepest direction. */
const LARGEST_STEP = 0.2;
const LARGEST_NOISE = 0.3;
const LEAST_GAP = 1;
const LARGEST_ONE_STEP_ERROR = 0.5;

/** A shift below this, and a ratio of spreads within this factor, is agreement even where errors are smaller still. */
export const PRACTICAL_SHIFT = 1e-3;
export const PRACTICAL_RATIO = 1.1;

/** What a window must have been able to find in all its levels to be called agreement. */
export const MEANINGFUL_SHIFT = 0.05;
export const MEANINGFUL_RATIO = 2;

/** A window in which all laws are the same fails by its means, and by its spreads, with this probability. */
export const SIGNIFICANCE = 0.01;

function mostBy<T>(list: readonly T[], size: (item: T) => number): T {
  return list.reduce((a, b) => (size(b) > size(a) ? b : a));
}

/** Means that are not known first, then by probability, and by standard errors where that is zero to rounding. */
export function isLessLikely(a: MeanContrast, b: MeanContrast): boolean {
  if (Number.isNaN(a.pValue) || Number.isNaN(b.pValue)) return Number.isNaN(a.pValue) && !Number.isNaN(b.pValue);
  const errors = ({ difference, error }: MeanContrast) => Math.abs(difference) / error;
  return a.pValue < b.pValue || (a.pValue === b.pValue && errors(a) > errors(b));
}

function assumptionsOf(contrasts: readonly Contrast[], measured: Measured, areRanked: boolean): Assumptions {
  let relativeNoise = 0;
  let gapOverNoise = Number.POSITIVE_INFINITY;
  contrasts.forEach(({ time, level, reference }, i) => {
    relativeNoise = Math.max(relativeNoise, reference.deviation / Math.abs(reference.mean));
    const next = contrasts[i + 1];
    if (!areRanked || next?.time !== time || next.level !== level + 1) return;
    const noise = hypot(reference.deviation, next.reference.deviation);
    if (noise > 0) gapOverNoise = Math.min(gapOverNoise, (reference.mean - next.reference.mean) / noise);
  });
  return { ...measured, relativeNoise, gapOverNoise };
}

function brokenOf(assumptions: Assumptions): string[] {
  const { relativeNoise, gapOverNoise } = assumptions;
  const stepTimesSharpness = assumptions.stepTimesSharpness.value;
  const surrogateStepTimesSharpness = assumptions.surrogateStepTimesSharpness.value;
  const oneStepShift = assumptions.oneStepShift.value;
  const oneStepVariance = assumptions.oneStepVariance.value;
  const short = (value: number) => Number(value.toPrecision(2));
  const broken: string[] = [];
  if (stepTimesSharpness > LARGEST_STEP) {
    broken.push(`step too large: step x sharpness = ${short(stepTimesSharpness)} > ${LARGEST_STEP}`);
  }
  if (surrogateStepTimesSharpness > LARGEST_STEP) {
    broken.push(
      `step of the surrogate too large: step x sharpness = ${short(surrogateStepTimesSharpness)} > ${LARGEST_STEP}`,
    );
  }
  if (oneStepShift > LARGEST_ONE_STEP_ERROR || oneStepVariance > LARGEST_ONE_STEP_ERROR) {
    broken.push(
      `one step is not small: the level equation misses its mean shift by ${short(100 * oneStepShift)} %, its variance ` +
        `by ${short(100 * oneStepVariance)} %`,
    );
  }
  if (relativeNoise > LARGEST_NOISE) {
    broken.push(`noise not small: a level fluctuates by ${(100 * relativeNoise).toFixed(0)} % of its mean`);
  }
  if (gapOverNoise < LEAST_GAP) {
    broken.push(`levels meet: the smallest gap is ${short(gapOverNoise)} of their fluctuations`);
  }
  return broken;
}

/** Means to compare, and the size of the reference's in whose unit shifts are told. */
interface Sized {
  readonly means: MeanContrast;
  readonly size: number;
}

/**
 * Below what is agreement in practice no deviation is found, however small the errors are.
 *
 * @param significance of the whole window
 */
export function shiftFound(inside: readonly Sized[], significance: number): Detectable {
  const shifts = inside.map(({ means, size }) => {
    const found = detectableDifference(means, significance / inside.length) / size;
    return Math.max(found, PRACTICAL_SHIFT + (POWER_QUANTILE * means.error) / size);
  });
  // A shift of all is found by the level that is known best.
  return { common: smallest(shifts), single: quantile(sorted(shifts), 0.5) };
}

/** @param significance of the whole window */
export function ratioFound(spreads: readonly SpreadContrast[], significance: number, sizes: Sizes): Detectable {
  const found = detectableLogRatio(spreads, significance, sizes);
  const ratio = (logarithm: number) => Math.max(PRACTICAL_RATIO, exp(logarithm));
  return { common: ratio(found.common), single: ratio(found.single) };
}

const NOTHING_FOUND: Detectable = { common: Number.NaN, single: Number.NaN };

/** What is known of all windows of a surrogate. */
export interface Throughout {
  /** Assumptions that are broken in all of them. */
  readonly broken?: readonly string[];
  /** How the declared dynamics differ; see `dynamicsDifferences`. */
  readonly differences?: readonly string[];
  /** Whether they are levels in descending order, which must keep apart to be told. Default true. */
  readonly areRanked?: boolean;
  /** The surrogate is one run, whatever its realisation, such as an equation for means: it has no spread to compare. */
  readonly isOfMeans?: boolean;
}

/**
 * @param contrasts of one surrogate, frames ascending, levels ascending within a frame
 * @param edges of the windows in time, ascending; frames at the start, where all agree by construction, lie outside
 * @param measured in a window of time
 * @param throughout what holds in all windows
 */
export function judge(
  contrasts: readonly Contrast[],
  edges: readonly number[],
  measured: (from: number, to: number) => Measured,
  { broken = [], differences = [], areRanked = true, isOfMeans = false }: Throughout = {},
): WindowVerdict[] {
  return edges.slice(1).flatMap((to, i) => {
    const from = edges[i];
    const inside = contrasts.filter(({ time }) => isInWindow(time, from, to));
    if (inside.length === 0) return [];
    const spreadSize = ({ spread }: Contrast) => Math.abs(spread.logRatio) / spread.error;
    const fluctuating = isOfMeans ? [] : inside.filter(({ spread }) => !Number.isNaN(spread.logRatio));
    const worstShift = inside.reduce((a, b) => (isLessLikely(b.means, a.means) ? b : a));
    const worstSpread = fluctuating.length > 0 ? mostBy(fluctuating, spreadSize) : undefined;
    // Written so that NaN, a level that was not measured, is no agreement.
    const meansAgree = inside.every(
      ({ means, shift }) => inside.length * means.pValue >= SIGNIFICANCE || Math.abs(shift) <= PRACTICAL_SHIFT,
    );
    const spreads = inside.map(({ spread }) => spread);
    const pValue = isOfMeans ? Number.NaN : spreadPValue(spreads);
    const spreadsAgree =
      isOfMeans ||
      pValue >= SIGNIFICANCE ||
      inside.every(({ spread }) => !(Math.abs(spread.logRatio) > log(PRACTICAL_RATIO)));
    const sized = inside.map(({ means, reference }) => ({ means, size: Math.abs(reference.mean) }));
    const detectableShift = shiftFound(sized, SIGNIFICANCE);
    const sizes: Sizes = [inside[0].reference.n, inside[0].surrogate.n];
    const detectableRatio = isOfMeans ? NOTHING_FOUND : ratioFound(spreads, SIGNIFICANCE, sizes);
    // Where nothing fluctuates there is no ratio to find.
    const isTelling =
      detectableShift.common <= MEANINGFUL_SHIFT &&
      (fluctuating.length === 0 || detectableRatio.common <= MEANINGFUL_RATIO);
    const assumptions = assumptionsOf(inside, measured(from, to), areRanked);
    return [
      {
        from,
        to,
        outcome: !(meansAgree && spreadsAgree)
          ? 'fails'
          : differences.length > 0 || !isTelling
            ? 'cannot tell'
            : 'agrees',
        hasSameDynamics: differences.length === 0,
        isOfMeans,
        detectableShift,
        detectableRatio,
        worstShift,
        meanPValue: meansPValue(inside.map(({ means }) => means)),
        worstSpread,
        spreadPValue: pValue,
        assumptions,
        broken: [...differences, ...brokenOf(assumptions), ...broken],
      },
    ];
  });
}
