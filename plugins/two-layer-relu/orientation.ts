// Observer: into which directions the units of a layer point, each counted by what it adds to the output.
import {
  defineObserver,
  EigenflowError,
  elementary,
  findBlock,
  integer,
  observer,
  scalar,
  text,
  vector,
  weightsOf,
} from 'eigenflow';

/** Angle of (x, y) in (-pi, pi]; 0 for (0, 0). Within 1e-15 pi: the inverse sine is taken of the smaller leg. */
function angleOf(x: number, y: number): number {
  const length = elementary.hypot(x, y);
  if (length === 0) return 0;
  if (Math.abs(y) <= Math.abs(x)) {
    const angle = elementary.asin(y / length);
    if (x > 0) return angle;
    return y < 0 ? -Math.PI - angle : Math.PI - angle;
  }
  const angle = Math.PI / 2 - elementary.asin(x / length);
  return y > 0 ? angle : -angle;
}

/**
 * Of units k with input weights (w_k, b_k) and output weight a_k, the angle atan2(b_k, w_k) counted with the weight
 * |a_k| |(w_k, b_k)|: condensation in arXiv:2007.07497, of networks with one input and a bias.
 *
 *     density  [bin]  histogram of the angle over (-pi, pi], as a density
 *     uniform  [bin]  1/(2 pi), the law of normal weights, and of a wide network in the linear regime at any time
 *     spread          1/(2 pi integral density^2): 1 where all directions weigh the same, 1/bins where one bin has all
 *     largest         the angle in the middle of the bin with the largest density
 *
 * With m units and B bins the density of normal weights scatters by sqrt(c B/m)/(2 pi) in a bin, and the spread is
 * 1/(1 + c B/m), with c = E a^2 E |w|^2/(E |a| E |w|)^2 = 2 (derived).
 *
 * Throws EigenflowError `parameter` for blocks that the model does not have, and unless they are m x 2 and 1 x m.
 */
export const orientation = defineObserver({
  name: 'orientation',
  summary: 'Directions of the input weights of hidden units, weighted by what each unit adds to the output',
  params: {
    block: text({ doc: 'name of the block of input weights, units x 2', default: 'W' }),
    readOut: text({ doc: 'name of the block of output weights, 1 x units', default: 'a' }),
    bins: integer({ doc: 'bins of equal width over (-pi, pi]', unit: '1', default: 72, min: 2 }),
  },
  cite: ['arXiv:2007.07497'],
  create({ block, readOut, bins }, { run }) {
    const [below, above] = [block, readOut].map((name) => findBlock(run, name));
    const units = below.rows;
    if (below.cols !== 2) {
      const message = `${block} has ${below.cols} columns; an angle takes 2, which is one input and its bias`;
      throw new EigenflowError('parameter', 'block', message);
    }
    if (above.rows * above.cols !== units) {
      const shape = `${above.rows} x ${above.cols}`;
      const message = `${readOut} is ${shape}; expected 1 x ${units}, one output weight for each unit of ${block}`;
      throw new EigenflowError('parameter', 'readOut', message);
    }
    const inputWeights = weightsOf(run, below);
    const outputWeights = weightsOf(run, above);
    const binWidth = (2 * Math.PI) / bins;
    return observer({
      channels: {
        density: vector('angle', bins, '1/rad', 'density of the angle of the input weights, weighted by |a| |w|'),
        uniform: vector('angle', bins, '1/rad', 'density of normal weights: the same for all angles'),
        spread: scalar('1', '1/(2 pi integral of the squared density): 1 where no direction is preferred', {
          label: 'spread of orientations',
        }),
        largest: scalar('rad', 'middle of the bin with the largest density', { label: 'most frequent angle' }),
      },
      observe({ density, uniform, spread, largest }) {
        density.fill(0);
        let total = 0;
        for (let k = 0; k < units; k++) {
          const w = inputWeights[2 * k];
          const b = inputWeights[2 * k + 1];
          const weight = Math.abs(outputWeights[k]) * elementary.hypot(w, b);
          // The upper end belongs to the last bin.
          const bin = Math.min(bins - 1, Math.floor((angleOf(w, b) + Math.PI) / binWidth));
          density[bin] += weight;
          total += weight;
        }
        let squares = 0;
        let fullest = 0;
        for (let i = 0; i < bins; i++) {
          density[i] /= total * binWidth;
          squares += density[i] * density[i] * binWidth;
          if (density[i] > density[fullest]) fullest = i;
        }
        uniform.fill(1 / (2 * Math.PI));
        spread[0] = 1 / (2 * Math.PI * squares);
        largest[0] = -Math.PI + (fullest + 0.5) * binWidth;
      },
    });
  },
});
