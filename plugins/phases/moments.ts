// Moments of a set of numbers: mean, variance and the two shape parameters.
import type { Vector } from 'eigenflow';

export interface Moments {
  readonly mean: number;
  /** Mean squared deviation, divisor n. */
  readonly variance: number;
  /** Third standardised moment; 0 for a symmetric law. */
  readonly skewness: number;
  /** Fourth standardised moment minus 3; 0 for a normal law, -2 for two equal points. */
  readonly excess: number;
}

/** Two passes in a fixed order. Shape parameters are NaN where all numbers are equal. */
export function momentsOf(values: Vector): Moments {
  const n = values.length;
  let sum = 0;
  for (let i = 0; i < n; i++) sum += values[i];
  const mean = sum / n;
  let [second, third, fourth] = [0, 0, 0];
  for (let i = 0; i < n; i++) {
    const deviation = values[i] - mean;
    const square = deviation * deviation;
    second += square;
    third += square * deviation;
    fourth += square * square;
  }
  const variance = second / n;
  return {
    mean,
    variance,
    skewness: third / n / (variance * Math.sqrt(variance)),
    excess: fourth / n / (variance * variance) - 3,
  };
}
