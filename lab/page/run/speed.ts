// Speeds of a run: five decades, ten places in each, and as fast as it goes.
const PLACES = 10;

/** The last place of the scale. */
export const FULL_SPEED = 5 * PLACES + 1;

/** @param place 0 for ten steps a second */
export const stepsPerSecondAt = (place: number): number =>
  place >= FULL_SPEED ? Number.POSITIVE_INFINITY : 10 ** (1 + place / PLACES);

export const placeOfSpeed = (stepsPerSecond: number): number =>
  stepsPerSecond === Number.POSITIVE_INFINITY
    ? FULL_SPEED
    : Math.min(FULL_SPEED - 1, Math.max(0, Math.round(PLACES * (Math.log10(stepsPerSecond) - 1))));

/** Whole numbers in groups of three, as they are read. */
export const grouped = (value: number): string => value.toLocaleString('en').replaceAll(',', '\u202f');

export function saySpeed(stepsPerSecond: number): string {
  if (stepsPerSecond === Number.POSITIVE_INFINITY) return 'as fast as it goes';
  return `${grouped(Number(stepsPerSecond.toPrecision(2)))} steps/s`;
}
