// Observer: the density of the relaxation rates of a random flow, beside the law of large matrices.
import { defineObserver, EigenflowError, integer, number, observer, symmetricEigenvaluesWork, vector } from 'eigenflow';
import { evenEdges, histogram } from 'eigenflow/theory';
import { hasKnownRates } from './known-rates.js';

/**
 * Channels `density` and `theory`: fraction of the rates in each of `bins` bins from `low` to `high` over the width of a
 * bin, and the same by the law. Rates are the levels of the Hessian of the loss, which the flow does not change: z plus
 * those of the symmetric part of M in `random-linear-flow`, by a semicircle of radius 2 sqrt((1 + symmetry)/2) about z;
 * those of the covariance of the inputs in `random-design-regression`, by the law of Marchenko and Pastur, with the share
 * that is exactly 0 where there are more inputs than samples. Found once, in N^3 operations.
 *
 * Throws EigenflowError `component` for other models and one-pass data, `parameter` unless low < high.
 */
export const rateDensity = defineObserver({
  name: 'rate-density',
  summary: 'Density of the relaxation rates of a random flow, beside the law of large matrices',
  params: {
    low: number({ doc: 'lower end of the first bin', unit: '1', default: 0 }),
    high: number({ doc: 'upper end of the last bin', unit: '1', default: 4 }),
    bins: integer({ doc: 'number of bins', unit: '1', default: 40, min: 1, max: 100_000 }),
  },
  cite: ['arXiv:2601.01010', 'doi:10.2307/1970008', 'doi:10.1070/SM1967v001n04ABEH001994'],
  create({ low, high, bins }, { arena, kernels, run: { model } }) {
    if (!(low < high))
      throw new EigenflowError('parameter', 'high', `${high} is not above low = ${low}; exchange them`);
    if (!hasKnownRates(model)) {
      const message = 'rate-density needs random-linear-flow, or random-design-regression with a data set';
      throw new EigenflowError('component', 'observer', message);
    }
    const { size } = model;
    const levels = arena.vector(size);
    const found = kernels.symmetricEigenvalues(
      model.rates.matrix(),
      size,
      arena.vector(symmetricEigenvaluesWork(size)),
      levels,
    );
    const edges = evenEdges(low, high, bins);
    const width = (high - low) / bins;
    const { counts } = histogram(levels, edges);
    const where = `in ${bins} bins from ${low} to ${high}`;
    return observer({
      channels: {
        density: vector('bin', bins, '1', `density of relaxation rates ${where}`, { label: 'density of rates' }),
        theory: vector('bin', bins, '1', `the same by the law of large matrices, ${where}`),
      },
      observe(frame) {
        for (let i = 0; i < bins; i++) {
          frame.density[i] = found >= 0 ? counts[i] / (size * width) : Number.NaN;
          frame.theory[i] = (model.rates.cdf(edges[i + 1]) - model.rates.cdf(edges[i])) / width;
        }
      },
    });
  },
});
