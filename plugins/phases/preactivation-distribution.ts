// Observer: the distribution of the pre-activations, whether it is the normal law that mean-field theory closes on, and
// how far the width is from its critical value.
import { defineObserver, observer, onHeldOut, scalar, type Vector } from 'eigenflow';
import { CRITICAL_VARIANCE } from 'eigenflow/theory';
import { requirePreactivations } from './held-out.js';
import { momentsOf } from './moments.js';
import { createTanhLaw } from './tanh-law.js';

/**
 * All pre-activations z_ni of the last hidden layer on held-out inputs n, units i, taken together:
 *
 *     mean, variance, skewness, excess    of z; skewness and excess kurtosis are 0 for a normal law
 *     criticalScale     sqrt(1/2 / E z^2): what the weights of the layer would have to be multiplied by for the
 *                       critical variance 1/2. Times the initial width, at step 0: the network's own critical width
 *     featureSquare     E phi^2 of the features, measured
 *     closedSquare      E tanh(z)^2 for z ~ N(0, E z^2): the same by the closure of mean-field theory
 *
 * arXiv:2509.01349 draws the line between ordered and jammed at sigma_W^2 = 1/2, taking the variance of z for
 * sigma_W^2. It is sigma_W^2 E h^2 with h what the layer reads, which is less (derived). Units with different row norms
 * alone give z a positive excess. Everything is NaN when a pre-activation is not a number.
 *
 * Throws EigenflowError `component` when the model has no held-out inputs or does not say its pre-activations.
 */
export const preactivationDistribution = defineObserver({
  name: 'preactivation-distribution',
  summary: 'Moments of the pre-activations on held-out inputs, against the normal law and the critical variance',
  params: {},
  cite: ['arXiv:2509.01349'],
  create(_params, { arena, kernels, run }) {
    const heldOut = requirePreactivations(run, 'preactivation-distribution');
    const values = arena.vector(heldOut.samples * heldOut.features);
    const sum = arena.vector(1);
    const law = createTanhLaw(new Float64Array(0), arena, kernels);
    const meanSquare = (x: Vector) => {
      kernels.sumSquares(x, x.length, sum);
      return sum[0] / x.length;
    };
    return observer({
      channels: onHeldOut(heldOut, {
        mean: scalar('1', 'mean of the pre-activations'),
        variance: scalar('1', 'variance of the pre-activations'),
        skewness: scalar('1', 'third standardised moment of the pre-activations'),
        excess: scalar('1', 'excess kurtosis of the pre-activations'),
        criticalScale: scalar('1', 'factor of the weights that would give a mean square of 1/2'),
        featureSquare: scalar('1', 'mean square of the features'),
        closedSquare: scalar('1', 'mean square of tanh(z) for normal z with the measured mean square'),
      }),
      observe(frame) {
        heldOut.featuresAt(run.theta, values);
        frame.featureSquare[0] = meanSquare(values);
        heldOut.preactivationsAt(run.theta, values);
        const square = meanSquare(values);
        const { mean, variance, skewness, excess } = momentsOf(values);
        frame.mean[0] = mean;
        frame.variance[0] = variance;
        frame.skewness[0] = skewness;
        frame.excess[0] = excess;
        frame.criticalScale[0] = Math.sqrt(CRITICAL_VARIANCE / square);
        frame.closedSquare[0] = law.meanSquare(square);
      },
    });
  },
});
