// Classifier: the outcome of one run, from how it ended and from its first and last frames.
import type { RunRecord, Series } from '../../core/contracts/classifier.js';
import { defineClassifier } from '../../core/contracts/component.js';
import { number } from '../../core/parameters/schema.js';

const LABELS = ['learned', 'frozen', 'running-away', 'undecided'] as const;

type Label = (typeof LABELS)[number];

/** First and last frame of a channel, each reduced to its largest entry; NaN where there is none. */
interface Ends {
  readonly first: number;
  readonly last: number;
  /** Step of the last frame. */
  readonly step: number;
}

const largest = (frame: Float64Array) => frame.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);

function endsOf(series: Series | undefined): Ends {
  const frames = series?.step.length ?? 0;
  if (!series || frames === 0) return { first: Number.NaN, last: Number.NaN, step: Number.NaN };
  const width = series.data.length / frames;
  return {
    // Only a frame of step 0 says where the run came from.
    first: series.step[0] === 0 ? largest(series.data.subarray(0, width)) : Number.NaN,
    last: largest(series.data.subarray((frames - 1) * width)),
    step: series.step[frames - 1],
  };
}

/**
 * The three regimes of arXiv:2509.01349 by the plainest criteria that tell them apart; thresholds are conventions, not
 * results. In this order:
 *
 *     running-away   the run diverged, or levelGrowth > `runawayGrowth`
 *     learned        lossRatio < `learnedFraction`
 *     frozen         memory >= `frozenMemory`, or the run saturated
 *     undecided      none of these, a measurement is missing, or the run failed
 *
 * where lossRatio = final / initial full loss, memory = q(final) / q(0), and levelGrowth = final largest level of
 * W W^T / the larger of its initial value and `solutionLevel`: levels that grow up to those of a solution are learning,
 * not a runaway. First and last frames are compared, so the three observers must measure step 0 and the end.
 *
 * The verdict on a single run is a definite one: its label has probability 1. Probabilities in between belong to many
 * seeds.
 */
export const outcome = defineClassifier({
  name: 'outcome',
  summary: 'Learned, frozen or running away: the outcome of one run',
  params: {
    learnedFraction: number({
      doc: 'learned when the full loss falls below this fraction of its initial value',
      unit: '1',
      default: 0.01,
      above: 0,
      below: 1,
    }),
    runawayGrowth: number({
      doc: 'running away when the largest level exceeds this many times the larger of its initial value and solutionLevel',
      unit: '1',
      default: 10,
      above: 1,
    }),
    solutionLevel: number({
      doc: 'largest level that a solution needs; a Gaussian teacher of unit width with rows <= cols stays below 4',
      unit: '1',
      default: 4,
      above: 0,
    }),
    frozenMemory: number({
      doc: 'frozen when the overlap q keeps at least this fraction of its value at step 0',
      unit: '1',
      default: 0.5,
      above: 0,
      max: 1,
    }),
  },
  cite: ['arXiv:2509.01349'],
  create(params) {
    const decide = (run: RunRecord, lossRatio: number, levelGrowth: number, memory: number): Label => {
      // Every comparison is false for NaN, so what was not measured decides nothing.
      if (run.status === 'failed') return 'undecided';
      if (run.status === 'diverged' || levelGrowth > params.runawayGrowth) return 'running-away';
      if (Number.isNaN(levelGrowth)) return 'undecided';
      if (lossRatio < params.learnedFraction) return 'learned';
      if (memory >= params.frozenMemory || run.status === 'saturated') return 'frozen';
      return 'undecided';
    };

    return {
      scope: 'run',
      labels: LABELS,
      needs: ['full-loss.loss', 'gram-spectrum.levels', 'overlap.q'],
      classify(run) {
        const loss = endsOf(run.series('full-loss.loss'));
        const level = endsOf(run.series('gram-spectrum.levels'));
        const q = endsOf(run.series('overlap.q'));
        const lossRatio = loss.last / loss.first;
        const levelGrowth = level.last / Math.max(level.first, params.solutionLevel);
        const memory = q.last / q.first;
        const label = decide(run, lossRatio, levelGrowth, memory);
        return {
          label,
          probabilities: Object.fromEntries(LABELS.map((name) => [name, name === label ? 1 : 0])),
          evidence: {
            lossRatio,
            levelGrowth,
            memory,
            initialLoss: loss.first,
            finalLoss: loss.last,
            initialLevel: level.first,
            finalLevel: level.last,
            initialOverlap: q.first,
            finalOverlap: q.last,
            lastStep: Math.min(loss.step, level.step, q.step),
          },
        };
      },
    };
  },
});
