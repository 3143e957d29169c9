// One surrogate over several instances (teacher, data and first weights), each compared by its own realisations: where it
// agrees in all of them, and where it does not, on average or by scatter between instances.
import { exp, log } from '../../core/kernels/elementary.js';
import { smallest } from '../../core/statistics/estimate.js';
import { studentTwoSidedQuantile } from '../../core/statistics/student.js';
import { varianceRatioQuantile } from '../../core/statistics/variance-ratio.js';
import type { OverInstances } from './components.js';
import type { Contrast } from './ensemble.js';
import { type ContrastOverInstances, contrastsOverInstances } from './instance-contrasts.js';
import { isInWindow } from './learning-time.js';
import { meansPValue } from './means.js';
import type { Detectable, Sizes } from './power.js';
import { detectableScatter, middleOf, type SpreadScatter, spreadScatter } from './scatter.js';
import { criticalSpreads, spreadPValue } from './spread.js';
import {
  isLessLikely,
  MEANINGFUL_RATIO,
  MEANINGFUL_SHIFT,
  type Outcome,
  PRACTICAL_RATIO,
  PRACTICAL_SHIFT,
  ratioFound,
  SIGNIFICANCE,
  shiftFound,
  type WindowVerdict,
} from './verdict.js';

export interface InstancesVerdict {
  readonly from: number;
  readonly to: number;
  readonly outcome: Outcome;
  readonly instances: number;
  /** How many instances have each outcome on their own. */
  readonly alone: Readonly<Record<Outcome, number>>;
  /** The level and time whose mean shift is least likely. */
  readonly worstShift: ContrastOverInstances;
  /** Probability, at most, of mean shifts as large in these instances, or of shifts that scatter as much between them. */
  readonly meanPValue: number;
  /** Of which: for scatter alone; NaN for one instance. */
  readonly scatterPValue: number;
  /** Level and time whose mean log ratio is farthest from 0, in errors within instances. */
  readonly worstSpread: ContrastOverInstances | undefined;
  readonly spreadPValue: number;
  /** Of which: for scatter of ratios alone; NaN for one instance. */
  readonly spreadScatterPValue: number;
  /** Shift in all instances alike. */
  readonly detectableShift: Detectable;
  readonly detectableRatio: Detectable;
  /** Standard deviation of shifts between instances; NaN for one instance. */
  readonly detectableScatter: Detectable;
  /** exp of the standard deviation of log ratios between instances; NaN for one instance or where nothing fluctuates. */
  readonly detectableRatioScatter: Detectable;
  /** Assumptions that do not hold, each with how many instances break it. */
  readonly broken: readonly string[];
}

/** Of texts that tell of one kind in different numbers: the part before the first colon. */
const kindOf = (text: string) => text.split(':')[0];

/** Every broken assumption once, with the number of instances that break it where not all do. */
function brokenIn(verdicts: readonly WindowVerdict[]): string[] {
  const texts = new Map<string, string[]>();
  for (const text of verdicts.flatMap(({ broken }) => broken)) {
    texts.set(kindOf(text), [...(texts.get(kindOf(text)) ?? []), text]);
  }
  return [...texts].map(([kind, all]) => {
    if (all.length === verdicts.length && all.every((text) => text === all[0])) return all[0];
    return `${kind} in ${all.length} of ${verdicts.length} instances`;
  });
}

const NOT_KNOWN: Detectable = { common: Number.NaN, single: Number.NaN };

/** Scatter of shifts that would have been found; below what is agreement in practice none is. */
function shiftScatterFound(inside: readonly ContrastOverInstances[], significance: number): Detectable {
  const share = significance / inside.length;
  const found = inside.map(({ shift: { within, degreesBetween, degreesWithin } }) => {
    if (within === 0) return PRACTICAL_SHIFT;
    const degrees = [degreesBetween, degreesWithin] as const;
    const criticalSquare = varianceRatioQuantile(share, degrees);
    const criticalMean = studentTwoSidedQuantile(share, degreesWithin);
    return Math.max(PRACTICAL_SHIFT, within * detectableScatter({ criticalMean, criticalSquare, degrees }));
  });
  return { common: smallest(found), single: middleOf(found) };
}

/**
 * Few realisations scatter by more than the law of many says, and so must instances: by simulation, normal law, 8 to 32
 * realisations, 2 to 8 instances.
 *
 * @param sizes of an instance
 */
const smallSampleAllowance = ([n, m]: Sizes) => 1 + 1 / n + 1 / m;

function ratioScatterFound(
  inside: readonly ContrastOverInstances[],
  { withinOfAll, critical }: SpreadScatter,
  significance: number,
  sizes: Sizes,
): Detectable {
  const allowance = smallSampleAllowance(sizes);
  const spreads = inside.map(({ spread }) => spread);
  const means = criticalSpreads(spreads, significance);
  const ratio = (logarithm: number) => Math.max(PRACTICAL_RATIO, exp(allowance * logarithm));
  const found = (criticalMean: number, criticalSquare: number, { degreesBetween, degreesWithin }: OverInstances) =>
    detectableScatter({ criticalMean, criticalSquare, degrees: [degreesBetween, degreesWithin] });
  const [{ logRatio }] = inside;
  const errorOfAll = withinOfAll / Math.sqrt(logRatio.n);
  return {
    common: ratio(withinOfAll * found(means.common / errorOfAll, critical.common, logRatio)),
    single: middleOf(
      inside.map((cell) => ratio(cell.logRatio.within * found(means.farthest, critical.farthest, cell.logRatio))),
    ),
  };
}

/** How far instances have to be off to be told: nothing that matters may have gone unseen. */
const isSeen = (shift: Detectable, ratio: Detectable) =>
  shift.common <= MEANINGFUL_SHIFT && (Number.isNaN(ratio.common) || ratio.common <= MEANINGFUL_RATIO);

/** NaN where a test was not made. */
const smallerOf = (p: number, scatter: number) => (Number.isNaN(scatter) ? p : Math.min(1, 2 * Math.min(p, scatter)));

/** The tests of means, and what they would have found. @param significance of each of two tests */
function judgeMeans(inside: readonly ContrastOverInstances[], significance: number) {
  const hasScatter = inside[0].shift.n > 1;
  const detectableShift = shiftFound(
    inside.map(({ means }) => ({ means, size: 1 })),
    significance,
  );
  const detectableScatter = hasScatter ? shiftScatterFound(inside, significance) : NOT_KNOWN;
  // Math.min keeps NaN.
  const scatterPValue = Math.min(1, inside.length * Math.min(...inside.map(({ shift }) => shift.scatterPValue)));
  // Written so that NaN, a level that was not measured, is no agreement.
  const agree = inside.every(({ means, shift }) => {
    const isCentred = inside.length * means.pValue >= significance || Math.abs(shift.mean) <= PRACTICAL_SHIFT;
    const isAlike = inside.length * shift.scatterPValue >= significance || shift.between <= PRACTICAL_SHIFT;
    return isCentred && (isAlike || !hasScatter);
  });
  const meanPValue = smallerOf(meansPValue(inside.map(({ means }) => means)), scatterPValue);
  return { agree, meanPValue, scatterPValue, detectableShift, detectableScatter };
}

/** The tests of spreads, likewise. @param sizes of every instance */
function judgeSpreads(inside: readonly ContrastOverInstances[], significance: number, sizes: readonly Sizes[]) {
  const finite = inside.filter(({ spread }) => Number.isFinite(spread.logRatio));
  const spreads = inside.map(({ spread }) => spread);
  const scatter = spreadScatter(
    finite.map((cell) => cell.spreads),
    significance,
  );
  const own = spreadPValue(spreads);
  const spreadScatterPValue = scatter?.pValue ?? Number.NaN;
  const inAll = sizes.reduce(([n, m], size): Sizes => [n + size[0], m + size[1]]);
  const least: Sizes = [smallest(sizes.map(([n]) => n)), smallest(sizes.map(([, m]) => m))];
  const isNear = (logarithm: number) => !(Math.abs(logarithm) > log(PRACTICAL_RATIO));
  const areCentred = own >= significance || inside.every(({ logRatio }) => isNear(logRatio.mean));
  const areAlike = !(spreadScatterPValue < significance) || finite.every(({ logRatio }) => isNear(logRatio.between));
  return {
    agree: areCentred && areAlike,
    spreadPValue: smallerOf(own, spreadScatterPValue),
    spreadScatterPValue,
    detectableRatio: ratioFound(spreads, significance, inAll),
    detectableRatioScatter: scatter ? ratioScatterFound(finite, scatter, significance, least) : NOT_KNOWN,
  };
}

/** Of a surrogate without noise. */
const NO_SPREADS = {
  agree: true,
  spreadPValue: Number.NaN,
  spreadScatterPValue: Number.NaN,
  detectableRatio: NOT_KNOWN,
  detectableRatioScatter: NOT_KNOWN,
};

/** The ratio that is farthest from 1, in errors within instances; undefined where nothing fluctuates. */
function farthestRatio(inside: readonly ContrastOverInstances[]): ContrastOverInstances | undefined {
  const size = ({ spread }: ContrastOverInstances) => Math.abs(spread.logRatio) / spread.error;
  const fluctuating = inside.filter(({ spread }) => !Number.isNaN(spread.logRatio));
  return fluctuating.length > 0 ? fluctuating.reduce((a, b) => (size(b) > size(a) ? b : a)) : undefined;
}

/**
 * Each window over all instances. It fails by its means where the mean shift over instances is not 0, or where shifts
 * scatter more than realisations explain, each tested at half the significance of a window; and likewise by its spreads.
 * With one instance there is no scatter, and the verdict is that of the instance.
 *
 * @param contrasts of one surrogate, by instance
 * @param verdicts of the same instances, window by window
 * @throws RangeError where instances do not fit together
 */
export function judgeInstances(
  contrasts: readonly (readonly Contrast[])[],
  verdicts: readonly (readonly WindowVerdict[])[],
): InstancesVerdict[] {
  const instances = contrasts.length;
  const combined = contrastsOverInstances(contrasts);
  const sizes = contrasts.map(([{ reference, surrogate }]): Sizes => [reference.n, surrogate.n]);
  const significance = instances > 1 ? SIGNIFICANCE / 2 : SIGNIFICANCE;
  return verdicts[0].map(({ from, to }, window): InstancesVerdict => {
    const own = verdicts.map((list) => list[window]);
    const alone: Record<Outcome, number> = { agrees: 0, fails: 0, 'cannot tell': 0 };
    for (const { outcome } of own) alone[outcome]++;
    const inside = combined.filter(({ time }) => isInWindow(time, from, to));
    const { agree: meansAgree, ...ofMeans } = judgeMeans(inside, significance);
    const isOfMeans = own.every((verdict) => verdict.isOfMeans);
    const { agree: spreadsAgree, ...ofSpreads } = isOfMeans ? NO_SPREADS : judgeSpreads(inside, significance, sizes);
    const isTelling =
      isSeen(ofMeans.detectableShift, ofSpreads.detectableRatio) &&
      (instances === 1 || isSeen(ofMeans.detectableScatter, ofSpreads.detectableRatioScatter)) &&
      own.every(({ hasSameDynamics }) => hasSameDynamics);
    return {
      from,
      to,
      instances,
      alone,
      outcome: !(meansAgree && spreadsAgree) ? 'fails' : isTelling ? 'agrees' : 'cannot tell',
      worstShift: inside.reduce((a, b) => (isLessLikely(b.means, a.means) ? b : a)),
      worstSpread: isOfMeans ? undefined : farthestRatio(inside),
      ...ofMeans,
      ...ofSpreads,
      broken: brokenIn(own),
    };
  });
}
