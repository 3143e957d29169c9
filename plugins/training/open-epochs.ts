// What stood at the start of an epoch, kept until that epoch ends: for quantities along the path of one epoch.
import { type Arena, EigenflowError, type RunView, type Vector } from 'eigenflow';

/** Epochs that may be under way at once. */
const OPEN_EPOCHS = 8;

/** Marks a free place. */
const FREE = -1;

export interface OpenEpochs {
  /** Steps of one epoch: round(samples / samplesPerStep), at least 1. */
  readonly length: number;
  /** Must survive a checkpoint. */
  readonly state: readonly Vector[];
  /**
   * Keeps `values` (width numbers) as what stands at this step.
   *
   * @throws EigenflowError `scenario` when more than 8 epochs would be under way at once
   */
  begin(step: number, values: Vector): void;
  /** What stood one epoch before `step` (width numbers); undefined where no epoch was begun there. */
  startOf(step: number): Vector | undefined;
}

/**
 * @param observer its name, for errors
 * @param width numbers that are kept for each epoch
 * @throws EigenflowError `scenario` for one-pass data
 */
export function createOpenEpochs(
  observer: string,
  { stepsPerEpoch }: RunView,
  width: number,
  { vector }: Arena,
): OpenEpochs {
  if (!Number.isFinite(stepsPerEpoch)) {
    throw new EigenflowError('scenario', 'observers', `${observer}: one-pass data have no epochs`);
  }
  const length = Math.max(1, Math.round(stepsPerEpoch));
  const steps = vector(OPEN_EPOCHS).fill(FREE);
  const kept = vector(OPEN_EPOCHS * width);
  return {
    length,
    state: [steps, kept],
    begin(step, values) {
      // A frame at this very step has been measured by now, so an epoch that ends here is over.
      const place = steps.findIndex((start) => start === FREE || start + length <= step);
      if (place < 0) {
        throw new EigenflowError(
          'scenario',
          'observers',
          `${observer} can measure at most ${OPEN_EPOCHS} times in one epoch (${length} steps)`,
        );
      }
      kept.set(values, place * width);
      steps[place] = step;
    },
    startOf(step) {
      const place = steps.indexOf(step - length);
      return place < 0 ? undefined : kept.subarray(place * width, (place + 1) * width);
    },
  };
}
