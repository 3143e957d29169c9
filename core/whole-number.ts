// Whole numbers that somebody has written: which are accepted, and in what words another one is refused.

/** From here on not every whole number is a double, so what was written is not what would be used. */
export const LARGEST_WHOLE = Number.MAX_SAFE_INTEGER;

/** A bound in words. */
export const shownBound = (bound: number) => (bound === LARGEST_WHOLE ? `${bound} (2^53 - 1)` : String(bound));

export const isWhole = (value: unknown, least = -LARGEST_WHOLE, most = LARGEST_WHOLE): value is number =>
  Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most;

/** NaN for what is no number, objects that throw when they are asked for one among it. */
export const asNumber = (value: unknown): number =>
  typeof value === 'number' || typeof value === 'string' || typeof value === 'bigint' ? Number(value) : Number.NaN;

/**
 * What was expected, for a message. The upper bound is named where it is one that was chosen, or where it is what the
 * value breaks: a seed of 64 bits is a whole number of at least 0.
 */
export function expectedWhole(value: unknown, least = -LARGEST_WHOLE, most = LARGEST_WHOLE): string {
  const number = asNumber(value);
  const isLow = least === -LARGEST_WHOLE;
  const bounds = [
    ...(isLow && !(number < least) ? [] : [`of at least ${isLow ? `-${shownBound(-least)}` : least}`]),
    ...(most === LARGEST_WHOLE && !(number > most) ? [] : [`at most ${shownBound(most)}`]),
  ];
  return ['a whole number', bounds.join(bounds.length > 1 ? ' and ' : '')].join(' ').trimEnd();
}
