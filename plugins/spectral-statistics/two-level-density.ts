// Observer: the density of a twofold degenerate level, and the law of a pair that repels fitted to it.
import { defineObserver, integer } from 'eigenflow';
import { twoLevelLaw } from 'eigenflow/theory';
import { densityParameters, observeFittedDensity } from './fitted-density.js';

/**
 * Channel `levels`: levels `pair` and `pair + 1` of the descending spectrum. Each window of `frames` frames gives the
 * two-level law of core/theory/random-matrix/two-level-density.ts: `centre`, `sigma` with their errors, `distance`,
 * `pValue` (NaN below 5 frames, simulated with the law of the pair), `density` and `lawDensity` over
 * (level - centre)/sigma. NaN throughout when a level of the window is not finite.
 *
 * Throws EigenflowError `parameter` for a block or a pair that there is not.
 */
export const twoLevelDensity = defineObserver({
  name: 'two-level-density',
  summary: 'Density of a degenerate pair of levels over windows of frames, with the fitted two-level law',
  params: {
    ...densityParameters,
    pair: integer({ doc: 'the upper level of the pair, counted from 0 at the largest', unit: '1', default: 0, min: 0 }),
  },
  cite: ['arXiv:2407.16427'],
  create(params, environment) {
    const chosen = [params.pair, params.pair + 1];
    return observeFittedDensity(
      { law: twoLevelLaw, unit: 'sigma', reach: 4, chosen, parameter: 'pair' },
      params,
      environment,
    );
  },
});
