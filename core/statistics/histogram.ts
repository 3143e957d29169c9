// Histograms, with the bins of Freedman and Diaconis or with given ones.
import { cbrt } from '../kernels/elementary.js';
import { quantile, sorted } from './estimate.js';

export interface Histogram {
  /** bins + 1, ascending */
  readonly edges: Float64Array;
  /** Values in [edge i, edge i + 1), the last bin closed on both sides; bins */
  readonly counts: Float64Array;
  /** Values outside the edges, and NaN. */
  readonly outside: number;
}

/** @throws RangeError unless `low` < `high` and `bins` is a whole number above 0. */
export function evenEdges(low: number, high: number, bins: number): Float64Array {
  if (!(low < high && Number.isInteger(bins) && bins > 0)) {
    throw new RangeError(`bins need low < high and a whole number of them: found ${bins} from ${low} to ${high}`);
  }
  return Float64Array.from({ length: bins + 1 }, (_, i) => (i === bins ? high : low + ((high - low) * i) / bins));
}

/** Heavy tails can ask for more bins than there is memory. */
const MOST_BINS = 1e6;

/**
 * Edges from the smallest to the largest value, of width 2 IQR / n^(1/3) or just below, so that they divide the range:
 * the rule of Freedman and Diaconis (doi:10.1007/BF01025868) as `numpy.histogram_bin_edges(values, 'fd')` has it. One
 * bin when half of the values or more are equal; a range of width 1 around them when all are.
 *
 * @throws RangeError for an empty list, for a value that is not finite, and for more than a million bins
 */
export function freedmanDiaconisEdges(values: ArrayLike<number>): Float64Array {
  const ascending = sorted(values);
  const n = ascending.length;
  const low = ascending[0];
  const high = ascending[n - 1];
  if (n === 0 || !Number.isFinite(low) || !Number.isFinite(high)) {
    throw new RangeError(`Freedman-Diaconis bins need finite values: found ${n}, from ${low} to ${high}`);
  }
  if (low === high) return evenEdges(low - 0.5, high + 0.5, 1);
  const width = (2 * (quantile(ascending, 0.75) - quantile(ascending, 0.25))) / cbrt(n);
  const bins = width > 0 ? Math.ceil((high - low) / width) : 1;
  if (bins > MOST_BINS) throw new RangeError(`the rule asks for ${bins} bins: the values have tails too heavy for it`);
  return evenEdges(low, high, bins);
}

/** @param edges ascending, of any widths */
export function histogram(values: ArrayLike<number>, edges: Float64Array): Histogram {
  const bins = edges.length - 1;
  const counts = new Float64Array(bins);
  let outside = 0;
  for (let i = 0; i < values.length; i++) {
    const bin = binOf(values[i], edges);
    if (bin < 0) outside += 1;
    else counts[bin] += 1;
  }
  return { edges, counts, outside };
}

/** @returns the bin that holds `value`, or -1 for none. */
function binOf(value: number, edges: Float64Array): number {
  const bins = edges.length - 1;
  if (!(value >= edges[0] && value <= edges[bins])) return -1;
  let low = 0;
  let high = bins;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (value >= edges[middle]) low = middle;
    else high = middle;
  }
  return low;
}

/** Probability per unit of the values; integrates to 1 over the bins. NaN in every bin when all are empty. */
export function density({ edges, counts }: Histogram): Float64Array {
  const total = counts.reduce((sum, count) => sum + count, 0);
  return counts.map((count, i) => count / (total * (edges[i + 1] - edges[i])));
}

/** Middle of each bin. */
export function centres({ edges, counts }: Histogram): Float64Array {
  return counts.map((_, i) => (edges[i] + edges[i + 1]) / 2);
}

/** Mean of the bin centres weighted by the counts: the mean as arXiv:2407.16427 measures it. */
export function histogramMean(of: Histogram): number {
  const middle = centres(of);
  let sum = 0;
  let total = 0;
  of.counts.forEach((count, i) => {
    sum += count * middle[i];
    total += count;
  });
  return sum / total;
}
