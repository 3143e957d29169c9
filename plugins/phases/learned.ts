// Classifier: the outcome of one run on a task of one's own, by what every task has: a loss, and labels an accuracy.
import { choice, defineClassifier, number, type RunRecord } from 'eigenflow';
import { lastNumber, startNumber } from './frames.js';

const LABELS = ['learned', 'frozen', 'fluctuating', 'diverged'] as const;

type Label = (typeof LABELS)[number];

const EVIDENCE = ['lossRatio', 'gain', 'fluctuation', 'startLoss', 'endLoss', 'startAccuracy', 'endAccuracy'] as const;

type Evidence = Readonly<Record<(typeof EVIDENCE)[number], number>>;

/**
 * By the loss over the training set at the start and at the end, and by whether it still goes up and down there (see
 * the observer `loss-fluctuation`). No teacher and no held-out inputs are needed. In this order the run is
 *
 *     diverged       if it ended so
 *     learned        by: 'loss'             if lossRatio = end / start loss < `learnedFraction`
 *                    by: 'train' or 'test'  if gain = (end - start)/(1 - start) of that accuracy >= `learnedGain`
 *     fluctuating    otherwise, if the loss at the end scatters by more than `fluctuation` of its mean: noise or
 *                    too large a step carries the weights about
 *     frozen         otherwise: it has not learned and stays where it is, or is too slow for the length of the run
 *
 * The end loss is the mean over the window of `loss-fluctuation`, except in a run that saturated: its weights will
 * never move again, so that it counts as still, with its last loss. An accuracy is judged by the share of what was
 * wrong at the start that became right. The thresholds are conventions, not results: a loss that cannot reach zero
 * (label noise, smoothing) asks for another `learnedFraction`, or for an accuracy. Learned is what the outputs did,
 * not how: features may have stayed as they were (the jammed regime of arXiv:2509.01349 learns with the read-out
 * alone where that is trained).
 *
 * The verdict on a run is a definite one; there is none where something was not measured, or the run failed.
 */
export const learned = defineClassifier({
  name: 'learned',
  summary: 'Learned, frozen, fluctuating or diverged, by loss or accuracy at start and end: for any task',
  params: {
    by: choice({
      doc: 'what learning is judged by: the training loss, or the accuracy on the training or the test part',
      values: ['loss', 'train', 'test'],
      default: 'loss',
    }),
    learnedFraction: number({
      doc: 'by loss: learned when it falls below this fraction of its value at the start',
      unit: '1',
      default: 0.1,
      above: 0,
      below: 1,
    }),
    learnedGain: number({
      doc: 'by accuracy: learned when at least this share of what was wrong at the start is right',
      unit: '1',
      default: 0.8,
      above: 0,
      max: 1,
    }),
    fluctuation: number({
      doc: 'fluctuating when the loss at the end scatters by more than this fraction of its mean',
      unit: '1',
      default: 0.05,
      above: 0,
    }),
  },
  cite: [],
  conventions: { learnedFraction: [0.03, 0.3], learnedGain: [0.6, 0.9], fluctuation: [0.02, 0.15] },
  create({ by, learnedFraction, learnedGain, fluctuation }) {
    const accuracy = by === 'loss' ? undefined : `accuracy.${by}`;
    const measure = (run: RunRecord): Evidence => {
      const isStill = run.status === 'saturated';
      const startLoss = startNumber(run, 'full-loss.loss');
      const endLoss = lastNumber(run, isStill ? 'full-loss.loss' : 'loss-fluctuation.mean');
      const startAccuracy = accuracy === undefined ? Number.NaN : startNumber(run, accuracy);
      const endAccuracy = accuracy === undefined ? Number.NaN : lastNumber(run, accuracy);
      return {
        lossRatio: endLoss / startLoss,
        // All right at the start and at the end is learned, too.
        gain: startAccuracy === 1 && endAccuracy === 1 ? 1 : (endAccuracy - startAccuracy) / (1 - startAccuracy),
        fluctuation: isStill ? 0 : lastNumber(run, 'loss-fluctuation.relative'),
        startLoss,
        endLoss,
        startAccuracy,
        endAccuracy,
      };
    };
    const decide = ({ status }: RunRecord, evidence: Evidence): Label | undefined => {
      if (status === 'diverged') return 'diverged';
      const decisive = accuracy === undefined ? evidence.lossRatio : evidence.gain;
      if (status === 'failed' || Number.isNaN(decisive)) return undefined;
      if (accuracy === undefined ? decisive < learnedFraction : decisive >= learnedGain) return 'learned';
      if (Number.isNaN(evidence.fluctuation)) return undefined;
      return evidence.fluctuation > fluctuation ? 'fluctuating' : 'frozen';
    };
    return {
      scope: 'run',
      labels: LABELS,
      needs: [
        'full-loss.loss',
        'loss-fluctuation.mean',
        'loss-fluctuation.relative',
        ...(accuracy === undefined ? [] : [accuracy]),
      ],
      classify(run) {
        const evidence = measure(run);
        const label = decide(run, evidence);
        const known = label !== undefined;
        return {
          label,
          probabilities: Object.fromEntries(LABELS.map((name) => [name, known ? Number(name === label) : Number.NaN])),
          evidence,
        };
      },
    };
  },
});
