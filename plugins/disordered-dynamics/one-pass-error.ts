// Observer: distance from the teacher in one-pass linear regression, with the exact recursion of its mean.
import { defineObserver, EigenflowError, observer, scalar } from 'eigenflow';
import { isOnePassRegression } from './random-design-regression.js';

/**
 * Channel `error`: |theta - teacher|^2, the test error without the noise of its target. Channel `theory`: its mean over
 * the samples, from the initial weights on. With h = theta - teacher, eta the learning rate, B samples in a batch, N
 * inputs and label noise of variance s, a step of plain SGD has (derived, exact)
 *
 *     <|h'|^2> = (1 - 2 eta + eta^2 (1 + (N + 1)/B)) <|h|^2> + eta^2 s N/B,
 *
 * which grows from eta = 2/(1 + (N + 1)/B) on. Channel `criticalRate`: that eta.
 *
 * For plain SGD with a constant learning rate; momentum, decay and schedules are not in it. Throws EigenflowError
 * `component` for other models, for optimisers that are not plain descent and for noise that has no temperature,
 * learning rate/B.
 */
export const onePassError = defineObserver({
  name: 'one-pass-error',
  summary: 'Distance from the teacher in one-pass linear regression, beside the exact recursion of its mean',
  params: {},
  cite: ['arXiv:2601.01010'],
  create(_params, { run }) {
    const { model, theta, clock, descent, nextStepSize: rate, temperature } = run;
    if (!isOnePassRegression(model)) {
      const message = 'one-pass-error needs the model random-design-regression with samples: "endless"';
      throw new EigenflowError('component', 'observer', message);
    }
    if (descent?.momentum !== 0 || descent.weightDecay !== 0 || !(temperature > 0)) {
      const message = 'one-pass-error knows plain SGD on minibatches alone: take sgd without decay, and minibatch';
      throw new EigenflowError('component', 'observer', message);
    }
    const { inputs, noiseVariance, distance } = model.onePass;
    const batch = rate / temperature;
    const spread = 1 + (inputs + 1) / batch;
    const factor = 1 - 2 * rate + rate * rate * spread;
    const supply = (rate * rate * noiseVariance * inputs) / batch;
    const mean = { step: 0, value: distance(theta) };
    return observer({
      channels: {
        error: scalar('1', 'squared distance from the teacher', { label: 'squared error |h|^2' }),
        theory: scalar('1', 'its mean by the exact recursion', { label: 'squared error |h|^2, theory' }),
        criticalRate: scalar('1', 'learning rate from which on the mean grows'),
      },
      observe(frame) {
        for (; mean.step < clock.step; mean.step++) mean.value = factor * mean.value + supply;
        frame.error[0] = distance(theta);
        frame.theory[0] = mean.value;
        frame.criticalRate[0] = 2 / spread;
      },
    });
  },
});
