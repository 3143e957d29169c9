// Classifier: by which power of time the weights wander.
import { defineClassifier, number } from 'eigenflow';
import { lastNumber } from './frames.js';
import { verdictOf } from './verdict.js';

/**
 * By the exponent c of |theta(o + k) - theta(o)|^2 ~ k^c over the lags that the run has measured: sub-diffusive below 1
 * - tolerance, super-diffusive above 1 + tolerance, Brownian between (arXiv:2107.09133). The exponent depends on the
 * lags: bound motion turns sub-diffusive when it comes to feel its bounds.
 */
export const diffusionRegime = defineClassifier({
  name: 'diffusion-regime',
  summary: 'Sub-diffusive, Brownian or super-diffusive, by the growth of the mean square displacement',
  params: {
    tolerance: number({ doc: 'width of Brownian on either side of 1', unit: '1', default: 0.05, above: 0, below: 1 }),
  },
  cite: ['arXiv:2107.09133'],
  conventions: { tolerance: [0.02, 0.1] },
  create: ({ tolerance }) => ({
    scope: 'run',
    labels: ['sub-diffusive', 'brownian', 'super-diffusive'],
    needs: ['mean-square-displacement.exponent'],
    classify(run) {
      const exponent = lastNumber(run, 'mean-square-displacement.exponent');
      const isKnown = !Number.isNaN(exponent);
      const sure = (holds: boolean) => (isKnown ? Number(holds) : Number.NaN);
      return verdictOf(
        {
          'sub-diffusive': sure(exponent < 1 - tolerance),
          brownian: sure(Math.abs(exponent - 1) <= tolerance),
          'super-diffusive': sure(exponent > 1 + tolerance),
        },
        { exponent },
      );
    },
  }),
});
