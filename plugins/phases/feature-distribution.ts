// Observer: how the soft spins are distributed, next to the law that they have when their pre-activations are Gaussian.
import { defineObserver, integer, observer, onHeldOut, scalar, vector } from 'eigenflow';
import { evenEdges } from 'eigenflow/theory';
import { createBinnedDensity } from './binned-density.js';
import { requirePreactivations } from './held-out.js';
import { momentsOf } from './moments.js';
import { createTanhLaw } from './tanh-law.js';

/**
 * All features phi_ni of the last hidden layer on held-out inputs n, units i, taken together:
 *
 *     density      [bin]  their histogram over [-1, 1] as a density; what lies outside counts in the norm only
 *     tanhDensity  [bin]  p_tanh for z ~ N(0, E z^2) with the measured mean square of the pre-activations, mean over
 *                         each bin
 *     distance            largest difference of the two distribution functions at the edges of the bins
 *     mode                phi > 0 at which p_tanh is largest, 0 where E z^2 <= 1/2: the solution of
 *                         artanh(phi) = 2 E z^2 phi
 *     bimodality          (skewness^2 + 1) / kurtosis of the features: 1/3 normal, 5/9 uniform, 1 two points
 *
 * p_tanh and its critical variance 1/2 are those of arXiv:2509.01349, which puts sigma_W^2 for the variance;
 * `preactivation-distribution` has the width at which the network itself reaches 1/2. The coefficient of bimodality is
 * the one compared in doi:10.3389/fpsyg.2013.00700. With an activation other than tanh the law is only a reference.
 *
 * Throws EigenflowError `component` when the model has no held-out inputs or does not say its pre-activations.
 */
export const featureDistribution = defineObserver({
  name: 'feature-distribution',
  summary: 'Histogram of the features on held-out inputs against the law of tanh(z), with measures of bimodality',
  params: { bins: integer({ doc: 'bins of equal width over [-1, 1]', unit: '1', default: 40, min: 2 }) },
  cite: ['arXiv:2509.01349', 'doi:10.3389/fpsyg.2013.00700'],
  create({ bins }, { arena, kernels, run }) {
    const heldOut = requirePreactivations(run, 'feature-distribution');
    const edges = evenEdges(-1, 1, bins);
    const binned = createBinnedDensity(edges);
    const law = createTanhLaw(edges, arena, kernels);
    const features = arena.vector(heldOut.samples * heldOut.features);
    const preactivations = arena.vector(features.length);
    const sum = arena.vector(1);
    return observer({
      channels: onHeldOut(heldOut, {
        density: vector('bin', bins, '1', `density of the features in ${bins} bins of equal width over [-1, 1]`),
        tanhDensity: vector(
          'bin',
          bins,
          '1',
          'density of tanh(z), z normal with the measured mean square, in the same bins',
        ),
        distance: scalar('1', 'largest difference of the two distribution functions at the edges'),
        mode: scalar('1', 'most probable |phi| of that law; 0 while the mean square is 1/2 or less'),
        bimodality: scalar('1', '(skewness^2 + 1)/kurtosis of the features; 5/9 for a uniform law'),
      }),
      observe(frame) {
        heldOut.featuresAt(run.theta, features);
        heldOut.preactivationsAt(run.theta, preactivations);
        kernels.sumSquares(preactivations, preactivations.length, sum);
        const meanSquare = sum[0] / preactivations.length;
        binned.measure(features, frame.density);
        law.density(meanSquare, frame.tanhDensity);
        frame.distance[0] = binned.distance(frame.density, frame.tanhDensity);
        frame.mode[0] = law.mode(meanSquare);
        const { skewness, excess } = momentsOf(features);
        frame.bimodality[0] = (skewness * skewness + 1) / (excess + 3);
      },
    });
  },
});
