// Classifier: whether one-pass SGD is stable, by the growth of its error.
import { defineClassifier, elementary, type RunRecord } from 'eigenflow';

const LABELS = ['stable', 'unstable'] as const;
const [ERROR, CRITICAL] = ['one-pass-error.error', 'one-pass-error.criticalRate'];

/** Logarithmic growth of the error in a step, from the first frame to the last. */
function growthOf(run: RunRecord): number {
  const series = run.series(ERROR);
  if (!series || series.data.length < 2) return Number.NaN;
  const last = series.data.length - 1;
  const steps = series.step[last] - series.step[0];
  return elementary.log(series.data[last] / series.data[0]) / steps;
}

/**
 * `unstable` where the squared error grows from the first frame of `one-pass-error` to the last, or the run diverges;
 * else `stable`. Evidence: the growth in a step, and the critical rate of the mean. The mean grows from that rate on; a
 * single run of few inputs can still fall there, since its mean is carried by few runs (derived).
 */
export const onePassStability = defineClassifier({
  name: 'one-pass-stability',
  summary: 'One-pass SGD whose error falls, or grows',
  params: {},
  cite: ['arXiv:2601.01010'],
  create: () => ({
    scope: 'run',
    labels: LABELS,
    needs: [ERROR, CRITICAL],
    classify(run) {
      const growth = growthOf(run);
      const measured = Number.isNaN(growth) ? undefined : growth > 0 ? 'unstable' : 'stable';
      const label = run.status === 'diverged' ? 'unstable' : run.status === 'failed' ? undefined : measured;
      return {
        label,
        probabilities: Object.fromEntries(
          LABELS.map((name) => [name, label === undefined ? Number.NaN : Number(name === label)]),
        ),
        evidence: { growth, criticalRate: run.series(CRITICAL)?.data[0] ?? Number.NaN },
      };
    },
  }),
});
