// Observer: the levels themselves, for models whose parameters are levels.
import { defineObserver, EigenflowError, observer, vector } from 'eigenflow';

/**
 * Channel `levels`, K numbers, descending like those of `gram-spectrum`, so that a surrogate and a network fill the
 * same axes; the parameter vector itself is ascending. Throws EigenflowError `parameter` for a model without levels.
 */
export const levels = defineObserver({
  name: 'levels',
  summary: 'Levels of a model whose parameters are levels, descending',
  params: {},
  cite: [],
  create(_params, { run }) {
    const { theta, model } = run;
    if (!model.levelProcess) {
      throw new EigenflowError(
        'parameter',
        'observers',
        'this model has weights, not levels; for the levels of a weight matrix use "gram-spectrum"',
      );
    }
    const n = model.levelProcess.levels;
    return observer({
      channels: { levels: vector('level', n, '1', 'levels, descending') },
      observe(frame) {
        for (let i = 0; i < n; i++) frame.levels[i] = theta[n - 1 - i];
      },
    });
  },
});
