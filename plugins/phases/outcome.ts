// Classifier: the outcome of one run, from how it ended and from its first and last frames.
import { defineClassifier, number, type RunRecord } from 'eigenflow';
import { runawayGrowth, solutionLevel } from './conventions.js';
import { lastNumber, startNumber } from './frames.js';
import { isOwnTask } from './verdict.js';

const LABELS = ['learned', 'frozen', 'running-away', 'undecided'] as const;

type Label = (typeof LABELS)[number];

/** What the verdict rests on; NaN where a frame is missing. Names as in the description of `outcome`. */
interface Measured {
  readonly lossRatio: number;
  readonly levelGrowth: number;
  readonly levelChange: number;
  readonly memory: number;
}

const NEEDS = ['full-loss.loss', 'gram-spectrum.levels', 'overlap.q'] as const;

/** Whether the student can represent its targets exactly: what neither noise nor a file has given is its teacher's. */
function reachesZero(run: RunRecord): boolean {
  return run.parameter('model.arrays') === undefined && !(Number(run.parameter('model.labelNoise') ?? 0) > 0);
}

/** Step of the last frame that all channels have. */
const lastStepOf = (run: RunRecord) => Math.min(...NEEDS.map((need) => run.series(need)?.step.at(-1) ?? Number.NaN));

/**
 * The three regimes of arXiv:2509.01349 by the plainest criteria that tell them apart; thresholds are conventions, not
 * results. In this order:
 *
 *     running-away   the run diverged, or levelGrowth > `runawayGrowth`
 *     learned        lossRatio < `learnedFraction`
 *     frozen         memory >= `frozenMemory` and levelChange < `frozenChange`, or the run saturated; where the loss
 *                    need not be able to reach zero also lossRatio >= `frozenLoss`
 *     undecided      none of these, a measurement is missing, or the run failed
 *
 * where lossRatio = final / initial full loss and memory = q(final) / q(0). levelGrowth = final largest level of W W^T
 * / the larger of its initial value and `solutionLevel`: levels that grow up to those of a solution are learning, not a
 * runaway. levelChange is the factor between the initial and the final largest level, up or down. First and last frames
 * are compared, so the three observers must measure step 0 and the end.
 *
 * A student of the teacher's architecture can reach a loss of zero, and one that stays above has not learned. With
 * label noise (`model.labelNoise`), or with a task from a file (`model.arrays`, whose targets may be anything), the
 * least loss is not known: a network may have learned all there is at a fifth of its initial loss, with its features
 * much as they were. Such a run is undecided, never frozen. A task of one's own (`model.targets`) has no teacher to
 * compare with, and is refused: `learned` is for it.
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
    frozenLoss: number({
      doc:
        'where the least loss is not known (label noise, a task from a file): frozen only while the full loss keeps ' +
        'at least this fraction of its initial value',
      unit: '1',
      default: 0.5,
      above: 0,
      max: 1,
    }),
    runawayGrowth,
    solutionLevel,
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
    const decide = (run: RunRecord, measured: Measured): Label => {
      const { status } = run;
      // Every comparison is false for NaN, so what was not measured decides nothing.
      if (status === 'failed') return 'undecided';
      if (status === 'diverged' || measured.levelGrowth > params.runawayGrowth) return 'running-away';
      if (Number.isNaN(measured.levelGrowth)) return 'undecided';
      if (measured.lossRatio < params.learnedFraction) return 'learned';
      // Written so that a ratio that was not measured is none.
      if (!reachesZero(run) && !(measured.lossRatio >= params.frozenLoss)) return 'undecided';
      if (status === 'saturated') return 'frozen';
      const still = measured.levelChange < params.frozenChange;
      return still && measured.memory >= params.frozenMemory ? 'frozen' : 'undecided';
    };

    return {
      scope: 'run',
      labels: LABELS,
      needs: NEEDS,
      refuses: (run) =>
        isOwnTask(run)
          ? 'compares levels and loss with those of a teacher, which a task of your own has not; take "learned"'
          : undefined,
      classify(run) {
        const [loss, level, q] = NEEDS.map((need) => ({ first: startNumber(run, need), last: lastNumber(run, need) }));
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
            lastStep: lastStepOf(run),
          },
        };
      },
    };
  },
});
