// Observer: the distribution of the pre-activations, whether it is the normal law that mean-field theory closes on, and
// how far the width is from its critical value.
import { type Channel, defineObserver, type HeldOut, onHeldOut, type Vector } from 'eigenflow';
import { CRITICAL_VARIANCE } from 'eigenflow/theory';
import { requirePreactivations } from './held-out.js';
import { momentsOf } from './moments.js';
import { createTanhLaw, type TanhLaw } from './tanh-law.js';

/**
 * All pre-activations z_ni of the last hidden layer on held-out inputs n, units i, taken together:
 *
 *     mean, variance, skewness, excess    of z; skewness and excess kurtosis are 0 for a normal law
 *     criticalScale     sqrt(1/2 / E z^2): what the weights of the layer would have to be multiplied by for the critical
 *                       variance 1/2. Times the initial width, at step 0: the network's own critical width
 *     featureSquare     E phi^2 of the features, measured
 *     closedSquare      E tanh(z)^2 for z ~ N(0, E z^2): the same by the closure of mean-field theory
 *
 * arXiv:2509.01349 draws the line between ordered and jammed at sigma_W^2 = 1/2, taking the variance of z for sigma_W^2.
 * It is sigma_W^2 E h^2 with h what the layer reads, which is less (derived). Units with different row norms alone give
 * z a positive excess. Everything is NaN when a pre-activation is not a number.
 *
 * Throws EigenflowError `component` when the model has no held-out inputs or does not say its pre-activations.
 */
export const preactivationDistribution = defineObserver({
  name: 'preactivation-distribution',
  summary: 'Moments of the pre-activations on held-out inputs, against the normal law and the critical variance',
  params: {},
  cite: ['arXiv:2509.01349'],
  create(_params, { arena, kernels }) {
    let heldOut: Required<HeldOut>;
    let values: Vector;
    let sum: Vector;
    let law: TanhLaw;
    const meanSquare = (x: Vector) => {
      kernels.sumSquares(x, x.length, sum);
      return sum[0] / x.length;
    };
    return {
      attach(view): Record<string, Channel> {
        heldOut = requirePreactivations(view, 'preactivation-distribution');
        values = arena.vector(heldOut.samples * heldOut.features);
        sum = arena.vector(1);
        law = createTanhLaw(new Float64Array(0), arena, kernels);
        const scalar = { shape: [], dims: [], unit: '1' };
        return onHeldOut(heldOut, {
          mean: { ...scalar, doc: 'mean of the pre-activations' },
          variance: { ...scalar, doc: 'variance of the pre-activations' },
          skewness: { ...scalar, doc: 'third standardised moment of the pre-activations' },
          excess: { ...scalar, doc: 'excess kurtosis of the pre-activations' },
          criticalScale: { ...scalar, doc: 'factor of the weights that would give a mean square of 1/2' },
          featureSquare: { ...scalar, doc: 'mean square of the features' },
          closedSquare: { ...scalar, doc: 'mean square of tanh(z) for normal z with the measured mean square' },
        });
      },
      observe({ theta }, out) {
        heldOut.featuresAt(theta, values);
        out.featureSquare[0] = meanSquare(values);
        heldOut.preactivationsAt(theta, values);
        const square = meanSquare(values);
        const { mean, variance, skewness, excess } = momentsOf(values);
        out.mean[0] = mean;
        out.variance[0] = variance;
        out.skewness[0] = skewness;
        out.excess[0] = excess;
        out.criticalScale[0] = Math.sqrt(CRITICAL_VARIANCE / square);
        out.closedSquare[0] = law.meanSquare(square);
      },
    };
  },
});
