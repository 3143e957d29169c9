// Loss: half the squared distance to the target, averaged over samples.
import { defineLoss } from 'eigenflow';

/**
 *     loss = 1/2 mean_n sum_o (out_no - target_no)^2
 *
 * The sum runs over outputs, the mean over samples only (arXiv:2509.01349). The gradient of sample n with respect to
 * its outputs is out_n - target_n.
 */
export const halfMeanSquare = defineLoss({
  name: 'half-mean-square',
  summary: 'Half the squared distance between output and target, summed over outputs, averaged over samples',
  params: {},
  cite: ['arXiv:2509.01349'],
  kernelsOnly: true,
  create: (_params, { kernels }) => ({
    open: (_capacity, outputs) => ({
      valueAndGradient(out, target, weights, n, dOut, value) {
        kernels.halfMeanSquare(out, target, weights, n, outputs, dOut, value);
      },
      curvature(_out, _target, weights, n, change, dOutChange) {
        for (let s = 0; s < n; s++) {
          for (let i = s * outputs; i < (s + 1) * outputs; i++) dOutChange[i] = weights[s] * change[i];
        }
      },
    }),
  }),
});
