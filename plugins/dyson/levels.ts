// Observer: the levels themselves, for models whose parameters are levels.
import { defineObserver, EigenflowError } from 'eigenflow';

/**
 * Channel `levels`, K numbers, descending like those of `gram-spectrum`, so that a surrogate and a network fill the
 * same axes; the parameter vector itself is ascending. Throws EigenflowError `parameter` for a model without levels.
 */
export const levels = defineObserver({
  name: 'levels',
  summary: 'Levels of a model whose parameters are levels, descending',
  params: {},
  cite: [],
  create() {
    return {
      attach({ model }) {
        const process = model.levelProcess;
        if (!process) {
          throw new EigenflowError(
            'parameter',
            'observers',
            'this model has weights, not levels; for the levels of a weight matrix use "gram-spectrum"',
          );
        }
        return { levels: { shape: [process.levels], dims: ['level'], unit: '1', doc: 'levels, descending' } };
      },
      observe({ theta }, out) {
        const n = theta.length;
        for (let i = 0; i < n; i++) out.levels[i] = theta[n - 1 - i];
      },
    };
  },
});
