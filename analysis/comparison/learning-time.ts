// Learning times of frames, told apart from rounding: a run adds its step sizes one by one, so that two dynamics with
// other steps reach the same time in other last digits.

/** Relative; the sum of 10^8 equal steps is off by less. */
const ROUNDING = 1e-8;

export const isSameTime = (a: number, b: number): boolean =>
  Math.abs(a - b) <= ROUNDING * Math.max(Math.abs(a), Math.abs(b));

/** In a window that is open at its start and closed at its end, so that neighbouring windows share no frame. */
export const isInWindow = (time: number, from: number, to: number): boolean =>
  time > from && !isSameTime(time, from) && (time <= to || isSameTime(time, to));

/** Index of the first frame that is not at the same time in both lists, or is in one alone; -1 where there is none. */
export function firstOtherTime(a: readonly number[], b: readonly number[]): number {
  const length = Math.max(a.length, b.length);
  for (let i = 0; i < length; i++) {
    // Written so that a time that is missing or NaN is another one.
    if (!isSameTime(a[i] ?? Number.NaN, b[i] ?? Number.NaN)) return i;
  }
  return -1;
}

/** "frame 3 falls at learning time 1 under SGD and at 0.8 under odd" */
export function describeOtherTime(
  frame: number,
  [reference, surrogate]: readonly [readonly number[], readonly number[]],
  name: string,
): string {
  const at = (times: readonly number[]) =>
    frame < times.length ? `at learning time ${Number(times[frame].toPrecision(6))}` : 'nowhere';
  return `frame ${frame + 1} falls ${at(reference)} under SGD and ${at(surrogate)} under ${name}`;
}
