// Observer: the learning rate that plain descent would need to drift as fast as this optimiser does.
import { defineObserver, EigenflowError, observer, scalar } from 'eigenflow';
import { descentGain, quantile } from 'eigenflow/theory';
import { createMetric } from './metric.js';

/**
 * An optimiser with the diagonal P moves weight i by -(step size) P_i g_i under a gradient g that stays as it is, so that
 * (step size) P_i stands where the learning rate of plain descent stands. Over all weights
 *
 *     median            of (step size) P_i
 *     lower, upper      its quantiles 0.16 and 0.84
 *
 * For descent the three are one number: learning rate/(1 - momentum), or the learning rate itself. For Adam and its
 * kin P is that of the last step, and before the first step all is NaN. It speaks of the drift alone. Equal drift is not
 * equal noise: the P of Adam follows the noise of minibatches.
 *
 * Throws EigenflowError `component` for an optimiser that has no such P (sign-sgd, lion, muon, implicit, nag-gs).
 */
export const effectiveLearningRate = defineObserver({
  name: 'effective-learning-rate',
  summary: 'Step size times the diagonal by which the optimiser multiplies gradients: median over weights, with spread',
  params: {},
  cite: [],
  create(_params, { arena, run }) {
    const { descent, model } = run;
    if (!descent && Number.isNaN(run.stableLimit)) {
      throw new EigenflowError(
        'component',
        'observers',
        'effective-learning-rate is defined for descent and for optimisers that say by which diagonal they multiply ' +
          'gradients; this one says neither. Observe update-to-weight instead',
      );
    }
    const { diagonal } = createMetric(model.size, arena);
    const unit = 'learning rate of plain descent';
    return observer({
      channels: {
        median: scalar(unit, 'step size x P, median over the weights', { label: 'effective learning rate' }),
        lower: scalar(unit, 'step size x P, quantile 0.16 over the weights'),
        upper: scalar(unit, 'step size x P, quantile 0.84 over the weights'),
      },
      observe(frame) {
        if (run.descent) diagonal.fill(descentGain(run.descent));
        else run.preconditioner(diagonal);
        diagonal.sort();
        frame.median[0] = run.nextStepSize * quantile(diagonal, 0.5);
        frame.lower[0] = run.nextStepSize * quantile(diagonal, 0.16);
        frame.upper[0] = run.nextStepSize * quantile(diagonal, 0.84);
      },
    });
  },
});
