// The file of one finished run: frames of every channel with their true step, epoch and time, as plain arrays.
import type { RunRecord, RunStatus, Series } from '../../core/contracts/classifier.js';
import type { RunResult } from '../../core/engine/gather.js';
import type { ChannelRecord } from '../../core/engine/run.js';
import { EigenflowError } from '../../core/errors.js';
import { plainText } from '../../core/plain-text.js';
import { parameterOf, type RunConfig } from '../../core/scenario/resolve.js';
import { isHeld, readHeld, writeHeld } from '../files/held-files.js';
import { float64, int64, type NpyArray, text } from '../files/npy.js';
import { decodeNpz, encodeNpz, type NpzArrays } from '../files/npz.js';
import { runPath } from './results-folder.js';
import type { RunRow } from './runs-table.js';
import { checkSeal, seal } from './seal.js';

/**
 * Bytes depend on the run alone: no time of day, no duration.
 *
 * @param more arrays to keep beside those of the run
 */
export function encodeRun(
  config: Pick<RunConfig, 'id' | 'seed'>,
  result: Pick<RunResult, 'status' | 'steps' | 'series'> & Partial<Pick<RunResult, 'trajectory'>>,
  more: ReadonlyMap<string, NpyArray> = new Map(),
): Uint8Array {
  const entries = new Map<string, NpyArray>();
  for (const [name, { shape, data, step, epoch, time }] of result.series) {
    entries.set(name, float64(data, [step.length, ...shape]));
    entries.set(`${name}.step`, int64(step));
    entries.set(`${name}.epoch`, float64(epoch));
    entries.set(`${name}.time`, float64(time));
  }
  entries.set('run.id', text(config.id));
  entries.set('run.status', text(result.status));
  entries.set('run.steps', int64([result.steps], []));
  entries.set('run.seed', int64([config.seed], []));
  if (result.trajectory !== undefined) entries.set('run.trajectory', text(result.trajectory));
  for (const [name, array] of more) entries.set(name, array);
  return seal(encodeNpz(entries));
}

/** Stores a run under its id. @throws EigenflowError `file` when the disk is full or refuses */
export async function writeRun(folder: string, config: RunConfig, result: RunResult): Promise<void> {
  await writeHeld(folder, runPath(folder, config.id), encodeRun(config, result));
}

/** How a run that is stored may have ended. */
const STORED_STATUSES: ReadonlySet<string> = new Set<RunStatus>(['completed', 'diverged', 'saturated']);

export const isStoredStatus = (status: string): status is RunStatus => STORED_STATUSES.has(status);

/** The run that a file says it holds. Missing in files that another program has made: then the name stands. */
export const heldRun = (arrays: NpzArrays, id: string): string => (arrays.has('run.id') ? arrays.text('run.id') : id);

/** Characters of what a file says of itself that a message repeats. */
const MOST_SHOWN = 80;

export const holdsAnother = (held: string) => `holds the run ${plainText(held, MOST_SHOWN)} under a wrong name`;

function refusal(folder: string, id: string, why: string): EigenflowError {
  const remedy = `"eigenflow verify ${folder}" sets it aside; the same run command then computes it again`;
  return new EigenflowError('arrays', runPath(folder, id), `${why}. ${remedy}`);
}

/**
 * The arrays of a stored run. Its seal has been checked, and that it is the run which the file is named after.
 *
 * @throws EigenflowError `file` when it cannot be read, `arrays` when it is damaged or another run
 */
export function readRun(folder: string, id: string): NpzArrays {
  const path = runPath(folder, id);
  const bytes = readHeld(folder, path);
  if (checkSeal(bytes) === 'broken') throw refusal(folder, id, 'is damaged: its checksum is wrong');
  const arrays = decodeNpz(bytes, { source: path });
  const held = heldRun(arrays, id);
  if (held !== id) throw refusal(folder, id, holdsAnother(held));
  return arrays;
}

/**
 * The row of a run whose process was killed between storing it and noting it in runs.csv.
 *
 * @throws EigenflowError as `readRun`, and `arrays` when it is no run
 */
export function recoverRow(folder: string, config: RunConfig): RunRow {
  const arrays = readRun(folder, config.id);
  const status = arrays.text('run.status');
  if (!isStoredStatus(status)) throw refusal(folder, config.id, 'is no run of eigenflow');
  return {
    id: config.id,
    axes: config.axes,
    seed: config.seed,
    status,
    steps: arrays.get('run.steps').data[0],
    ...(arrays.has('run.trajectory') ? { trajectory: arrays.text('run.trajectory') } : {}),
    seconds: Number.NaN,
    label: '',
    message: '',
  };
}

/** One channel of a stored run; undefined when it has no frames. */
export function readSeries(arrays: NpzArrays, channel: string): Series | undefined {
  if (!arrays.has(channel)) return undefined;
  const { shape, data } = arrays.get(channel);
  if (shape[0] === 0) return undefined;
  const column = (name: string) => arrays.get(`${channel}.${name}`).data;
  return { shape: shape.slice(1), data, step: column('step'), epoch: column('epoch'), time: column('time') };
}

/** A folder with the files of runs, and the component behind each of its channels. */
export interface RunSource {
  readonly folder: string;
  readonly channels: Readonly<Record<string, ChannelRecord>>;
}

/**
 * Stored runs as a classifier sees them. The file of a run is read when a series is asked for, and only the last one of
 * each source is kept: a sweep has thousands.
 *
 * @param sources in the order in which they are asked for a channel
 */
export function createRecordReader(sources: readonly RunSource[]): (row: RunRow, config: RunConfig) => RunRecord {
  const readers = sources.map(({ folder, channels }) => {
    const names = new Map<string, string>();
    for (const [name, { component }] of Object.entries(channels)) {
      const need = `${component}.${name.slice(name.indexOf('.') + 1)}`;
      if (!names.has(need)) names.set(need, name);
    }
    let last: { readonly id: string; readonly arrays: NpzArrays } | undefined;
    return (id: string, need: string): Series | undefined => {
      const name = names.get(need);
      if (name === undefined || !isHeld(folder, runPath(folder, id))) return undefined;
      if (last?.id !== id) last = { id, arrays: readRun(folder, id) };
      return readSeries(last.arrays, name);
    };
  });
  return (row, config) => ({
    id: row.id,
    axes: row.axes,
    seed: row.seed,
    status: row.status,
    copyOf: row.copyOf,
    steps: row.steps,
    parameter: (path) => parameterOf(config, path),
    series(need) {
      if (row.status === 'failed') return undefined;
      for (const read of readers) {
        const series = read(row.id, need);
        if (series) return series;
      }
      return undefined;
    },
  });
}
