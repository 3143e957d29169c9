// A phase map as a small data set: `map.json` says how it was made, `runs.csv` has a row for every run with its labels
// and what its observers measured first and last. Enough for advice, for figures of the end of training, and to be cited.
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EigenflowError } from '../../errors.js';
import type { Smoothness } from '../../phase-surface/kernel.js';
import type { Scenario } from '../../scenario/scenario.js';
import { openRun } from '../export/frames.js';
import type { RunGrid } from '../export/run-grid.js';
import { numberCell, parseCsv, textCell } from '../formats/csv-cell.js';
import { decodeText } from '../formats/text-encoding.js';
import { explainFileError } from '../results/file-error.js';
import { type Manifest, scenarioOfRuns } from '../results/results-folder.js';
import { axisText } from '../results/runs-table.js';
import type { Tree } from '../results/stored-shape.js';
import { readVerdicts, storedClassifiers } from '../results/stored-verdicts.js';
import { readJson } from '../scenario/read-json.js';
import { checkMap } from './map-check.js';
import { MAP_FORMAT } from './map-format.js';

export interface MapFile {
  readonly format: typeof MAP_FORMAT;
  readonly version: 1;
  readonly title: string;
  readonly scenario: Scenario;
  readonly versions: Manifest['versions'];
  readonly citations: readonly string[];
  readonly kernels: Manifest['kernels'];
  readonly axes: readonly { readonly name: string; readonly unit: string }[];
  readonly seeds: number;
  /** Labels of every classifier, in the order of its legend; the first is the one that is meant when none is named. */
  readonly classifiers: Readonly<Record<string, readonly string[]>>;
  /** Unit and meaning of every column of observables. */
  readonly columns: Readonly<Record<string, { readonly unit: string; readonly doc: string }>>;
  /** Found by leave-one-cell-out on the labels of each classifier. */
  readonly smoothness: Readonly<Record<string, Smoothness>>;
}

export const mapFilePath = (folder: string) => join(folder, 'map.json');
const runsPath = (folder: string) => join(folder, 'runs.csv');
export const isMapFile = (folder: string) => existsSync(mapFilePath(folder));

/** A column of observables: one number of the first or of the last frame of a channel. */
interface Column {
  readonly name: string;
  readonly channel: string;
  readonly frame: 'first' | 'last';
  /** Of the frame: the first or the last number in it. */
  readonly element: 'first' | 'last';
  readonly unit: string;
  readonly doc: string;
}

/** Numbers as they are; of a list its first and last element, such as the largest and the smallest level. */
function columnsOf({ channels }: Manifest): Column[] {
  return Object.entries(channels).flatMap(([channel, { shape, unit, doc }]): Column[] => {
    if (shape.length > 1 || (shape.length === 1 && shape[0] < 1)) return [];
    const last = shape.length === 0 ? 0 : shape[0] - 1;
    const elements = last === 0 ? (['first'] as const) : (['first', 'last'] as const);
    return elements.flatMap((element) =>
      (['first', 'last'] as const).map((frame): Column => {
        const index = last === 0 ? '' : `[${element === 'first' ? 0 : last}]`;
        const when = frame === 'first' ? 'at the start' : 'at the end';
        return { name: `${channel}${index} ${frame}`, channel, frame, element, unit, doc: `${doc}; ${when}` };
      }),
    );
  });
}

/** NaN where there is no such frame: a first one that is not of step 0 is none. */
function numberOf(arrays: ReturnType<typeof openRun>, { channel, frame, element }: Column): number {
  if (!arrays?.has(channel)) return Number.NaN;
  const { shape, data } = arrays.get(channel);
  const frames = shape[0];
  if (frames === 0 || (frame === 'first' && arrays.get(`${channel}.step`).data[0] !== 0)) return Number.NaN;
  const width = data.length / frames;
  const start = frame === 'first' ? 0 : data.length - width;
  return data[element === 'first' ? start : start + width - 1];
}

/** Enough for every use of a map, and half the size of the shortest decimals that give back all bits. */
const DIGITS = 8;

const csv = (rows: readonly (readonly string[])[]) => `${rows.map((row) => row.map(textCell).join(',')).join('\n')}\n`;

/**
 * Writes the folder `path`, which does not exist yet.
 *
 * @param smoothnessOf of the labels of a classifier, in the order of the rows of the grid
 * @throws EigenflowError `results` when the runs have no labels
 */
export async function writeMapFile(
  grid: RunGrid,
  path: string,
  smoothnessOf: (classifier: string) => Smoothness,
): Promise<void> {
  const { folder, manifest } = grid;
  const verdicts = Object.keys(storedClassifiers(folder, manifest)).map((name) => readVerdicts(folder, manifest, name));
  if (verdicts.length === 0) {
    throw new EigenflowError(
      'results',
      folder,
      'has no labels; run `eigenflow analyse` on it first, or give the scenario a classifier',
    );
  }
  const columns = columnsOf(manifest);
  const axes = manifest.axes.map(({ name, unit }) => ({ name, unit }));
  const header = [
    'id',
    ...axes.map(({ name }) => name),
    ...['seed', 'status', 'steps'],
    ...verdicts.map(({ classifier }) => `label ${classifier}`),
    ...columns.map(({ name }) => name),
  ];
  const rows = grid.runs.flatMap((row) => {
    if (row === undefined || row.status === 'failed' || row.copyOf !== undefined) return [];
    const arrays = openRun(folder, row);
    const numbers = columns.map((column) => Number(numberOf(arrays, column).toPrecision(DIGITS)));
    return [
      [
        row.id,
        ...axes.map(({ name }) => axisText(row.axes[name])),
        ...[String(row.seed), row.status, String(row.steps)],
        ...verdicts.map(({ byRun }) => byRun.get(row.id) ?? ''),
        ...numbers.map((value) => (Number.isNaN(value) ? '' : numberCell(value))),
      ],
    ];
  });
  const { figures: _figures, ...scenario } = scenarioOfRuns(folder, manifest);
  const content: MapFile = {
    format: MAP_FORMAT,
    version: 1,
    title: manifest.title,
    scenario,
    versions: manifest.versions,
    citations: manifest.citations,
    kernels: manifest.kernels,
    axes,
    seeds: manifest.seeds,
    classifiers: Object.fromEntries(verdicts.map(({ classifier, labels }) => [classifier, labels])),
    columns: Object.fromEntries(columns.map(({ name, unit, doc }) => [name, { unit, doc }])),
    smoothness: Object.fromEntries(verdicts.map(({ classifier }) => [classifier, smoothnessOf(classifier)])),
  };
  await mkdir(path);
  await writeFile(mapFilePath(path), `${JSON.stringify(content, null, 2)}\n`);
  await writeFile(runsPath(path), csv([header, ...rows]));
}

/** A line of the table of runs. */
export interface MapRow {
  readonly path: string;
  readonly line: number;
  /** '' where there is no such column. */
  cell(column: string): string;
}

/** @throws EigenflowError `results` or `file` when the folder is damaged */
export function readMapFile(folder: string): { readonly file: MapFile; readonly rows: readonly MapRow[] } {
  try {
    const path = mapFilePath(folder);
    const file = readJson(path) as MapFile;
    if (file?.format !== MAP_FORMAT || file.version !== 1) {
      throw new EigenflowError('results', path, 'is not a map that this eigenflow reads (version 1)');
    }
    checkMap(file as unknown as Tree, path);
    const [header = [], ...body] = parseCsv(decodeText(readFileSync(runsPath(folder)), runsPath(folder)));
    const place = new Map(header.map((name, i) => [name, i]));
    const rows = body.map((cells, i) => ({
      path: runsPath(folder),
      line: i + 2,
      cell: (column: string) => cells[place.get(column) ?? -1] ?? '',
    }));
    return { file, rows };
  } catch (error) {
    if (error instanceof EigenflowError) throw error;
    throw explainFileError(error, folder, 'read');
  }
}
