// The table of a phase map, made of results or read from another map; several tables of the same instances become one.

import type { Series } from '../../core/contracts/classifier.js';
import type { Json } from '../../core/contracts/json.js';
import { EigenflowError } from '../../core/errors.js';
import { canonical } from '../../core/scenario/identity.js';
import type { Scenario } from '../../core/scenario/scenario.js';
import { numberCell } from '../../node/files/csv-cell.js';
import { type Manifest, scenarioOfRuns } from '../../node/results/results-folder.js';
import { axisText } from '../../node/results/runs-table.js';
import { readVerdicts, storedClassifiers } from '../../node/results/stored-verdicts.js';
import { openRun } from '../export/frames.js';
import type { RunGrid } from '../export/run-grid.js';
import { type MapFile, type MapPart, type MapRows, readMapFile } from './map-file.js';
import { MAP_FORMAT } from './map-format.js';

/** A map without its smoothness. */
export interface MapTable extends MapRows {
  readonly source: string;
  readonly content: Omit<MapFile, 'smoothness'>;
}

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
function numberOf(
  { step, data }: Pick<Series, 'step' | 'data'>,
  { frame, element }: Pick<Column, 'frame' | 'element'>,
): number {
  const frames = step.length;
  if (frames === 0 || (frame === 'first' && step[0] !== 0)) return Number.NaN;
  const width = data.length / frames;
  const start = frame === 'first' ? 0 : data.length - width;
  return data[element === 'first' ? start : start + width - 1];
}

function storedNumber(arrays: ReturnType<typeof openRun>, column: Column): number {
  if (!arrays?.has(column.channel)) return Number.NaN;
  const { data } = arrays.get(column.channel);
  return numberOf({ data, step: arrays.get(`${column.channel}.step`).data }, column);
}

const COLUMN = /^(.+?)(?:\[(\d+)\])? (first|last)$/;

/**
 * The number that a column of a map holds, of a run that has just been made.
 *
 * @param column such as `spectrum.levels[15] last`
 * @returns undefined where the run has not measured it
 */
export function numberOfColumn(series: ReadonlyMap<string, Series>, column: string): number | undefined {
  const [, channel, index = '0', frame] = COLUMN.exec(column) ?? [];
  const found = series.get(channel);
  if (!found) return undefined;
  const element = index === '0' ? 'first' : 'last';
  const value = numberOf(found, { frame: frame as Column['frame'], element });
  return Number.isNaN(value) ? undefined : value;
}

/** Enough for every use of a map, and half the size of the shortest decimals that give back all bits. */
export const DIGITS = 8;

/** @throws EigenflowError `results` when the runs have no labels */
export function tableOfResults(grid: RunGrid): MapTable {
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
  const rows = grid.runs.flatMap((row) => {
    if (row === undefined || row.status === 'failed' || row.copyOf !== undefined) return [];
    const arrays = openRun(folder, row);
    const numbers = columns.map((column): [string, string] => {
      const value = Number(storedNumber(arrays, column).toPrecision(DIGITS));
      return [column.name, Number.isNaN(value) ? '' : numberCell(value)];
    });
    return [
      new Map([
        ['id', row.id],
        ...axes.map(({ name }): [string, string] => [name, axisText(row.axes[name])]),
        ['seed', String(row.seed)],
        ['status', row.status],
        ['steps', String(row.steps)],
        ...verdicts.map(({ classifier, byRun }): [string, string] => [
          labelColumn(classifier),
          byRun.get(row.id) ?? '',
        ]),
        ...numbers,
      ]),
    ];
  });
  const { figures: _figures, ...scenario } = scenarioOfRuns(folder, manifest);
  const content: MapTable['content'] = {
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
  };
  return { source: folder, content, header: headerOf(content), rows };
}

export function tableOfMapFile(folder: string): MapTable {
  const { file, header, rows } = readMapFile(folder);
  const { smoothness: _smoothness, ...content } = file;
  return {
    source: folder,
    content,
    header,
    rows: rows.map((row) => new Map(header.map((column) => [column, row.cell(column)]))),
  };
}

export const labelColumn = (classifier: string) => `label ${classifier}`;

function headerOf({ axes, classifiers, columns }: MapTable['content']): string[] {
  return [
    'id',
    ...axes.map(({ name }) => name),
    ...['seed', 'status', 'steps'],
    ...Object.keys(classifiers).map(labelColumn),
    ...Object.keys(columns),
  ];
}

/** Slots of a scenario whose parameters may become axes; the rest is not part of what a run does, or has no parts. */
const SLOTS = ['model', 'loss', 'noise', 'optimiser'] as const;
const ALONE = ['seed', 'steps', 'epochs', 'time', 'limits'] as const;

/** What a run does, by path. */
function settingsOf(scenario: Scenario): Map<string, Json> {
  const all = new Map<string, Json>();
  for (const slot of SLOTS) {
    for (const [name, value] of Object.entries(scenario[slot])) {
      if (value !== undefined) all.set(`${slot}.${name}`, value);
    }
  }
  for (const name of ALONE) {
    const value = scenario[name];
    if (value !== undefined) all.set(name, value as Json);
  }
  return all;
}

const same = (a: Json | undefined, b: Json | undefined) => canonical(a ?? null) === canonical(b ?? null);

/** What is not the same in all tables becomes an axis. */
function axesOf(tables: readonly MapTable[]): { name: string; unit: string }[] {
  const swept = new Map(tables.flatMap(({ content }) => content.axes.map((axis) => [axis.name, axis] as const)));
  const settings = tables.map(({ content }) => settingsOf(content.scenario));
  for (const path of new Set(settings.flatMap((one) => [...one.keys()]))) {
    if (swept.has(path) || settings.every((one) => same(one.get(path), settings[0].get(path)))) continue;
    const odd = settings.findIndex((one) => typeof one.get(path) !== 'number');
    if (path === 'seed' || odd >= 0) {
      const other = settings.findIndex((one) => !same(one.get(path), settings[0].get(path)));
      throw new EigenflowError(
        'results',
        tables[other].source,
        `is no part of the same map as ${tables[0].source}: another ${path}`,
      );
    }
    swept.set(path, { name: path, unit: path === 'epochs' ? 'epochs' : '1' });
  }
  return [...swept.values()];
}

const partsOf = ({ content }: MapTable): readonly MapPart[] =>
  content.parts ?? [{ scenario: content.scenario, versions: content.versions, kernels: content.kernels }];

const distinct = <T>(values: readonly T[]) => [...new Set(values)];

/**
 * One table of all runs. What differs between them, such as the batch size or the number of epochs, becomes an axis.
 *
 * @throws EigenflowError `results` naming what cannot be an axis: anything but a number, or the root seed, which says
 * which instances the seeds are
 */
export function mergeTables(tables: readonly MapTable[]): MapTable {
  const [first, ...others] = tables;
  if (others.length === 0) return first;
  const axes = axesOf(tables);
  const classifiers: Record<string, readonly string[]> = {};
  for (const { source, content } of tables) {
    for (const [name, labels] of Object.entries(content.classifiers)) {
      if (classifiers[name] && classifiers[name].join() !== labels.join()) {
        throw new EigenflowError('results', source, `has other labels by ${name} than ${first.source}`);
      }
      classifiers[name] = labels;
    }
  }
  const content = {
    ...first.content,
    axes,
    classifiers,
    parts: tables.flatMap(partsOf),
    citations: distinct(tables.flatMap(({ content: { citations } }) => citations)),
    seeds: Math.max(...tables.map(({ content: { seeds } }) => seeds)),
    columns: Object.assign({}, ...tables.map(({ content: { columns } }) => columns)) as MapFile['columns'],
  };
  const rows = new Map<string, ReadonlyMap<string, string>>();
  for (const table of tables) {
    const settings = settingsOf(table.content.scenario);
    const own = new Set(table.content.axes.map(({ name }) => name));
    const given = axes
      .filter(({ name }) => !own.has(name))
      .map(({ name }): [string, string] => [name, axisText(settings.get(name) as Json)]);
    for (const row of table.rows) {
      const whole = new Map([...row, ...given]);
      const key = [...axes.map(({ name }) => whole.get(name)), whole.get('seed')].join(' ');
      // The same run in two parts: what one has not measured the other may have.
      rows.set(key, new Map([...(rows.get(key) ?? []), ...[...whole].filter(([, cell]) => cell !== '')]));
    }
  }
  return {
    source: tables.map(({ source }) => source).join(' and '),
    content,
    header: headerOf(content),
    rows: [...rows.values()],
  };
}
