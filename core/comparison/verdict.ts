// Says for every window of time whether a surrogate agrees with its reference, by how much it fails, and which of its
// assumptions was broken there.
import type { Contrast } from './ensemble.js';

/** What the theory assumes, as measured on the reference; NaN where not measured. */
export interface Assumptions {
  /** Step size times the largest eigenvalue of the Hessian. */
  readonly stepTimesSharpness: number;
  /** Largest standard deviation of a level over its mean. */
  readonly relativeNoise: number;
  /** Smallest gap between neighbouring levels over the root of the sum of their variances. */
  readonly gapOverNoise: number;
}

export interface WindowVerdict {
  readonly from: number;
  readonly to: number;
  readonly agrees: boolean;
  /** The contrast whose mean deviates most, in standard errors. */
  readonly worstShift: Contrast;
  /** The contrast whose ratio of standard deviations is farthest from 1, in standard errors. */
  readonly worstRatio: Contrast | undefined;
  readonly assumptions: Assumptions;
  /** Assumptions that do not hold here; empty where they all do. */
  readonly broken: readonly string[];
}

/** Euler-Maruyama and the continuous limit want the step well inside the stability of the steepest direction. */
const LARGEST_STEP = 0.2;
const LARGEST_NOISE = 0.3;
const LEAST_GAP = 1;

/**
 * Standard errors that the worst of `count` independent numbers may be off: the level at which all of them agree with
 * probability 99 % (Bonferroni; normal law, tail by exp(-x^2/2)/(x sqrt(2 pi))).
 */
export function allowance(count: number): number {
  const wanted = 0.01 / (2 * Math.max(1, count));
  let x = 2;
  for (let i = 0; i < 50; i++) x = Math.sqrt(-2 * Math.log(wanted * x * Math.sqrt(2 * Math.PI)));
  return x;
}

/** A shift below this is agreement even where the errors are smaller still. */
export const PRACTICAL_SHIFT = 1e-3;

function mostBy<T>(list: readonly T[], size: (item: T) => number): T {
  return list.reduce((a, b) => (size(b) > size(a) ? b : a));
}

function assumptionsOf(contrasts: readonly Contrast[], stepTimesSharpness: number): Assumptions {
  let relativeNoise = 0;
  let gapOverNoise = Number.POSITIVE_INFINITY;
  contrasts.forEach(({ time, level, reference }, i) => {
    relativeNoise = Math.max(relativeNoise, reference.deviation / Math.abs(reference.mean));
    const next = contrasts[i + 1];
    if (next?.time !== time || next.level !== level + 1) return;
    const noise = Math.hypot(reference.deviation, next.reference.deviation);
    if (noise > 0) gapOverNoise = Math.min(gapOverNoise, (reference.mean - next.reference.mean) / noise);
  });
  return { stepTimesSharpness, relativeNoise, gapOverNoise };
}

function brokenOf({ stepTimesSharpness, relativeNoise, gapOverNoise }: Assumptions): string[] {
  const broken: string[] = [];
  if (stepTimesSharpness > LARGEST_STEP) {
    broken.push(`step too large: step x sharpness = ${stepTimesSharpness.toPrecision(2)} > ${LARGEST_STEP}`);
  }
  if (relativeNoise > LARGEST_NOISE) {
    broken.push(`noise not small: a level fluctuates by ${(100 * relativeNoise).toFixed(0)} % of its mean`);
  }
  if (gapOverNoise < LEAST_GAP) {
    broken.push(`levels meet: the smallest gap is ${gapOverNoise.toPrecision(2)} of their fluctuations`);
  }
  return broken;
}

/**
 * @param contrasts of one surrogate, frames ascending, levels ascending within a frame
 * @param edges of the windows in time, ascending; frames at the start, where all agree by construction, lie outside
 * @param sharpness largest step x sharpness of the reference at a time, NaN where not measured
 */
export function judge(
  contrasts: readonly Contrast[],
  edges: readonly number[],
  sharpness: (from: number, to: number) => number,
): WindowVerdict[] {
  return edges.slice(1).flatMap((to, i) => {
    const from = edges[i];
    const inside = contrasts.filter(({ time }) => time > from && time <= to);
    if (inside.length === 0) return [];
    const shiftSize = ({ shift, shiftError }: Contrast) => Math.abs(shift) / shiftError;
    const ratioSize = (c: Contrast) => Math.abs(c.deviationRatio - 1) / c.deviationRatioError;
    const fluctuating = inside.filter((c) => Number.isFinite(c.deviationRatio));
    const worstShift = mostBy(inside, shiftSize);
    const worstRatio = fluctuating.length > 0 ? mostBy(fluctuating, ratioSize) : undefined;
    const allowed = allowance(inside.length);
    // Written so that NaN, a level that was not measured, is no agreement.
    const meansAgree = inside.every((c) => shiftSize(c) <= allowed || Math.abs(c.shift) <= PRACTICAL_SHIFT);
    const spreadsAgree = fluctuating.every((c) => ratioSize(c) <= allowed);
    const assumptions = assumptionsOf(inside, sharpness(from, to));
    return [
      {
        from,
        to,
        agrees: meansAgree && spreadsAgree,
        worstShift,
        worstRatio,
        assumptions,
        broken: brokenOf(assumptions),
      },
    ];
  });
}
