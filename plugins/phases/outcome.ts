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

/** What the verdict rests on; NaN where a frame is missing. Names as in the description of `outcome`. */
interface Measured {
  readonly lossRatio: number;
  readonly levelGrowth: number;
  readonly levelChange: number;
  readonly memory: number;
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
 *     frozen         memory >= `frozenMemory` and levelChange < `frozenChange`, or the run saturated
 *     undecided      none of these, a measurement is missing, or the run failed
 *
 * where lossRatio = final / initial full loss and memory = q(final) / q(0). levelGrowth = final largest level of W W^T
 * / the larger of its initial value and `solutionLevel`: levels that grow up to those of a solution are learning, not a
 * runaway. levelChange is the factor between the initial and the final largest level, up or down. First and last frames
 * are compared, so the three observers must measure step 0 and the end.
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
      doc: 'running away when the largest level exceeds this many times its initial value and solutionLevel',
      unit: '1',
      default: 10,
      above: 1,
    }),
    solutionLevel: number({
      doc: 'largest level that a solution needs; a Gaussian teacher of unit width has 4 at most, up to fluctuations',
      unit: '1',
      default: 4,
      above: 0,
    }),
    frozenMemory: number({
      doc: 'frozen only when the overlap q keeps at least this fraction of its value at step 0',
      unit: '1',
      default: 0.5,
      above: 0,
      max: 1,
    }),
    frozenChange: number({
      doc: 'frozen only when the largest level has changed by less than this factor',
      unit: '1',
      default: 2,
      above: 1,
    }),
  },
  cite: ['arXiv:2509.01349'],
  create(params) {
    const decide = ({ status }: RunRecord, measured: Measured): Label => {
      // Every comparison is false for NaN, so what was not measured decides nothing.
      if (status === 'failed') return 'undecided';
      if (status === 'diverged' || measured.levelGrowth > params.runawayGrowth) return 'running-away';
      if (Number.isNaN(measured.levelGrowth)) return 'undecided';
      if (measured.lossRatio < params.learnedFraction) return 'learned';
      if (status === 'saturated') return 'frozen';
      const still = measured.levelChange < params.frozenChange;
      return still && measured.memory >= params.frozenMemory ? 'frozen' : 'undecided';
    };

    return {
      scope: 'run',
      labels: LABELS,
      needs: ['full-loss.loss', 'gram-spectrum.levels', 'overlap.q'],
      classify(run) {
        const loss = endsOf(run.series('full-loss.loss'));
        const level = endsOf(run.series('gram-spectrum.levels'));
        const q = endsOf(run.series('overlap.q'));
        const measured: Measured = {
          lossRatio: loss.last / loss.first,
          levelGrowth: level.last / Math.max(level.first, params.solutionLevel),
          levelChange: Math.max(level.last / level.first, level.first / level.last),
          memory: q.last / q.first,
        };
        const label = decide(run, measured);
        return {
          label,
          probabilities: Object.fromEntries(LABELS.map((name) => [name, name === label ? 1 : 0])),
          evidence: {
            ...measured,
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
