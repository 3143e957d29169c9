// How much two settings have to say about each other: the covariance of the latent functions at two places.
import { exponentials } from '../statistics/exponentials.js';

/** What is assumed of the latent functions before any run is seen. */
export interface Smoothness {
  /** Distance over which a latent function forgets its value, for every coordinate, in its unit. */
  readonly lengths: readonly number[];
  /** Standard deviation of a latent function over all settings, in logits. */
  readonly amplitude: number;
  /** Standard deviation, in logits, of what an instance (teacher, data, initial draw) adds in all settings alike. */
  readonly instanceSpread: number;
}

/**
 * Matern covariance with nu = 5/2: amplitude^2 (1 + r + r^2/3) exp(-r), r = sqrt(5) |distance in lengths|: functions
 * with two derivatives (Rasmussen and Williams 2006, Gaussian Processes for Machine Learning, eq. 4.17).
 *
 * @returns places of `a` x places of `b`, row by row
 */
export function covariances(
  a: readonly (readonly number[])[],
  b: readonly (readonly number[])[],
  { lengths, amplitude }: Smoothness,
): Float64Array {
  const distances = new Float64Array(a.length * b.length);
  a.forEach((one, i) => {
    b.forEach((other, j) => {
      let square = 0;
      for (let d = 0; d < lengths.length; d++) square += ((one[d] - other[d]) / lengths[d]) ** 2;
      distances[i * b.length + j] = Math.sqrt(5 * square);
    });
  });
  const decay = distances.map((r) => -r);
  exponentials(decay);
  return distances.map((r, i) => amplitude * amplitude * (1 + r + (r * r) / 3) * decay[i]);
}

/**
 * The latent functions at given places as sums of few independent standard normal numbers.
 */
export interface Features {
  /** How many numbers. */
  readonly rank: number;
  /** Places x rank: f = rows times the numbers. */
  readonly rows: Float64Array;
  /** The same by number: one vector over all places for each. */
  readonly columns: readonly Float64Array[];
  /** The numbers are those of these places alone: f there is `factor` times the numbers. */
  readonly pivots: readonly (readonly number[])[];
  /** Lower triangular, rank x rank. */
  readonly factor: Float64Array;
}

/** Variance, in logits squared, below which a place adds nothing of its own. */
const NEGLIGIBLE = 0.01;

/**
 * Cholesky factor of the covariance of `places`, with pivots in the order of the variance that is left, until none has
 * more than `NEGLIGIBLE` left: smooth functions on a grid need far fewer numbers than there are cells (Fine and
 * Scheinberg 2001, J. Mach. Learn. Res. 2, 243). Written out here, because the decomposition of ml-matrix neither chooses
 * pivots nor ends early.
 */
export function featuresOf(places: readonly (readonly number[])[], smoothness: Smoothness): Features {
  const n = places.length;
  const all = covariances(places, places, smoothness);
  const left = Float64Array.from(places, (_, i) => all[i * n + i]);
  const columns: Float64Array[] = [];
  const chosen: number[] = [];
  while (chosen.length < n) {
    let pivot = 0;
    for (let i = 1; i < n; i++) if (left[i] > left[pivot]) pivot = i;
    if (!(left[pivot] > NEGLIGIBLE)) break;
    const root = Math.sqrt(left[pivot]);
    const column = new Float64Array(n);
    for (let i = 0; i < n; i++) {
      let sum = all[i * n + pivot];
      for (const earlier of columns) sum -= earlier[i] * earlier[pivot];
      column[i] = sum / root;
    }
    for (let i = 0; i < n; i++) left[i] -= column[i] * column[i];
    left[pivot] = 0;
    columns.push(column);
    chosen.push(pivot);
  }
  const rank = chosen.length;
  const at = (i: number) => columns.map((column) => column[i]);
  return {
    rank,
    rows: Float64Array.from(places.flatMap((_, i) => at(i))),
    columns,
    pivots: chosen.map((i) => places[i]),
    // What rounding leaves above the diagonal is dropped.
    factor: Float64Array.from(chosen.flatMap((i, row) => at(i).map((value, j) => (j <= row ? value : 0)))),
  };
}

/**
 * The row that a place would have among `rows`: what f there takes of each number. The rest of f there is independent of
 * them. ml-matrix solves with a triangular factor only as a part of larger systems.
 *
 * @returns rank numbers
 */
export function rowOf({ rank, pivots, factor }: Features, place: readonly number[], smoothness: Smoothness) {
  const row = covariances(pivots, [place], smoothness);
  for (let i = 0; i < rank; i++) {
    let sum = row[i];
    for (let k = 0; k < i; k++) sum -= factor[i * rank + k] * row[k];
    row[i] = sum / factor[i * rank + i];
  }
  return row;
}
