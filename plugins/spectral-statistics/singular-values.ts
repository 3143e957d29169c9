// Observer: the singular values of a weight matrix itself, where arXiv:2407.16427 measures level repulsion.
import { defineObserver } from 'eigenflow';
import { type Levels, levelParameters, openLevels } from './levels.js';

/**
 * Channel `values`, min(rows, cols) of them, descending. All NaN when a weight is not finite or the iteration has not
 * converged. Throws EigenflowError `parameter` for a block that the model does not have.
 */
export const singularValues = defineObserver({
  name: 'singular-values',
  summary: 'Singular values of a weight matrix, descending',
  params: { block: levelParameters.block },
  cite: ['arXiv:2407.16427'],
  create({ block }, environment) {
    let levels: Levels;
    return {
      attach(view) {
        levels = openLevels(view, { block, of: 'singular' }, environment);
        return { values: { shape: [levels.count], dims: ['level'], unit: '1', doc: `${levels.name}, descending` } };
      },
      observe(view, out) {
        out.values.set(levels.read(view));
      },
    };
  },
});
