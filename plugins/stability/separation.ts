// Two shadow trajectories of a run, one displaced from the other by a little: how fast the separation grows.
import type { Environment, RunView, ShadowSchedules, Vector } from 'eigenflow';

export interface Separation {
  /** Both copies at the run's state, then one displaced by `size` |theta| in a direction that all runs share. */
  begin(): void;
  /**
   * Moves both copies on, pulling the separation back to its first length after every `interval` steps and at the end.
   *
   * @returns sum of the logarithms of the stretchings; NaN when a copy is not finite or the two coincide
   */
  follow(steps: number, interval: number): number;
  /** Largest stretching between two renormalisations since `begin`. */
  readonly largestStretch: number;
}

/**
 * Called in `create`.
 *
 * @param size first separation over |theta|
 * @param schedules what scheduled parameters do on the way; default `follow`
 */
export function createSeparation(
  run: RunView,
  size: number,
  { arena, common, kernels }: Environment,
  schedules?: ShadowSchedules,
): Separation {
  const here = run.shadowTrajectory(schedules);
  const there = run.shadowTrajectory(schedules);
  const direction = arena.vector(run.theta.length);
  common.normals(0, direction);
  const slot = arena.vector(1);
  const pairs: readonly (readonly [Vector, Vector])[] = [
    [here.theta, there.theta],
    ...here.optimiserState.map((vector, i) => [vector, there.optimiserState[i]] as const),
  ];
  const difference = arena.vector(run.theta.length);
  let first = 0;
  let largest = 0;

  const squares = (x: Vector) => {
    kernels.sumSquares(x, x.length, slot);
    return slot[0];
  };
  const takeDifference = ([a, b]: readonly [Vector, Vector]) => {
    kernels.copy(b, b.length, difference);
    kernels.axpy(-1, a, a.length, difference);
  };
  const distance = () => {
    let sum = 0;
    for (const pair of pairs) {
      takeDifference(pair);
      sum += squares(difference);
    }
    return Math.sqrt(sum);
  };
  const pullBack = (factor: number) => {
    for (const pair of pairs) {
      const [a, b] = pair;
      takeDifference(pair);
      kernels.copy(a, a.length, b);
      kernels.axpy(factor, difference, difference.length, b);
    }
  };
  const logarithm = (x: number) => {
    slot[0] = x;
    kernels.log(slot, 1, slot);
    return slot[0];
  };

  return {
    begin() {
      here.reset();
      there.reset();
      // At weights of zero any separation will do.
      const scale = Math.sqrt(squares(here.theta)) || 1;
      kernels.axpy((size * scale) / Math.sqrt(squares(direction)), direction, direction.length, there.theta);
      first = distance();
      largest = 0;
    },
    follow(steps, interval) {
      let sum = 0;
      for (let step = 0; step < steps; step += interval) {
        const stride = Math.min(interval, steps - step);
        here.advance(stride);
        there.advance(stride);
        const stretch = distance() / first;
        if (!(stretch > 0 && stretch < Number.POSITIVE_INFINITY)) return Number.NaN;
        largest = Math.max(largest, stretch);
        sum += logarithm(stretch);
        pullBack(1 / stretch);
      }
      return sum;
    },
    get largestStretch() {
      return largest;
    },
  };
}
