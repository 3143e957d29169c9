// Observer: the share of samples whose class the outputs name.
import { type Channel, defineObserver, EigenflowError, type Frame, observer, onHeldOut, scalar } from 'eigenflow';
import { type ClassSamples, openClasses, requireClasses } from './class-outputs.js';

/**
 *     train     share of the training samples that are named rightly; absent for one-pass data
 *     test      the same of the held-out inputs; absent where the model has none
 *
 * With several outputs the class that is named is the one of the largest output, the first among equals. With one
 * output it is the label, 0 or 1, at which the run's loss of this output is smaller: above 0 for `logistic` and
 * `hinge`, above 1/2 for a squared distance. Targets that are probabilities count as the most probable class. NaN
 * when an output is not a number. An accuracy p of n samples has the standard error sqrt(p (1 - p)/n) against other
 * samples.
 *
 * Throws EigenflowError `component` when the model does not say that its targets are classes, and when there is
 * neither a data set nor held-out inputs.
 */
export const accuracy = defineObserver({
  name: 'accuracy',
  summary: 'Share of training samples and of held-out inputs whose class the outputs name',
  params: {},
  cite: [],
  create(_params, environment) {
    const { run } = environment;
    requireClasses(run, 'accuracy');
    const { train, test } = openClasses(run, environment);
    if (!train && !test) {
      const message = 'accuracy needs a data set or held-out inputs, and this model has neither';
      throw new EigenflowError('component', 'observers', message);
    }
    const channels: Record<string, Channel> = {};
    if (train) channels.train = scalar('1', `share of ${train.samples} training samples named rightly`, label('train'));
    if (test && run.model.heldOut) {
      const channel = scalar('1', `share of ${test.samples} held-out inputs named rightly`, label('test'));
      Object.assign(channels, onHeldOut(run.model.heldOut, { test: channel }));
    }
    return observer<Record<string, Channel>>({
      channels,
      observe(frame: Frame<Record<string, Channel>>) {
        if (train) frame.train[0] = shareOf(train);
        if (test) frame.test[0] = shareOf(test);
      },
    });
  },
});

const label = (part: string) => ({ label: part === 'train' ? 'training accuracy' : 'test accuracy' });

function shareOf(part: ClassSamples): number {
  let right = 0;
  let isKnown = true;
  part.each((own, named, margin) => {
    if (Number.isNaN(margin)) isKnown = false;
    if (own === named) right += 1;
  });
  return isKnown ? right / part.samples : Number.NaN;
}
