// First and last frames of a channel, as classifiers ask for them. NaN where nothing was measured.
import type { RunRecord, Series } from 'eigenflow';

/** Numbers of frame k; undefined where there is none. */
function frameOf(series: Series | undefined, k: (frames: number) => number): Float64Array | undefined {
  const frames = series?.step.length ?? 0;
  if (!series || frames === 0) return undefined;
  const width = series.data.length / frames;
  const at = k(frames) * width;
  return series.data.subarray(at, at + width);
}

const firstElement = (frame: Float64Array | undefined) => frame?.[0] ?? Number.NaN;

/** First number of the last frame: the value of a scalar, the largest of descending levels. */
export const lastNumber = (run: RunRecord, need: string) => firstElement(frameOf(run.series(need), (n) => n - 1));

/** First number of the first frame, at whatever step. */
export const firstNumber = (run: RunRecord, need: string) => firstElement(frameOf(run.series(need), () => 0));

/** First number of the frame of step 0; NaN where the first frame is a later one. */
export function startNumber(run: RunRecord, need: string): number {
  return run.series(need)?.step[0] === 0 ? firstNumber(run, need) : Number.NaN;
}
