// A number of every instance, each with its own error: the mean over instances, and their scatter told apart from that of
// the realisations within them (random effects in one layer, by moments).
import { mean, variance } from '../../core/statistics/estimate.js';
import { studentTwoSided } from '../../core/statistics/student.js';
import { varianceRatioTail } from '../../core/statistics/variance-ratio.js';

/** What an instance gave. */
export interface OfInstance {
  readonly value: number;
  /** Its standard error over realisations. */
  readonly error: number;
  /** Degrees of freedom of that error; NaN where nothing fluctuates. */
  readonly degrees: number;
}

/** Errors and deviations in the unit of the values; what only scatter can tell is NaN for one instance. */
export interface OverInstances {
  /** Number of instances. */
  readonly n: number;
  readonly mean: number;
  /** Standard error of the mean by the scatter over instances, which holds that of realisations as well. */
  readonly error: number;
  /** The same by the realisations within instances alone: for these instances, not for others. */
  readonly errorOfThese: number;
  /** Standard error of one instance by its realisations, root mean square over instances. */
  readonly within: number;
  /** Degrees of freedom of `within`; NaN where nothing fluctuates. */
  readonly degreesWithin: number;
  /** Standard deviation between instances without what realisations add; 0 where the scatter is no larger than theirs. */
  readonly between: number;
  /** Standard error of `between`^2, for normal laws; of a scatter that is no smaller than that of realisations. */
  readonly betweenSquareError: number;
  /** Degrees of freedom of the scatter over instances, were it that of realisations alone. */
  readonly degreesBetween: number;
  /** Probability of a mean as far from 0 in other instances, were it 0 there: by the scatter over instances. */
  readonly averagePValue: number;
  /** Probability of instances that scatter as much, were there nothing but realisations. */
  readonly scatterPValue: number;
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

/**
 * With s^2 the variance of N values and w^2 the mean of their squared errors e_i^2, s^2 - w^2 is unbiased for the variance
 * between instances. Were that zero, s^2/w^2 would follow Fisher's law with the degrees of freedom of Box (1954,
 * doi:10.1214/aoms/1177728786) above, ((N - 1)/N sum e^2)^2 / ((N - 2)/N sum e^4 + (sum e^2)^2/N^2), since instances may
 * fluctuate differently, and of Satterthwaite below.
 */
export function overInstances(instances: readonly OfInstance[]): OverInstances {
  const n = instances.length;
  const squares = instances.map(({ error }) => error ** 2);
  const total = sum(squares);
  const fourths = sum(squares.map((square) => square ** 2));
  const uncertainty = sum(instances.map(({ degrees }, i) => (squares[i] > 0 ? squares[i] ** 2 / degrees : 0)));
  const degreesWithin = total > 0 ? total ** 2 / uncertainty : Number.NaN;
  const within = Math.sqrt(total / n);
  const values = instances.map(({ value }) => value);
  const known = { n, mean: mean(values), errorOfThese: within / Math.sqrt(n), within, degreesWithin };
  const unknown = Number.NaN;
  if (n === 1) {
    const scatter = { error: unknown, between: unknown, betweenSquareError: unknown, degreesBetween: unknown };
    return { ...known, ...scatter, averagePValue: unknown, scatterPValue: unknown };
  }
  const square = variance(values);
  const degreesBetween =
    total > 0 ? (((n - 1) / n) * total) ** 2 / (((n - 2) / n) * fourths + (total / n) ** 2) : n - 1;
  const certain = square > 0 ? 0 : 1;
  const isSame = square === 0 && known.mean === 0;
  return {
    ...known,
    error: Math.sqrt(square / n),
    between: Math.sqrt(Math.max(0, square - within ** 2)),
    betweenSquareError: Math.sqrt(
      (2 * Math.max(square, within ** 2) ** 2) / (n - 1) + (total > 0 ? (2 * (within ** 2) ** 2) / degreesWithin : 0),
    ),
    degreesBetween,
    averagePValue: isSame ? 1 : studentTwoSided(known.mean / Math.sqrt(square / n), n - 1),
    scatterPValue: total > 0 ? varianceRatioTail(square / within ** 2, [degreesBetween, degreesWithin]) : certain,
  };
}
