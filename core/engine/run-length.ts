// How many steps a run makes: given as such, in epochs, or in learning time.
import { EigenflowError } from '../errors.js';
import type { RunConfig } from '../scenario/resolve.js';

/**
 * Steps whose sizes add up to a learning time, to the nearest step.
 *
 * @param sizeOf planned size of a step
 * @param fixed whether all steps have the size of the first one
 */
function stepsInTime(time: number, sizeOf: (step: number) => number, fixed: boolean): number {
  let passed = 0;
  for (let step = 0; ; step++) {
    const size = sizeOf(step);
    if (!(size > 0)) {
      throw new EigenflowError(
        'scenario',
        'time',
        `step ${step} has the size ${size}, so that learning time does not advance; give steps`,
      );
    }
    if (fixed) return Math.round(time / size);
    if (passed + size / 2 > time) return step;
    passed += size;
  }
}

/**
 * @param stepsPerEpoch NaN for one-pass data
 * @param sizeOf planned size of a step, learning rate
 * @param fixed whether all steps have the size of the first one
 * @throws EigenflowError `scenario` where data have no epochs, or where steps have no size that is known in advance
 */
export function runLength(
  { length }: RunConfig,
  stepsPerEpoch: number,
  sizeOf: (step: number) => number,
  fixed: boolean,
): number {
  if ('steps' in length) return length.steps;
  if ('time' in length) return stepsInTime(length.time, sizeOf, fixed);
  if (!Number.isFinite(stepsPerEpoch)) {
    throw new EigenflowError('scenario', 'epochs', 'one-pass data have no epochs; give the length of the run in steps');
  }
  return Math.ceil(length.epochs * stepsPerEpoch - 1e-9);
}
