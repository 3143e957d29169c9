// Coefficients that change along a path in learning time: known at the times of some states, linear in between.
import { type Clock, EigenflowError, type NamedArrays, type Vector } from 'eigenflow';

/**
 * Times of the states of a path, from the array `time` of the file; a single one, 0, without it.
 *
 * @throws EigenflowError `arrays` unless they ascend
 */
export function pathTimes(file: NamedArrays | undefined): Float64Array {
  if (!file?.has('time')) return new Float64Array(1);
  const { data } = file.get('time');
  const ascends = data.every((t, i) => Number.isFinite(t) && (i === 0 || t > data[i - 1]));
  if (data.length > 0 && ascends) return data;
  throw new EigenflowError('arrays', 'model.arrays', `the array time of ${file.source} does not ascend`);
}

/**
 * Follows a path: writes each coefficient at the time of the clock into the place kept for it. Before the first state it
 * is that of the first, after the last that of the last.
 *
 * @param coefficients `states`: one for each time, or a single one; `now`: where the value goes
 */
export function createPathFollower(
  time: Float64Array,
  coefficients: readonly { readonly states: readonly Vector[]; readonly now: Vector }[],
): (at: Clock) => void {
  const last = time.length - 1;
  return (at) => {
    let next = 0;
    while (next <= last && time[next] <= at.time) next += 1;
    const from = Math.max(0, next - 1);
    const to = Math.min(last, next);
    const weight = to > from ? (at.time - time[from]) / (time[to] - time[from]) : 0;
    for (let c = 0; c < coefficients.length; c++) {
      const { states, now } = coefficients[c];
      if (states.length === 1) continue;
      const start = states[from];
      const end = states[to];
      for (let k = 0; k < now.length; k++) now[k] = start[k] + weight * (end[k] - start[k]);
    }
  };
}
