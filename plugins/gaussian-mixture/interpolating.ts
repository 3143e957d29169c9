// Classifier: whether a run ends without a training error.
import { defineClassifier } from 'eigenflow';

const LABELS = ['interpolating', 'erring', 'diverged'] as const;

/**
 * By the last frame of `perceptron-errors`: interpolating at a training error of exactly 0, erring above. A run that is
 * interpolating proves its training set separable; one that errs may have been too short, or held back by weight decay.
 * No label where nothing was measured, or the run failed.
 */
export const interpolating = defineClassifier({
  name: 'interpolating',
  summary: 'Whether a run ends without an error on its training set',
  params: {},
  cite: ['arXiv:2006.06098'],
  create: () => ({
    scope: 'run',
    labels: LABELS,
    needs: ['perceptron-errors.trainingError'],
    classify(run) {
      const trainingError = run.series('perceptron-errors.trainingError')?.data.at(-1) ?? Number.NaN;
      const verdict = () => {
        if (run.status === 'diverged') return 'diverged';
        if (run.status === 'failed' || Number.isNaN(trainingError)) return undefined;
        return trainingError === 0 ? 'interpolating' : 'erring';
      };
      const label = verdict();
      return {
        label,
        probabilities: Object.fromEntries(
          LABELS.map((name) => [name, label === undefined ? Number.NaN : Number(name === label)]),
        ),
        evidence: { trainingError },
      };
    },
  }),
});
