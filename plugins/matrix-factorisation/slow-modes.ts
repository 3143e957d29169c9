// Observer: the slow modes of an over-parametrised factorisation, beside s/(1 + 2 t s).
import { defineObserver, EigenflowError, observer, vector } from 'eigenflow';
import { exactSurplusLevels, levelsOf, neededRank, surplus } from './exact-flow.js';
import { requireFactorisation } from './view.js';

/**
 * Eigenvalues of the Schur complement S = P_22 - P_21 P_11^-1 P_12 of P = X X^T in the eigenbasis of M, P_11 being the block
 * of its r* positive eigenvalues; n - r* of them, descending. At most r - r* are not 0.
 *
 *     levels   s_i(t)
 *     exact    those of gradient flow from the initial weights: s/(1 + 2 t s) where the other eigenvalues of M are 0
 *     scaled   t s_i(t), which goes to 1/2 there
 *
 * Throws EigenflowError `component` for any other model, and where all eigenvalues of M are positive. Source: arXiv:2411.15972.
 */
export const slowModes = defineObserver({
  name: 'slow-modes',
  summary: 'Eigenvalues of the Schur complement of X X^T, the slow modes of surplus columns, beside their closed form',
  params: {},
  cite: ['arXiv:2411.15972'],
  create(_params, { run }) {
    const { factorisation, read } = requireFactorisation(run, 'slow-modes');
    const { values, n } = factorisation;
    const count = n - neededRank(values);
    if (count === 0) {
      const message = 'slow-modes needs eigenvalues of M that are not positive; all are';
      throw new EigenflowError('component', 'observers', message);
    }
    const start = surplus(values, read());
    const modes = (doc: string, label: string) => vector('mode', count, '1', doc, { label });
    return observer({
      channels: {
        levels: modes('eigenvalues of the Schur complement, descending', 'eigenvalue of S'),
        exact: modes('the same of gradient flow in closed form', 'eigenvalue of S, closed form'),
        scaled: modes('learning time times these eigenvalues', 't s'),
      },
      observe(frame) {
        const now = read();
        if (!now.to1DArray().every(Number.isFinite)) return;
        const { time } = run.clock;
        frame.levels.set(levelsOf(surplus(values, now), count));
        frame.exact.set(exactSurplusLevels(values, start, time));
        for (let i = 0; i < count; i++) frame.scaled[i] = time * frame.levels[i];
      },
    });
  },
});
