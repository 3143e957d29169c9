// Averages over the steps up to a frame: what observers of a stationary state need, since one step says little.
import { integer, type ObserverEnvironment, type Vector } from 'eigenflow';

export const windowParameter = integer({
  doc: 'steps up to each frame that are averaged over; fewer near the start',
  unit: 'steps',
  default: 1000,
  min: 1,
});

/** Parts of a window where nobody asks for another number. */
export const PARTS = 8;

export interface Window {
  /** To be spread into the observer. */
  readonly preparedAt: (step: number) => readonly number[];
  prepare(): void;
  readonly state: readonly Vector[];
  /** In `observe`, first: takes the last step. @returns steps in the window */
  close(): number;
  /** Whether sums of a part belong to the window of the frame at this step. */
  holds(part: number): boolean;
  /** Steps in a part of the window. */
  stepsIn(part: number): number;
}

/**
 * Parts begin at multiples of their length, whatever frames there are, so that no frame depends on others: where a
 * frame is no multiple, its last part is not full and the window shorter by as much.
 *
 * @param take adds a step to the caller's sums of a part. displacement: theta now less theta before, size. isFirst: of
 * its part, whose sums have just been set to 0
 * @param sums the caller's, parts x as many numbers as it likes; they survive a checkpoint
 */
export function openWindow(
  length: number,
  parts: number,
  { arena, kernels, run: { theta, clock } }: ObserverEnvironment,
  take: (part: number, displacement: Vector, stepSize: number, isFirst: boolean) => void,
  sums: readonly Vector[],
): Window {
  const size = theta.length;
  const perPart = Math.ceil(length / parts);
  const before = arena.vector(size);
  const displacement = arena.vector(size);
  /** Step of `before`. */
  const held = arena.vector(1).fill(Number.NaN);
  /** Which of all parts of the run the sums belong to, and steps in them. */
  const of = arena.vector(parts).fill(-1);
  const steps = arena.vector(parts);
  /** The part of the run that the last step before this one belongs to. */
  const partOf = (step: number) => Math.floor((step - 1) / perPart);

  const prepare = () => {
    if (held[0] === clock.step) return;
    if (held[0] === clock.step - 1) {
      const which = partOf(clock.step);
      const part = which % parts;
      const isFirst = (clock.step - 1) % perPart === 0;
      if (isFirst) {
        of[part] = which;
        steps[part] = 0;
        for (const sum of sums) {
          const width = sum.length / parts;
          sum.fill(0, part * width, (part + 1) * width);
        }
      }
      kernels.copy(theta, size, displacement);
      kernels.axpy(-1, before, size, displacement);
      take(part, displacement, clock.stepSize, isFirst);
      steps[part] += 1;
    }
    kernels.copy(theta, size, before);
    held[0] = clock.step;
  };
  const holds = (part: number) => {
    const last = partOf(clock.step);
    return of[part] >= 0 && of[part] <= last && of[part] > last - parts;
  };
  return {
    preparedAt(step) {
      const first = Math.max(0, (partOf(step) - parts + 1) * perPart);
      return Array.from({ length: step - first }, (_, k) => first + k);
    },
    prepare,
    state: [before, held, of, steps, ...sums],
    close() {
      prepare();
      let taken = 0;
      for (let part = 0; part < parts; part++) if (holds(part)) taken += steps[part];
      return taken;
    },
    holds,
    stepsIn: (part) => steps[part],
  };
}

/** Sum over the parts in the window of element k of their `width` sums. */
export function total({ holds }: Window, sums: Vector, width: number, k: number): number {
  let sum = 0;
  for (let part = 0; part < sums.length / width; part++) if (holds(part)) sum += sums[part * width + k];
  return sum;
}
