// Weighted least squares of measured points: proportionality y = a x, and a straight line y = a + b x.
import { power } from '../kernels/elementary.js';
import type { Estimate } from './estimate.js';

export interface Point {
  readonly x: number;
  readonly y: number;
  /** Standard error of y. */
  readonly error: number;
}

interface Goodness {
  /** sum ((y - fit) / error)^2 */
  readonly chiSquare: number;
  readonly degreesOfFreedom: number;
  /**
   * sqrt(chiSquare / degreesOfFreedom). The errors of the fit times this are the errors that follow from the scatter of
   * the points instead of from their error bars (scipy.optimize.curve_fit with absolute_sigma=False).
   */
  readonly scatter: number;
}

export interface Proportionality extends Goodness {
  /** a in y = a x; its error follows from the error bars. */
  readonly slope: Estimate;
}

export interface StraightLine extends Goodness {
  /** a and b in y = a + b x; their errors follow from the error bars. */
  readonly intercept: Estimate;
  readonly slope: Estimate;
}

function goodness(points: readonly Point[], parameters: number, predict: (x: number) => number): Goodness {
  const chiSquare = points.reduce((sum, { x, y, error }) => sum + ((y - predict(x)) / error) ** 2, 0);
  const degreesOfFreedom = points.length - parameters;
  return { chiSquare, degreesOfFreedom, scatter: Math.sqrt(chiSquare / degreesOfFreedom) };
}

/** sum w x^p y^q, w = 1/error^2 */
function moment(points: readonly Point[], p: number, q: number): number {
  return points.reduce((sum, { x, y, error }) => sum + (power(x, p) * power(y, q)) / error ** 2, 0);
}

/** @throws RangeError without a point. */
export function fitProportionality(points: readonly Point[]): Proportionality {
  if (points.length === 0) throw new RangeError('a fit needs points');
  const xx = moment(points, 2, 0);
  const value = moment(points, 1, 1) / xx;
  return {
    slope: { value, error: 1 / Math.sqrt(xx), n: points.length },
    ...goodness(points, 1, (x) => value * x),
  };
}

/** @throws RangeError below two points. */
export function fitStraightLine(points: readonly Point[]): StraightLine {
  const n = points.length;
  if (n < 2) throw new RangeError(`a straight line needs 2 points, found ${n}`);
  const total = moment(points, 0, 0);
  const x = moment(points, 1, 0);
  const xx = moment(points, 2, 0);
  const y = moment(points, 0, 1);
  const xy = moment(points, 1, 1);
  const determinant = total * xx - x * x;
  const intercept = (xx * y - x * xy) / determinant;
  const slope = (total * xy - x * y) / determinant;
  return {
    intercept: { value: intercept, error: Math.sqrt(xx / determinant), n },
    slope: { value: slope, error: Math.sqrt(total / determinant), n },
    ...goodness(points, 2, (at) => intercept + slope * at),
  };
}
