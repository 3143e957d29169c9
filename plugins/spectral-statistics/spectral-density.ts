// Observer: histogram of the levels in fixed bins, frame by frame and over windows of frames.
import { defineObserver, EigenflowError, integer, number, observeBlocks, observer, scalar, vector } from 'eigenflow';
import { evenEdges, histogram } from 'eigenflow/theory';
import { levelParameters, openLevels } from './levels.js';
import { overWindows, windowParameter } from './windows.js';

/**
 * Channel `counts`: levels in each of `bins` bins of equal width from `low` to `high`, and `outside`, the levels in
 * none of them; NaN with the levels. With `frames`, each window gives `density`, the fraction of all levels in a bin
 * over its width: its integral over the bins is the fraction of levels inside. For bins that follow the data apply
 * `freedmanDiaconisEdges` of `eigenflow/theory` to stored levels.
 *
 * Throws EigenflowError `parameter` for a block that the model does not have, and unless low < high.
 */
export const spectralDensity = defineObserver({
  name: 'spectral-density',
  summary: 'Histogram of levels in fixed bins',
  params: {
    ...levelParameters,
    low: number({ doc: 'lower end of the first bin', unit: 'level' }),
    high: number({ doc: 'upper end of the last bin', unit: 'level' }),
    bins: integer({ doc: 'number of bins', unit: '1', default: 50, min: 1, max: 1e6 }),
    frames: windowParameter,
  },
  cite: [],
  create: (all, environment) =>
    observeBlocks(environment.run, all.block, (block) => {
      const params = { ...all, block };
      const { low, high, bins, frames } = params;
      if (!(low < high)) throw new EigenflowError('parameter', 'high', `${high} is not above low = ${low}`);
      const edges = evenEdges(low, high, bins);
      const where = `${bins} bins from ${low} to ${high}`;
      const levels = openLevels(params, environment);

      const derived = {
        density: vector('bin', bins, '1/level', `density of levels over a window, ${where}`),
      };
      const stage = {
        derived,
        derive: overWindows('counts', frames ?? 1, derived, (window) => {
          const norm = (window.length * levels.count * (high - low)) / bins;
          return { density: Array.from(edges.slice(1), (_, bin) => window.reduce((sum, f) => sum + f[bin], 0) / norm) };
        }),
      };
      return observer({
        channels: {
          counts: vector('bin', bins, 'levels', `${levels.name} in ${where}`),
          outside: scalar('levels', 'levels outside the bins'),
        },
        observe(frame) {
          const values = levels.read();
          const finite = Number.isFinite(values[0]);
          const { counts, outside } = histogram(values, edges);
          if (finite) frame.counts.set(counts);
          else frame.counts.fill(Number.NaN);
          frame.outside[0] = finite ? outside : Number.NaN;
        },
        ...(frames === undefined ? {} : stage),
      });
    }),
});
