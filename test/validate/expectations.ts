// Rows of checks that validations of means over seeds share.
import { meanEstimate } from '../../core/statistics/estimate.js';
import { ANY, about, type Check, NOT_NEGATIVE } from './check.js';

export interface Expectation {
  readonly what: string;
  readonly expected: number;
  /** One value per seed. */
  readonly values: readonly number[];
  /** Share of the expected value. */
  readonly tolerance: number;
  readonly note?: string;
}

/** Agreement within a share of what is expected, which the error has to be well below. */
export function within({ what, expected, values, tolerance, note = '' }: Expectation): Check {
  const { value, error, n } = meanEstimate(values);
  return {
    what,
    expected,
    measured: value,
    error,
    n,
    tolerance: `${100 * tolerance} %${note}`,
    possible: expected < 0 ? ANY : NOT_NEGATIVE,
    accepted: about(expected, tolerance * Math.abs(expected)),
    precise: error < (tolerance / 2) * Math.abs(expected),
    unit: Math.abs(expected),
  };
}
