// Observer: how many samples there are, against how many could be separated.
import { defineObserver, EigenflowError, observer, scalar } from 'eigenflow';
import { requirePerceptron } from './errors.js';
import { isTwoClusters, separableUpTo } from './separability.js';

/**
 *     capacity  alpha_sep, samples per dimension up to which two clusters are separable (`separableUpTo`)
 *     load      alpha/alpha_sep: below 1 almost all large systems are separable, above 1 almost none
 *
 * Theory of the model alone, the same in every frame: for the lines of maps. Throws EigenflowError `component` for a model
 * other than two clusters without an activation.
 */
export const separationLoad = defineObserver({
  name: 'separation-load',
  summary: 'Samples per dimension against those up to which two Gaussian clusters are separable',
  params: {},
  cite: ['arXiv:2002.11544'],
  create(_params, { run }) {
    const { perceptron: law } = requirePerceptron(run, 'separation-load');
    if (!isTwoClusters(law)) {
      const message =
        'separation-load is known for gaussian-mixture with `clusters: 2` and the linear activation alone';
      throw new EigenflowError('component', 'observers', message);
    }
    const capacity = separableUpTo(law.noiseVariance);
    return observer({
      channels: {
        capacity: scalar('1', 'alpha_sep, samples per dimension up to which two clusters are separable', {
          label: 'α_{sep}',
        }),
        load: scalar('1', 'samples per dimension divided by alpha_sep', { label: 'α/α_{sep}' }),
      },
      observe(frame) {
        frame.capacity[0] = capacity;
        frame.load[0] = law.samplesPerDimension / capacity;
      },
    });
  },
});
