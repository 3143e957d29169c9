// Summaries of numbers that were measured over all realisations, some of which may have failed: of those that are finite,
// with how many are not.
import { quantile, sorted } from '../../core/statistics/estimate.js';

export interface FiniteSummary {
  /** Of the finite numbers; NaN where there are none. */
  readonly value: number;
  /** How many are NaN or infinite. */
  readonly notFinite: number;
  /** How many there are. */
  readonly of: number;
}

function summarise(numbers: readonly number[], statistic: (ascending: Float64Array) => number): FiniteSummary {
  const finite = numbers.filter(Number.isFinite);
  return { value: statistic(sorted(finite)), notFinite: numbers.length - finite.length, of: numbers.length };
}

export const largestFinite = (numbers: readonly number[]): FiniteSummary =>
  summarise(numbers, (ascending) => ascending[ascending.length - 1] ?? Number.NaN);

export const medianFinite = (numbers: readonly number[]): FiniteSummary =>
  summarise(numbers, (ascending) => quantile(ascending, 0.5));

/** " (3 of 64 not finite)"; nothing where all are. */
export const describeNotFinite = ({ notFinite, of }: FiniteSummary): string =>
  notFinite === 0 ? '' : ` (${notFinite} of ${of} not finite)`;
