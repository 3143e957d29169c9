// Observer: the singular values of a weight matrix itself, where arXiv:2407.16427 measures level repulsion.
import { defineObserver, observeBlocks, observer, vector } from 'eigenflow';
import { levelParameters, openLevels } from './levels.js';

/**
 * Channel `values`, min(rows, cols) of them, descending. All NaN when a weight is not finite or the iteration has not
 * converged. Throws EigenflowError `parameter` for a block that the model does not have.
 */
export const singularValues = defineObserver({
  name: 'singular-values',
  summary: 'Singular values of a weight matrix, descending',
  params: { block: levelParameters.block },
  cite: ['arXiv:2407.16427'],
  create: (params, environment) =>
    observeBlocks(environment.run, params.block, (block) => {
      const levels = openLevels({ block, of: 'singular' }, environment);
      return observer({
        channels: { values: vector('level', levels.count, '1', `${levels.name}, descending`) },
        observe(frame) {
          frame.values.set(levels.read());
        },
      });
    }),
});
