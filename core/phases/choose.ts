// Which runs an adaptive sweep computes next. The choice depends on the results so far and on nothing else: not on how
// long runs take, nor on who computes them.
import { inverseOf } from '../statistics/positive-definite.js';
import { softmax } from './contrasts.js';
import type { Smoothness } from './covariance.js';
import { type Observation, sortObservations } from './observations.js';
import type { AdaptivePlan } from './plan.js';
import { curvature, type Posterior, posteriorOf } from './posterior.js';
import { latentTogether } from './prediction.js';

/** A run of the grid. */
export interface Choice {
  readonly cell: number;
  readonly seed: number;
}

/** A run that has ended. */
export interface Outcome extends Choice {
  /** Probability of every label; undefined where the run says nothing. */
  readonly labels: readonly number[] | undefined;
}

/** Lengths in units of the range of an axis, the others in logits: what maps of SGD have (docs/advice.md). */
const usual = ({ places, independent }: AdaptivePlan): Smoothness => ({
  lengths: new Array<number>(places[0].length).fill(0.7),
  amplitude: 8,
  // Where no two runs share an instance, what instances add is part of the scatter of the labels.
  instanceSpread: independent ? 0 : 1,
});

/** Cells of the largest doubt among which a batch is chosen. */
const CANDIDATES = 96;

export function firstRuns({ first }: AdaptivePlan): Choice[] {
  return first.map((cell) => ({ cell, seed: 0 }));
}

/** Labels that no run has carry no information: they are left out. */
function observationsOf(
  plan: AdaptivePlan,
  outcomes: readonly Outcome[],
): { observations: Observation[]; labels: number } {
  const labelled = outcomes.filter(({ labels }) => labels !== undefined);
  const all = labelled[0]?.labels?.length ?? 0;
  const seen = Array.from({ length: all }, (_, k) => k).filter((k) =>
    labelled.some((run) => (run.labels?.[k] ?? 0) > 0),
  );
  const labels = Math.max(2, seen.length);
  return {
    labels,
    observations: labelled.map((run) => ({
      at: plan.places[run.cell],
      instance: plan.independent ? 0 : run.seed,
      labels: Array.from({ length: labels }, (_, i) => run.labels?.[seen[i]] ?? 0),
    })),
  };
}

/** What is not known yet of the candidates: covariance of their contrasts, and how probabilities follow contrasts. */
interface Doubt {
  readonly contrasts: number;
  /** (candidates x contrasts) squared; shrinks as runs are chosen. */
  readonly covariance: Float64Array;
  /** d p / d contrast at each candidate, labels x contrasts. */
  readonly slopes: readonly Float64Array[];
  /** What one run at each candidate cannot tell: covariance of its contrasts (contrasts squared). */
  readonly noise: readonly Float64Array[];
}

/** Sum over labels of the variance of their probability at a candidate, to first order. */
function doubtAt({ contrasts, covariance, slopes }: Doubt, size: number, candidate: number): number {
  const slope = slopes[candidate];
  const start = candidate * contrasts;
  let sum = 0;
  for (let k = 0; k < slope.length; k += contrasts) {
    for (let a = 0; a < contrasts; a++) {
      for (let b = 0; b < contrasts; b++) {
        sum += slope[k + a] * covariance[(start + a) * size + start + b] * slope[k + b];
      }
    }
  }
  return sum;
}

/** Of a covariance, which is positive definite whatever the runs were. */
function inverted(matrix: Float64Array, n: number): Float64Array {
  const inverse = inverseOf(matrix, n);
  if (!inverse) throw new Error('a covariance of the adaptive choice is not positive definite');
  return inverse;
}

/** Conditions the covariance on a run at a candidate, whatever its label will be. */
function observe({ contrasts, covariance, noise }: Doubt, size: number, candidate: number): void {
  const start = candidate * contrasts;
  const total = new Float64Array(contrasts * contrasts);
  for (let a = 0; a < contrasts; a++) {
    for (let b = 0; b < contrasts; b++) {
      total[a * contrasts + b] = covariance[(start + a) * size + start + b] + noise[candidate][a * contrasts + b];
    }
  }
  const inverse = inverted(total, contrasts);
  const columns = Array.from({ length: contrasts }, (_, a) =>
    covariance.slice((start + a) * size, (start + a + 1) * size),
  );
  for (let i = 0; i < size; i++) {
    for (let b = 0; b < contrasts; b++) {
      let gain = 0;
      for (let a = 0; a < contrasts; a++) gain += columns[a][i] * inverse[a * contrasts + b];
      for (let j = 0; j < size; j++) covariance[i * size + j] -= gain * columns[b][j];
    }
  }
}

/** Curvature below which a label's share is as good as decided; keeps the noise of a run finite. */
const LEAST_CURVATURE = 1e-6;

function doubtOf(posterior: Posterior, places: readonly (readonly number[])[]): Doubt {
  const { basis, observed, smoothness } = posterior;
  const contrasts = observed.labels - 1;
  const { mean, covariance } = latentTogether(posterior, places);
  const p = softmax(mean, basis, observed.labels);
  const slopes: Float64Array[] = [];
  const noise: Float64Array[] = [];
  for (let i = 0; i < places.length; i++) {
    const row = p.subarray(i * observed.labels, (i + 1) * observed.labels);
    const slope = new Float64Array(observed.labels * contrasts);
    for (let a = 0; a < contrasts; a++) {
      let centre = 0;
      for (let k = 0; k < observed.labels; k++) centre += row[k] * basis[k * contrasts + a];
      for (let k = 0; k < observed.labels; k++) slope[k * contrasts + a] = row[k] * (basis[k * contrasts + a] - centre);
    }
    slopes.push(slope);
    const bend = curvature(row, basis, new Float64Array(contrasts * contrasts));
    for (let a = 0; a < contrasts; a++) bend[a * contrasts + a] += LEAST_CURVATURE;
    const scatter = inverted(bend, contrasts);
    // The instance of the run is not the one that the map speaks of.
    for (let a = 0; a < contrasts; a++) scatter[a * contrasts + a] += smoothness.instanceSpread ** 2;
    noise.push(scatter);
  }
  return { contrasts, covariance, slopes, noise };
}

/**
 * The next runs: one after the other where the probability of a phase is known worst (the variance of the probabilities
 * of all labels, summed), each counted as done before the next is chosen. Of a cell the seed is taken that has been
 * used least, so that no instance decides alone.
 *
 * @param outcomes of all runs that were chosen so far
 * @returns at most `plan.batch` runs, fewer at the end of the budget or of the grid
 */
export function nextRuns(plan: AdaptivePlan, outcomes: readonly Outcome[]): Choice[] {
  const wanted = Math.min(plan.batch, plan.runs - outcomes.length);
  const used = plan.places.map(() => new Set<number>());
  const uses = new Array<number>(plan.seeds).fill(0);
  const take = ({ cell, seed }: Choice) => {
    used[cell].add(seed);
    uses[seed] += 1;
  };
  for (const outcome of outcomes) take(outcome);
  const { observations, labels } = observationsOf(plan, outcomes);
  const posterior = posteriorOf(sortObservations(observations, labels), usual(plan));
  const open = plan.places.flatMap((_, cell) => (used[cell].size < plan.seeds ? [cell] : []));
  const one = open.map((cell) => doubtAt(doubtOf(posterior, [plan.places[cell]]), labels - 1, 0));
  const cells = open
    .map((cell, i) => ({ cell, doubt: one[i] }))
    .sort((a, b) => b.doubt - a.doubt || a.cell - b.cell)
    .slice(0, CANDIDATES)
    .map(({ cell }) => cell);
  const doubt = doubtOf(
    posterior,
    cells.map((cell) => plan.places[cell]),
  );
  const size = cells.length * doubt.contrasts;
  const chosen: Choice[] = [];
  while (chosen.length < wanted) {
    let best = -1;
    let most = Number.NEGATIVE_INFINITY;
    for (let i = 0; i < cells.length; i++) {
      if (used[cells[i]].size === plan.seeds) continue;
      const here = doubtAt(doubt, size, i);
      if (here > most) {
        most = here;
        best = i;
      }
    }
    if (best < 0) break;
    const cell = cells[best];
    const seed = uses
      .map((count, s) => ({ count, s }))
      .filter(({ s }) => !used[cell].has(s))
      .reduce((least, other) => (other.count < least.count ? other : least)).s;
    take({ cell, seed });
    chosen.push({ cell, seed });
    observe(doubt, size, best);
  }
  return chosen;
}
