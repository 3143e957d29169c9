// Runs made up for classifiers: first and last frame of every channel.
import type { RunRecord, RunStatus, Series } from '../../../core/contracts/classifier.js';
import type { Json } from '../../../core/contracts/json.js';

export interface MadeUp {
  /** Values of the frames at step 0 and at the end, or of the end alone. */
  readonly channels: Readonly<Record<string, readonly [number, number] | number | undefined>>;
  readonly status?: RunStatus;
  readonly axes?: Readonly<Record<string, Json>>;
  readonly seed?: number;
  readonly parameters?: Readonly<Record<string, Json>>;
}

const END = 1000;

function series(values: readonly number[]): Series {
  const steps = Float64Array.from(values.length === 1 ? [END] : [0, END]);
  return { shape: [], data: Float64Array.from(values), step: steps, epoch: steps, time: steps };
}

export function madeUpRun({ channels, status = 'completed', axes = {}, seed = 0, parameters = {} }: MadeUp): RunRecord {
  return {
    id: 'made-up',
    axes,
    seed,
    status,
    steps: END,
    parameter: (path) => parameters[path] ?? axes[path],
    series(need) {
      const values = channels[need];
      if (values === undefined) return undefined;
      return series(typeof values === 'number' ? [values] : values);
    },
  };
}
