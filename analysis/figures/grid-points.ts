// The points of a sweep's grid with their runs, and the number that a run contributes to a figure.
import type { FigureValue } from '../../core/contracts/figure.js';
import type { Json } from '../../core/contracts/json.js';
import { noSuchFrame, sameJson, type Where } from '../../core/figures/sources.js';
import type { RunRow } from '../../node/results/runs-table.js';
import type { StoredVerdicts } from '../../node/results/stored-verdicts.js';
import type { RunGrid } from '../export/run-grid.js';
import { formatNumber, TIE } from './draw/format.js';
import type { LeftOut, RunValue } from './draw/sample.js';
import { inWords } from './draw/words.js';
import type { FigureData } from './figure-data.js';

/** The value of every axis, the seed, and the run where one has ended. */
export interface GridPoint {
  readonly axes: Readonly<Record<string, Json>>;
  readonly seed: number;
  readonly run: RunRow | undefined;
}

/** In the order of the grid. */
export function gridPoints({ dimensions, runs }: RunGrid, where: Where = {}): GridPoint[] {
  const points: GridPoint[] = [];
  const seeds = dimensions[dimensions.length - 1].length;
  const wanted = Object.entries(where);
  for (let i = 0; i < runs.length; i++) {
    const axes: Record<string, Json> = {};
    let rest = Math.floor(i / seeds);
    for (const { length, axes: members } of dimensions.slice(0, -1).reverse()) {
      for (const { axis } of members) axes[axis.name] = axis.values[rest % length];
      rest = Math.floor(rest / length);
    }
    if (!wanted.every(([name, value]) => sameJson(axes[name], value))) continue;
    points.push({ axes, seed: i % seeds, run: runs[i] });
  }
  return points;
}

/** Which number of a run. */
export interface Selection {
  /** A channel by its full name, or labels. */
  readonly value: FigureValue;
  readonly element?: readonly number[];
  readonly frame?: 'last' | number;
  /** Multiplies a number of a channel. */
  readonly factor?: number;
}

/** @throws EigenflowError as `shownFrame` does */
export function runValue(data: FigureData, selection: Selection, run: RunRow | undefined): RunValue {
  const { value, element = [], factor = 1 } = selection;
  if (typeof value !== 'string') {
    const { label, leftOut } = runLabel(data.verdicts(value.classifier), run);
    if (label === undefined) return { value: Number.NaN, leftOut };
    return { value: value.labels.includes(label) ? 1 : 0 };
  }
  const frame = shownFrame(data, value, selection.frame, run);
  if (frame.values === undefined) return { value: Number.NaN, leftOut: frame.leftOut };
  return { value: factor * frame.values[element.reduce((at, i, axis) => at * frame.shape[axis] + i, 0)] };
}

/** The label of a run, or why it has none. */
export function runLabel(
  { byRun }: StoredVerdicts,
  run: RunRow | undefined,
): { readonly label?: string; readonly leftOut?: LeftOut } {
  if (run === undefined) return { leftOut: 'missing' };
  if (run.copyOf !== undefined) return { leftOut: 'copy' };
  const label = byRun.get(run.id);
  if (label !== undefined && label !== '') return { label };
  return { leftOut: run.status === 'completed' ? 'unlabelled' : run.status };
}

/** All numbers of one frame, or why there are none. */
export type RunFrame =
  | { readonly values: readonly number[]; readonly shape: readonly number[]; readonly leftOut?: undefined }
  /** `frames`: how many the run has that ended as planned, and yet not this one. */
  | { readonly values?: undefined; readonly leftOut: LeftOut; readonly frames?: number };

/**
 * @param channel by its full name
 * @param frame the last one, or its number counted from 0
 * @throws EigenflowError `arrays` when the file of the run is damaged
 */
export function runFrame(
  { open }: FigureData,
  channel: string,
  frame: 'last' | number = 'last',
  run: RunRow | undefined,
): RunFrame {
  if (run === undefined) return { leftOut: 'missing' };
  if (run.copyOf !== undefined) return { leftOut: 'copy' };
  // The last frame of a run that broke off shows another time than the others. A saturated run can move no more, so
  // that its last frame is what it would have ended with.
  const isWhole = run.status === 'completed' || run.status === 'saturated';
  if (frame === 'last' && !isWhole) return { leftOut: run.status as LeftOut };
  const arrays = open(channel, run);
  if (arrays === undefined || !arrays.has(channel))
    return { leftOut: run.status === 'failed' ? 'failed' : 'not stored' };
  const { shape, data } = arrays.get(channel);
  const index = frame === 'last' ? shape[0] - 1 : frame;
  if (index < 0 || index >= shape[0]) {
    return run.status === 'completed' ? { leftOut: 'not stored', frames: shape[0] } : { leftOut: run.status };
  }
  const width = shape.slice(1).reduce((product, length) => product * length, 1);
  return { values: [...data.subarray(index * width, (index + 1) * width)], shape: shape.slice(1) };
}

/**
 * The same for a figure, which would show a run that has ended as one that is missing.
 *
 * @throws EigenflowError `scenario` when a run that ended as planned has no such frame; `arrays` as `runFrame` does
 */
export function shownFrame(
  data: FigureData,
  channel: string,
  frame: 'last' | number | undefined,
  run: RunRow | undefined,
): RunFrame {
  const shown = runFrame(data, channel, frame, run);
  if (shown.values !== undefined || shown.frames === undefined || typeof frame !== 'number') return shown;
  throw noSuchFrame('frame', frame, `${channel} of run ${run?.id} has`, shown.frames);
}

export function runIds(points: readonly GridPoint[]): string[] {
  return points.flatMap(({ run }) => (run === undefined ? [] : [run.id]));
}

export function describeWhere(where: Where = {}): string {
  return Object.entries(where)
    .map(([name, value]) => describeValue(name, value))
    .join(', ');
}

/** `learning rate = 0.5`, held on one line. */
export function describeValue(axis: string, value: Json): string {
  let shown = typeof value === 'string' ? value : JSON.stringify(value);
  if (typeof value === 'number') shown = formatNumber(value);
  return [...inWords(axis).split(' '), '=', shown].join(TIE);
}
