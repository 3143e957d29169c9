// Observer: test and training error of a regression whose errors are known, with their theory.
import { defineObserver, EigenflowError, observer, scalar } from 'eigenflow';
import { hasKnownErrors } from './known-errors.js';

/**
 * Channels `test` and `train`: mean square errors at the weights as they stand, without the factor 1/2 of
 * `half-mean-square`; `test` is exact, over all inputs there could be. `testTheory` and `trainTheory`: what gradient flow
 * from the initial weights has at the learning time of the frame, by the law of the model: for many inputs
 * (`random-design-regression`), or for the matrices of this very run (`random-features`). The theory is that of full
 * gradients without decay; nothing here checks that the run has those.
 *
 * Throws EigenflowError `component` for other models, and for one-pass data.
 */
export const regressionError = defineObserver({
  name: 'regression-error',
  summary: 'Exact test error and training error of a regression, beside their theory for gradient flow',
  params: {},
  cite: ['arXiv:2601.01010'],
  create(_params, { run: { model, theta, clock } }) {
    if (!hasKnownErrors(model)) {
      const message =
        'needs a model whose errors are known: random-design-regression with a data set, or random-features';
      throw new EigenflowError('component', 'observer', `regression-error ${message}`);
    }
    const { errors } = model;
    const law = errors.law(theta);
    return observer({
      channels: {
        test: scalar('1', 'mean square error on fresh samples', { label: 'test error' }),
        train: scalar('1', 'mean square error on the training set', { label: 'training error' }),
        testTheory: scalar('1', 'test error of gradient flow by theory', { label: 'test error, theory' }),
        trainTheory: scalar('1', 'training error of gradient flow by theory', { label: 'training error, theory' }),
      },
      observe(frame) {
        const expected = law(clock.time);
        frame.test[0] = errors.test(theta);
        frame.train[0] = errors.train(theta);
        frame.testTheory[0] = expected.test;
        frame.trainTheory[0] = expected.train;
      },
    });
  },
});
