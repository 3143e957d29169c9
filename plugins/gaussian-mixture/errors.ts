// Observer: overlap, norm and errors of a perceptron of this plugin.
import { defineObserver, EigenflowError, observer, type RunView, scalar } from 'eigenflow';
import { generalisationError, isPerceptron, type Perceptron, sampleError } from './law.js';
import { measureOrder } from './perceptron.js';

/** @throws EigenflowError `component` for any other model */
export function requirePerceptron({ model }: RunView, observer: string): Perceptron {
  if (isPerceptron(model)) return model;
  const message = `${observer} needs the law of the data of gaussian-mixture or planted-regression; this model has none`;
  throw new EigenflowError('component', 'observers', message);
}

/** What the observer of a run and that of the theory both give. */
export function errorChannels({ perceptron: { targets } }: Perceptron, by: string) {
  const error = targets === 'labels' ? 'fraction of wrong labels' : 'mean of half the squared distance to the target';
  return {
    overlap: scalar('1', `overlap m = w.v/d of the weights with the direction of the centres or of the teacher${by}`, {
      label: 'overlap m',
    }),
    norm: scalar('1', `squared norm q = |w|^2/d of the weights${by}`, { label: 'squared norm q' }),
    trainingError: scalar('1', `${error} on the training set${by}`, { label: 'training error' }),
    generalisationError: scalar('1', `${error} on fresh data${by}`, { label: 'generalisation error' }),
  } as const;
}

/**
 *     overlap              m = w.v/d
 *     norm                 q = |w|^2/d
 *     trainingError        share of training samples whose output has the wrong sign, half of those with output 0; for
 *                          `planted-regression` the mean of half the squared distance
 *     generalisationError  the same on fresh data, from m and q in closed form (`generalisationError` in law.ts)
 *
 * with w the weights of the theory, sqrt(samples) times those that are trained. Throws EigenflowError `component` for a
 * model that is not of this plugin.
 */
export const perceptronErrors = defineObserver({
  name: 'perceptron-errors',
  summary: 'Overlap, norm, training and generalisation error of a perceptron on Gaussian data',
  params: {},
  cite: ['arXiv:2006.06098'],
  create(_params, { arena, run }) {
    const model = requirePerceptron(run, 'perceptron-errors');
    const { perceptron: law, samples } = model;
    const pass = model.open(samples);
    const batch = arena.indices(samples);
    for (let s = 0; s < samples; s++) batch[s] = s;
    const order = arena.vector(2);
    const out = arena.vector(samples);
    const targets = arena.vector(samples);
    pass.targets(batch, samples, targets);
    return observer({
      channels: errorChannels(model, ''),
      observe(frame) {
        measureOrder(run.theta, samples, order);
        frame.overlap[0] = order[0];
        frame.norm[0] = order[1];
        frame.generalisationError[0] = generalisationError(law, order[0], order[1]);
        pass.forward(run.theta, batch, samples, out);
        let sum = 0;
        for (let s = 0; s < samples; s++) sum += sampleError(law, out[s], targets[s]);
        frame.trainingError[0] = sum / samples;
      },
    });
  },
});
