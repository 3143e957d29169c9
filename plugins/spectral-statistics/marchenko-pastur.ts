// Observer: how much of a weight matrix is noise. The law of Marchenko and Pastur fitted to its levels, and outliers.

import { defineObserver, observeBlocks, observer, scalar } from 'eigenflow';
import { distinctSides, fitMarchenkoPastur } from 'eigenflow/theory';
import { levelParameters, openLevels } from './levels.js';

/** Channels that are NaN without a level. */
const FITTED = ['entryVariance', 'entryVarianceError', 'lowerEdge', 'upperEdge', 'outliers', 'distance'] as const;

/**
 * Channels, each a number, of the levels of W W^T: `rank`, those above `rounding`, the level that rounding of the
 * weights can make (core/theory/random-matrix/numerical-rank.ts); and of these, `entryVariance` from the median level
 * with its standard error, `lowerEdge` and `upperEdge` of the bulk, `outliers` above what the largest level of noise
 * exceeds once in a hundred, and `distance`, the Kolmogorov-Smirnov distance of the others to the law.
 *
 * The law is that of a matrix whose long side counts the rows, or columns, that are neither zero nor copies of others,
 * and whose short side is no longer than the rank: levels that are 0 by the shape of the matrix, by rows of zeros, by
 * copies or by a product of narrow matrices are no noise. NaN when a weight is not finite, and all but `rank` and
 * `rounding` for a matrix of zeros. The fit is described in core/theory/random-matrix/marchenko-pastur-fit.ts.
 *
 * Throws EigenflowError `parameter` for a block that the model does not have.
 */
export const marchenkoPastur = defineObserver({
  name: 'marchenko-pastur',
  summary: 'Fit of the Marchenko-Pastur law to the levels of W W^T, with the number of outliers',
  params: { block: levelParameters.block },
  cite: ['doi:10.1070/SM1967v001n04ABEH001994', 'doi:10.1214/aos/1009210544', 'arXiv:2411.13512'],
  create: (params, environment) =>
    observeBlocks(environment.run, params.block, (block) => {
      const levels = openLevels({ block, of: 'gram' }, environment);
      const { rows, cols } = levels.block;
      return observer({
        channels: {
          rank: scalar('levels', `levels of block ${block} above what rounding of its weights can make`),
          rounding: scalar('level', 'the largest level that rounding of the weights can make'),
          entryVariance: scalar('1', `variance of the entries of block ${block} that explains its median level`),
          entryVarianceError: scalar('1', 'its standard error, for a matrix of noise'),
          lowerEdge: scalar('level', 'lower edge of the bulk'),
          upperEdge: scalar('level', 'upper edge of the bulk'),
          outliers: scalar('levels', 'levels above what the largest level of noise exceeds once in a hundred'),
          distance: scalar('1', 'Kolmogorov-Smirnov distance of the levels that are not outliers to the law'),
        },
        observe(frame) {
          const values = levels.read();
          const { rank, tolerance } = levels.rank();
          frame.rank[0] = rank;
          frame.rounding[0] = tolerance * tolerance;
          if (!(rank > 0)) {
            for (const name of FITTED) frame[name][0] = Number.NaN;
            return;
          }
          const sides = distinctSides(levels.weights, rows, cols);
          const short = Math.min(rank, sides.rows, sides.cols);
          const fit = fitMarchenkoPastur(values.subarray(0, short), short, Math.max(sides.rows, sides.cols));
          frame.entryVariance[0] = fit.entryVariance;
          frame.entryVarianceError[0] = fit.entryVarianceError;
          frame.lowerEdge[0] = fit.lowerEdge;
          frame.upperEdge[0] = fit.upperEdge;
          frame.outliers[0] = fit.outliersAbove;
          frame.distance[0] = fit.distance;
        },
      });
    }),
});
