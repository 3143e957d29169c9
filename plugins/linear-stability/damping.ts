// Classifier: whether a run creeps to the minimum, swings about it, or leaves it.
import { defineClassifier, number, type RunRecord } from 'eigenflow';

const LABELS = ['over-damped', 'oscillatory', 'diverging'] as const;
const [SLOWEST, SWING, DISTANCE] = ['slowest', 'swing', 'distance'].map((channel) => `mode-dynamics.${channel}`);

const lastOf = (run: RunRecord, need: string) => run.series(need)?.data.at(-1) ?? Number.NaN;

/**
 * `diverging` where the run diverges, or a step has an eigenvalue above 1 on some mode; `oscillatory` where the eigenvalue
 * that decides about some mode is complex or negative, so that it changes its sign on the way; else `over-damped`. From
 * the last frame of `mode-dynamics`: the map of a step as the optimiser says it, which the run itself is held against by
 * the channels of the observer. Evidence: the largest radius, the largest angle, and the growth of the distance from the
 * first frame to the last, which is measured.
 */
export const damping = defineClassifier({
  name: 'damping',
  summary: 'Creeping to the minimum of a quadratic loss, swinging about it, or leaving it',
  params: {
    angle: number({ doc: 'angle in a step above which a mode swings', unit: 'rad', default: 1e-6, min: 0 }),
  },
  cite: ['arXiv:2209.14937'],
  create: ({ angle }) => ({
    scope: 'run',
    labels: LABELS,
    needs: [SLOWEST, SWING, DISTANCE],
    classify(run) {
      const [radius, rotation] = [lastOf(run, SLOWEST), lastOf(run, SWING)];
      const distances = run.series(DISTANCE)?.data;
      const growth = distances?.length ? distances[distances.length - 1] / distances[0] : Number.NaN;
      const measured = Number.isNaN(radius) ? undefined : rotation > angle ? 'oscillatory' : 'over-damped';
      const label =
        run.status === 'diverged' || radius > 1 ? 'diverging' : run.status === 'failed' ? undefined : measured;
      return {
        label,
        probabilities: Object.fromEntries(
          LABELS.map((name) => [name, label === undefined ? Number.NaN : Number(name === label)]),
        ),
        evidence: { radius, rotation, growth },
      };
    },
  }),
});
