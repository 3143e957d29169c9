// Observer: how much the features still remember of the start.
import { defineObserver, observer, onHeldOut, requireHeldOut, scalar } from 'eigenflow';

/**
 * Channel `q`, a number: two-time overlap of the features s_ni (unit i of the last hidden layer on held-out input n)
 * between step 0 and now,
 *
 *     q = 1/(n_test K) sum_ni s_ni(0) s_ni(now)
 *
 * as in arXiv:2509.01349. At step 0 it is the mean square of the features, which depends on the initial width: divide
 * by that frame to compare widths.
 *
 * Throws EigenflowError `component` when the model has no held-out inputs.
 */
export const overlap = defineObserver({
  name: 'overlap',
  summary: 'Two-time overlap of the features on held-out inputs, between the first step and now',
  params: {},
  cite: ['arXiv:2509.01349'],
  create(_params, { arena, kernels, run }) {
    const heldOut = requireHeldOut(run, 'overlap');
    const features = arena.vector(heldOut.samples * heldOut.features);
    const sum = arena.vector(1);
    // Created at the initial weights, also in a run that goes on from a checkpoint.
    const initial = arena.vector(features.length);
    heldOut.featuresAt(run.theta, initial);
    return observer({
      channels: onHeldOut(heldOut, {
        q: scalar('1', 'overlap of the features with those of step 0, mean over held-out inputs and units', {
          label: 'overlap q',
        }),
      }),
      state: [initial],
      observe(frame) {
        heldOut.featuresAt(run.theta, features);
        kernels.dot(initial, features, features.length, sum);
        frame.q[0] = sum[0] / features.length;
      },
    });
  },
});
