// What classifiers of this plugin read of a run.
import type { RunRecord } from 'eigenflow';

/** Elements of the last frame of a channel; none where there is no frame. */
export function lastFrame(run: RunRecord, need: string): readonly number[] {
  const series = run.series(need);
  if (!series || series.step.length === 0) return [];
  const size = series.data.length / series.step.length;
  return Array.from(series.data.subarray(series.data.length - size));
}

/** Its first element; NaN where there is no frame. */
export const lastNumber = (run: RunRecord, need: string): number => lastFrame(run, need)[0] ?? Number.NaN;
