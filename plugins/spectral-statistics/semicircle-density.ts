// Observer: the density of a cluster of levels, and the semicircle fitted to it.
import { defineObserver, integers } from 'eigenflow';
import { semicircleLaw } from 'eigenflow/theory';
import { densityParameters, observeFittedDensity } from './fitted-density.js';

/**
 * Channel `levels`: those with the numbers `levels` of the descending spectrum, all when left out. Each window of
 * `frames` frames gives the semicircle of core/theory/random-matrix/semicircle.ts: `centre`, `sigma` with their errors,
 * `distance`, `density` and `lawDensity` over (level - centre)/radius, the radius being sigma sqrt(2 (n + 1)) for n
 * levels. NaN throughout when a level of the window is not finite. No p-value: the law is a limit of many levels.
 *
 * Throws EigenflowError `parameter` for a block or a level that there is not, and below two levels.
 */
export const semicircleDensity = defineObserver({
  name: 'semicircle-density',
  summary: 'Density of a cluster of levels over windows of frames, with the fitted semicircle',
  params: {
    ...densityParameters,
    levels: integers({ doc: 'levels by number, counted from 0 at the largest', unit: '1', optional: true, min: 0 }),
  },
  cite: ['doi:10.2307/1970008', 'arXiv:2407.16427'],
  create(params, environment) {
    return observeFittedDensity(
      { law: semicircleLaw, unit: 'radius', reach: 1.5, chosen: params.levels, parameter: 'levels' },
      params,
      environment,
    );
  },
});
