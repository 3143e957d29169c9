// Smallest and largest of any number of values. Spread into Math.max, more than some 1e5 of them exceed the stack.

/** @returns Infinity of none, NaN when one of them is */
export function smallest(values: Iterable<number>): number {
  let least = Number.POSITIVE_INFINITY;
  for (const value of values) least = Math.min(least, value);
  return least;
}

/** @returns -Infinity of none, NaN when one of them is */
export function largest(values: Iterable<number>): number {
  let most = Number.NEGATIVE_INFINITY;
  for (const value of values) most = Math.max(most, value);
  return most;
}
