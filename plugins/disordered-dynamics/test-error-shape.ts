// Classifier: whether the test error only falls along a run, or rises again after its minimum.
import { defineClassifier, number, type RunRecord } from 'eigenflow';

const LABELS = ['monotone', 'non-monotone', 'diverged'] as const;
const NEED = 'regression-error.test';

/** The least value with its place, and the largest rise above the least value so far, relative to it. */
function shapeOf(run: RunRecord) {
  const series = run.series(NEED);
  const shape = { minimum: Number.NaN, minimumTime: Number.NaN, rise: Number.NaN, final: Number.NaN };
  if (!series || series.data.length === 0) return shape;
  const { data, time } = series;
  let at = 0;
  let rise = 0;
  data.forEach((value, i) => {
    if (value < data[at]) at = i;
    rise = Math.max(rise, value / data[at] - 1);
  });
  return { minimum: data[at], minimumTime: time[at], rise, final: data[data.length - 1] };
}

/**
 * From the frames of `regression-error.test`: `non-monotone` when the test error rises above its minimum so far by more
 * than `rise`, relative to it, at any later frame. A rise that comes after the last frame is not seen, nor one between
 * two frames: measure up to the time that is asked about. `diverged` for runs that ended so. A convention, but for `rise`
 * a definite one.
 */
export const testErrorShape = defineClassifier({
  name: 'test-error-shape',
  summary: 'Test error that only falls, or rises again after its minimum',
  params: {
    rise: number({ doc: 'relative rise above the minimum that counts as one', unit: '1', default: 0.01, min: 0 }),
  },
  cite: ['arXiv:2601.01010'],
  create: ({ rise }) => ({
    scope: 'run',
    labels: LABELS,
    needs: [NEED],
    classify(run) {
      const shape = shapeOf(run);
      const measured = Number.isNaN(shape.rise) ? undefined : shape.rise > rise ? 'non-monotone' : 'monotone';
      const label = run.status === 'diverged' ? 'diverged' : run.status === 'failed' ? undefined : measured;
      return {
        label,
        probabilities: Object.fromEntries(
          LABELS.map((name) => [name, label === undefined ? Number.NaN : Number(name === label)]),
        ),
        evidence: shape,
      };
    },
  }),
});
