// Loss: negative log-likelihood of classes, by softmax outputs.
import { defineLoss, EigenflowError, number } from 'eigenflow';

/**
 * With o the K outputs of a sample, t its targets after smoothing, S = sum_k t_k and p = softmax(o), averaged over
 * samples,
 *
 *     S log sum_k exp(o_k) - sum_k t_k o_k          = -sum_k t_k log p_k
 *     gradient        S p - t
 *     curvature       u -> S (p u - p (p . u))
 *
 * summed over classes and averaged over samples alone, as CrossEntropyLoss of PyTorch. Targets: a row with a 1 at the
 * class and 0 elsewhere, or probabilities, whose sum need not be 1. With `smoothing` eps they are (1 - eps) target +
 * eps/K, the class itself included (arXiv:1512.00567). From the outputs themselves, never from p, so outputs of a
 * thousand do no harm.
 *
 * On data that it can separate the loss has no minimum at finite weights, unless there is smoothing: they grow for ever
 * (arXiv:1710.10345).
 *
 * Throws EigenflowError `component` for a model with one output, whose softmax is always 1.
 */
export const crossEntropy = defineLoss({
  name: 'cross-entropy',
  summary: 'Negative log-likelihood of classes by softmax outputs, averaged over samples (CrossEntropyLoss)',
  params: {
    smoothing: number({
      doc: 'share of each target that is spread evenly over all classes',
      unit: '1',
      default: 0,
      min: 0,
      below: 1,
      schedulable: true,
    }),
  },
  cite: ['arXiv:1512.00567', 'arXiv:1710.10345'],
  kernelsOnly: true,
  create: (params, { kernels }) => ({
    open(_capacity, outputs) {
      if (outputs < 2) {
        throw new EigenflowError(
          'component',
          'loss',
          'cross-entropy needs an output for each class, at least 2, and this model has one, whose softmax is always ' +
            '1; take "logistic" for two classes told apart by one output',
        );
      }
      return {
        valueAndGradient(out, target, weights, n, dOut, value) {
          kernels.crossEntropy(params.smoothing, out, target, weights, n, outputs, dOut, value);
        },
        curvature(out, target, weights, n, change, dOutChange) {
          kernels.crossEntropyCurvature(params.smoothing, out, target, weights, n, outputs, change, dOutChange);
        },
      };
    },
  }),
});
