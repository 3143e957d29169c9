// The law of Marchenko and Pastur: levels of W W^T for a matrix W of independent entries, when both sides are large.
// Only the min(rows, cols) levels that are not trivially zero are meant throughout.
import { asin } from '../../kernels/elementary.js';

/** Sides and entries of W. */
export interface MarchenkoPastur {
  readonly rows: number;
  readonly cols: number;
  /** Variance of an entry. */
  readonly entryVariance: number;
}

export interface Edges {
  readonly lower: number;
  readonly upper: number;
}

const sides = ({ rows, cols }: MarchenkoPastur) => ({ short: Math.min(rows, cols), long: Math.max(rows, cols) });

/** entryVariance (sqrt(long) -+ sqrt(short))^2. Source: Marchenko and Pastur 1967, doi:10.1070/SM1967v001n04ABEH001994. */
export function marchenkoPasturEdges(law: MarchenkoPastur): Edges {
  const { short, long } = sides(law);
  const edge = (sign: number) => law.entryVariance * (Math.sqrt(long) + sign * Math.sqrt(short)) ** 2;
  return { lower: edge(-1), upper: edge(1) };
}

/** sqrt((upper - x)(x - lower)) / (2 pi short entryVariance x) between the edges, 0 outside. */
export function marchenkoPasturDensity(law: MarchenkoPastur, x: number): number {
  const { lower, upper } = marchenkoPasturEdges(law);
  if (!(x > lower && x < upper)) return 0;
  return Math.sqrt((upper - x) * (x - lower)) / (2 * Math.PI * sides(law).short * law.entryVariance * x);
}

/** Distribution function of the same law (derived: the integral of the density is elementary). */
export function marchenkoPasturCdf(law: MarchenkoPastur, x: number): number {
  const { lower, upper } = marchenkoPasturEdges(law);
  if (x <= lower) return 0;
  if (x >= upper) return 1;
  const width = upper - lower;
  const arcsine = (value: number) => asin(Math.min(1, Math.max(-1, value)));
  const root = Math.sqrt((upper - x) * (x - lower));
  const middle = ((lower + upper) / 2) * arcsine((2 * x - lower - upper) / width);
  const edge = Math.sqrt(lower * upper) * arcsine(((lower + upper) * x - 2 * lower * upper) / (x * width));
  return 0.5 + (root + middle - edge) / (2 * Math.PI * sides(law).short * law.entryVariance);
}

/** The level below which a fraction `p` of the levels lies, by bisection to rounding. */
export function marchenkoPasturQuantile(law: MarchenkoPastur, p: number): number {
  let { lower, upper } = marchenkoPasturEdges(law);
  for (let middle = (lower + upper) / 2; middle > lower && middle < upper; middle = (lower + upper) / 2) {
    if (marchenkoPasturCdf(law, middle) < p) lower = middle;
    else upper = middle;
  }
  return upper;
}
