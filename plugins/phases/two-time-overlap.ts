// Observer: how much the features at one time remember of those at several earlier ones. Ageing shows in it: where the
// overlap depends on the waiting time and not on the difference of times alone.
import {
  choice,
  defineObserver,
  EigenflowError,
  numbers,
  observer,
  onHeldOut,
  type RunView,
  requireHeldOut,
  type Vector,
  vector,
} from 'eigenflow';

/** @throws EigenflowError `parameter` for a time after the end of the run, or in epochs of one-pass data. */
function waitingSteps(
  { steps, stepsPerEpoch }: RunView,
  waiting: readonly number[],
  unit: 'epochs' | 'steps',
): number[] {
  const perUnit = unit === 'steps' ? 1 : stepsPerEpoch;
  if (Number.isNaN(perUnit)) {
    throw new EigenflowError('parameter', 'unit', 'one-pass data have no epochs; give waiting times in steps');
  }
  return waiting.map((time, k) => {
    const step = Math.round(time * perUnit);
    if (step <= steps) return step;
    const end = `the run ends after ${steps / perUnit} ${unit}`;
    throw new EigenflowError('parameter', `waiting[${k}]`, `${time} ${unit} is never reached: ${end}`);
  });
}

/**
 * With s_ni(t) the features of held-out input n, unit i, at time t, and t_w the waiting times (w = 1 .. the number of
 * them), channels
 *
 *     q             [w]  q(t_w, t) = 1/(n_test K) sum_ni s_ni(t_w) s_ni(t); NaN before t_w
 *     selfOverlap   [w]  q(t_w, t_w): q / selfOverlap is 1 at t = t_w; NaN before t_w
 *     waitingStep   [w]  t_w in steps
 *
 * Channel q at t_w = 0 is that of `overlap`, the published one (arXiv:2509.01349). Together with the correlation a
 * response would give the fluctuation-dissipation ratio; this is the correlation.
 *
 * Throws EigenflowError `component` when the model has no held-out inputs, `parameter` for a waiting time after the
 * end.
 */
export const twoTimeOverlap = defineObserver({
  name: 'two-time-overlap',
  summary: 'Two-time overlap of the features on held-out inputs, between waiting times and now',
  params: {
    waiting: numbers({
      doc: 'waiting times t_w, one or several',
      unit: 'epochs or steps, see `unit`',
      default: [0],
      min: 0,
    }),
    unit: choice({ doc: 'unit of the waiting times', values: ['epochs', 'steps'], default: 'epochs' }),
  },
  cite: ['arXiv:2509.01349'],
  create(params, { arena, kernels, run }) {
    const heldOut = requireHeldOut(run, 'two-time-overlap');
    const steps = waitingSteps(run, params.waiting, params.unit);
    const size = heldOut.samples * heldOut.features;
    /** Features at each waiting time, and whether it has been reached. */
    const kept = steps.map(() => arena.vector(size));
    const reached = arena.vector(steps.length);
    const features = arena.vector(size);
    const sum = arena.vector(1);

    const keep = () => {
      for (let w = 0; w < steps.length; w++) {
        if (steps[w] !== run.clock.step || reached[w] === 1) continue;
        heldOut.featuresAt(run.theta, kept[w]);
        reached[w] = 1;
      }
    };
    const product = (a: Vector, b: Vector) => {
      kernels.dot(a, b, size, sum);
      return sum[0] / size;
    };
    const perTime = (unit: string, doc: string) => vector('waiting', steps.length, unit, doc);
    return observer({
      channels: onHeldOut(heldOut, {
        q: perTime('1', 'overlap of the features with those at each waiting time'),
        selfOverlap: perTime('1', 'mean square of the features at each waiting time'),
        waitingStep: perTime('steps', 'the waiting times'),
      }),
      state: [reached, ...kept],
      preparedAt: (step) => steps.filter((at) => at <= step),
      prepare: keep,
      observe(frame) {
        keep();
        heldOut.featuresAt(run.theta, features);
        for (let w = 0; w < steps.length; w++) {
          frame.waitingStep[w] = steps[w];
          const known = reached[w] === 1 && steps[w] <= run.clock.step;
          frame.q[w] = known ? product(kept[w], features) : Number.NaN;
          frame.selfOverlap[w] = known ? product(kept[w], kept[w]) : Number.NaN;
        }
      },
    });
  },
});
