// Two runs that are watched side by side keep step in learning time: none goes further ahead of the other than a picture shows.

/** How far a run may go ahead of the other: a part of the time so far, and of the whole. */
const LEAD = 0.05;
const LEAST_LEAD = 1 / 1000;

/** What is known of one of the two. */
export interface Paced {
  /** Steps and learning time of the whole run. */
  readonly steps: number;
  readonly endTime: number;
  /** Its last frame. */
  readonly step: number;
  readonly time: number;
}

/** Size of the steps to come, by those that are left. */
function stepSize({ steps, endTime, step, time }: Paced): number {
  return steps > step ? (endTime - time) / (steps - step) : endTime / steps;
}

/**
 * The step up to which a run may go, given where the other one is.
 *
 * @param other undefined where it has ended: nobody waits for it
 */
export function stepLimit(own: Paced, other: Paced | undefined): number {
  if (!other) return Number.POSITIVE_INFINITY;
  const size = stepSize(own);
  // A step of the other is no lead: with longer steps than these it could never be made up.
  const lead = Math.max(LEAD * other.time, LEAST_LEAD * other.endTime, stepSize(other), size);
  const limit = own.step + Math.floor((other.time + lead - own.time) / size);
  if (!Number.isFinite(limit)) return Number.POSITIVE_INFINITY;
  // Whatever rounding does: whoever is not ahead may always make a step, so that the two never wait for each other.
  return Math.max(limit, own.time <= other.time ? own.step + 1 : own.step);
}

/** The step of a run at a learning time: as far as it has come by its frames, beyond by the mean of what is left. */
export function stepAt(
  time: number,
  track: { readonly time: readonly number[]; readonly step: readonly number[] },
  { steps, endTime }: Pick<Paced, 'steps' | 'endTime'>,
): number {
  const last = track.time.length - 1;
  const line = (from: readonly [number, number], to: readonly [number, number]) =>
    to[0] > from[0] ? from[1] + ((to[1] - from[1]) * (time - from[0])) / (to[0] - from[0]) : to[1];
  if (last < 0) return line([0, 0], [endTime, steps]);
  if (time >= track.time[last]) return line([track.time[last], track.step[last]], [endTime, steps]);
  let [low, high] = [0, last];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (track.time[middle] <= time) low = middle;
    else high = middle;
  }
  return line([track.time[low], track.step[low]], [track.time[high], track.step[high]]);
}
