// Chooses the smoothness of a surface: how far the runs of a cell speak for their neighbourhood.

import { exp } from '../kernels/elementary.js';
import type { Smoothness } from './covariance.js';
import { leaveOneCellOut } from './leave-one-out.js';
import type { Observed } from './observations.js';
import { type Posterior, posteriorOf } from './posterior.js';
import type { Weighted } from './prediction.js';

/** Steps of the search are factors of this. */
const RATIO = Math.SQRT2;
const ROUNDS = 6;

/** Ends of the search: in units of a coordinate for lengths, in logits for the others. */
const LIMITS = { length: [0.5, 32], amplitude: [1, 128], instanceSpread: [0.125, 32] } as const;

export interface Calibration {
  readonly smoothness: Smoothness;
  readonly posterior: Posterior;
  /** Mean over runs of ln(probability of the run's label from all other cells). */
  readonly score: number;
  /** Surfaces that were fitted on the way. */
  readonly tried: number;
}

/** Of a coordinate in octaves, where nothing is known yet. */
export const USUAL_LENGTH = 8;

/** A starting point for coordinates in octaves. */
export const usualSmoothness = (coordinates: number): Smoothness => ({
  lengths: new Array<number>(coordinates).fill(USUAL_LENGTH),
  amplitude: 8,
  instanceSpread: 1,
});

type Part = 'lengths' | 'amplitude' | 'instanceSpread';

/** A smoothness with one number replaced. */
function withNumber(old: Smoothness, part: Part, index: number, value: number): Smoothness {
  return part === 'lengths'
    ? { ...old, lengths: old.lengths.map((length, i) => (i === index ? value : length)) }
    : { ...old, [part]: value };
}

const meanScore = (posterior: Posterior) => {
  const scores = leaveOneCellOut(posterior);
  return scores.reduce((sum, score) => sum + score, 0) / scores.length;
};

/**
 * Lengths and amplitude by the mean score of `leaveOneCellOut`; the spread of instances by the evidence, because other
 * cells of the same instances cannot show how much instances differ (a single instance leaves it as it is). One number
 * at a time, in factors of sqrt 2, until no step helps or `ROUNDS` rounds are over: the same search on every machine.
 */
export function calibrate(observed: Observed, start: Smoothness): Calibration {
  let tried = 0;
  const judge = (smoothness: Smoothness, warm?: Float64Array) => {
    tried += 1;
    const posterior = posteriorOf(observed, smoothness, warm);
    let score: number | undefined;
    return {
      smoothness,
      posterior,
      // Where the evidence decides, nobody asks for it.
      get score() {
        score ??= meanScore(posterior);
        return score;
      },
    };
  };
  let best = judge(start);
  /** Climbs along one number; whether it has moved. */
  const climb = (part: Part, index: number, [low, high]: readonly [number, number]): boolean => {
    const better = (next: typeof best) =>
      part === 'instanceSpread' ? next.posterior.logEvidence > best.posterior.logEvidence : next.score > best.score;
    for (const factor of [RATIO, 1 / RATIO]) {
      let moved = false;
      for (;;) {
        const old = part === 'lengths' ? best.smoothness.lengths[index] : best.smoothness[part];
        const value = Number((old * factor).toPrecision(12));
        if (value < low || value > high) break;
        const next = judge(withNumber(best.smoothness, part, index, value), best.posterior.mode);
        if (!better(next)) break;
        best = next;
        moved = true;
      }
      if (moved) return true;
    }
    return false;
  };
  for (let round = 0; round < ROUNDS; round++) {
    const moves = start.lengths.map((_, i) => climb('lengths', i, LIMITS.length));
    moves.push(climb('amplitude', 0, LIMITS.amplitude));
    if (observed.instances > 1) moves.push(climb('instanceSpread', 0, LIMITS.instanceSpread));
    if (!moves.includes(true)) break;
  }
  return { ...best, tried };
}

/** ln of the part of the largest evidence below which a spread of instances does not come into question: 1/50. */
const LOG_NEGLIGIBLE = -3.9;

/**
 * The same map under every spread of instances that comes into question: few instances do not say how much instances
 * differ. Steps of sqrt 2 from that of the posterior, each weighted with its evidence (a flat prior of its logarithm
 * within the limits of the search); weights sum to 1. A map without instances, or with one, is left as it is.
 */
export function overInstanceSpreads(posterior: Posterior): Weighted[] {
  const { observed, smoothness } = posterior;
  if (observed.instances < 2 || smoothness.instanceSpread === 0) return [{ posterior, weight: 1 }];
  const all = [posterior];
  let most = posterior.logEvidence;
  const [low, high] = LIMITS.instanceSpread;
  for (const factor of [RATIO, 1 / RATIO]) {
    let last = posterior;
    for (;;) {
      const instanceSpread = Number((last.smoothness.instanceSpread * factor).toPrecision(12));
      if (instanceSpread < low || instanceSpread > high) break;
      last = posteriorOf(observed, { ...smoothness, instanceSpread }, last.mode);
      most = Math.max(most, last.logEvidence);
      if (last.logEvidence - most < LOG_NEGLIGIBLE) break;
      all.push(last);
    }
  }
  const weights = Float64Array.from(all, ({ logEvidence }) => logEvidence - most);
  for (let i = 0; i < weights.length; i++) weights[i] = exp(weights[i]);
  const sum = weights.reduce((total, weight) => total + weight);
  return all.map((one, i) => ({ posterior: one, weight: weights[i] / sum }));
}
