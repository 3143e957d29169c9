// Reads a phase map for advice: from a results folder, or from the small data set that is made of one.

import { PHASES } from '../../core/contracts/classifier.js';
import type { Json } from '../../core/contracts/json.js';
import { EigenflowError, suggest } from '../../core/errors.js';
import type { Scenario } from '../../core/scenario/scenario.js';
import { readManifest, scenarioOfRuns } from '../../node/results/results-folder.js';
import { readVerdicts, storedClassifiers } from '../../node/results/stored-verdicts.js';
import { readRunGrid } from '../export/run-grid.js';
import { INITIAL_WIDTH, type MapConditions, type MapCoordinate, type MapData } from './map-data.js';
import { isMapFile, type MapRow, readMapFile } from './map-file.js';
import type { MapTable } from './map-table.js';

const RATE = 'optimiser.learningRate';
const BATCH = 'noise.batchSize';

const fail = (folder: string, message: string) => new EigenflowError('results', folder, message);

/** A run before it is known what it means: axes and labels. */
interface LabelledRun {
  readonly axes: Readonly<Record<string, Json>>;
  readonly seed: number;
  readonly label: string;
}

/** What a scenario says at a path such as `optimiser.learningRate` or `epochs`. */
function writtenAt(scenario: Scenario, path: string): unknown {
  const [slot, name] = path.split('.') as ['model' | 'optimiser' | 'noise' | 'epochs', string | undefined];
  const there = scenario[slot];
  return typeof there === 'object' ? there[name as string] : there;
}

function number(folder: string, path: string, axes: LabelledRun['axes'], scenario: Scenario): number {
  const value = axes[path] ?? writtenAt(scenario, path);
  if (typeof value === 'number' && value > 0) return value;
  throw fail(folder, `does not say what ${path} is: advice needs a positive number in the scenario or on an axis`);
}

const UNITS = ['epochs', 'steps', 'time'] as const;

/** Which of the three says how long the runs are. */
function lengthUnitOf(folder: string, scenario: Scenario, axes: readonly string[]): MapConditions['lengthUnit'] {
  const unit = UNITS.find((name) => axes.includes(name) || scenario[name] !== undefined);
  if (unit !== undefined) return unit;
  throw fail(folder, 'does not say how long its runs are');
}

/** Axes that every map may have. */
const COMMON = [RATE, BATCH, ...UNITS] as const;

/**
 * The axis beside those, at most one; without one, the initial width that the scenario gives.
 *
 * @throws EigenflowError `results` where there are several
 */
function coordinateIn(folder: string, scenario: Scenario, axes: readonly string[]): MapCoordinate | 'none' {
  const others = axes.filter((name) => !(COMMON as readonly string[]).includes(name));
  if (others.length > 1) {
    const known = COMMON.join(', ');
    throw fail(folder, `varies ${others.join(' and ')}; advice reads maps over one of them, beside ${known}`);
  }
  const [path] = others;
  if (path === INITIAL_WIDTH.path) return INITIAL_WIDTH;
  if (path !== undefined) return { path, name: path };
  return typeof writtenAt(scenario, INITIAL_WIDTH.path) === 'number' ? INITIAL_WIDTH : 'none';
}

function conditionsOf(
  folder: string,
  scenario: Scenario,
  axes: readonly string[],
  classifier: string,
  coordinate: MapCoordinate | 'none',
): MapConditions {
  const moving: readonly string[] = [RATE, BATCH, ...(coordinate === 'none' ? [] : [coordinate.path])];
  const fixed = <U extends object>(slot: string, use: U): U =>
    Object.fromEntries(Object.entries(use).filter(([name]) => !moving.includes(`${slot}.${name}`))) as U;
  return {
    model: fixed('model', scenario.model) as MapConditions['model'],
    loss: fixed('loss', scenario.loss),
    noise: fixed('noise', scenario.noise),
    optimiser: fixed('optimiser', scenario.optimiser),
    lengthUnit: lengthUnitOf(folder, scenario, axes),
    classifier,
  };
}

/** @throws EigenflowError `results` where a cell does not hold what its column says */
function labelledRun(row: MapRow, axes: readonly string[], labels: readonly string[], classifier: string): LabelledRun {
  const number = (column: string) => (row.cell(column) === '' ? Number.NaN : Number(row.cell(column)));
  const seed = number('seed');
  const label = row.cell(`label ${classifier}`);
  const values = axes.map((axis): [string, Json] => [axis, number(axis)]);
  const isGood = Number.isSafeInteger(seed) && values.every(([, value]) => Number.isFinite(value));
  if (isGood && (label === '' || labels.includes(label))) return { axes: Object.fromEntries(values), seed, label };
  const cells = [...axes, 'seed', `label ${classifier}`].map((column) => `${column} "${row.cell(column)}"`);
  throw fail(row.path, `line ${row.line} is no run of this map: ${cells.join(', ')}`);
}

/** Maps have logarithmic axes. */
const hasPlace = ({ axes }: LabelledRun) => Object.values(axes).every((value) => value !== 0);

/** Runs that have a place on the map, and what is to be told of the others. */
function runsOf(
  folder: string,
  scenario: Scenario,
  axes: readonly string[],
  all: readonly LabelledRun[],
  coordinate: MapCoordinate | 'none',
): Pick<MapData, 'runs' | 'leftOut'> {
  const unit = lengthUnitOf(folder, scenario, axes);
  const placed = all.filter(hasPlace);
  const count = all.length - placed.length;
  const reason = `at ${axes.filter((path) => all.some((run) => run.axes[path] === 0)).join(' or ')} 0, which has no place on a logarithmic axis`;
  if (placed.length === 0 && count > 0) throw fail(folder, `holds only runs ${reason}`);
  const runs = placed.map(({ axes: values, seed, label }) => ({
    initialWidth: coordinate === 'none' ? 1 : number(folder, coordinate.path, values, scenario),
    learningRate: number(folder, RATE, values, scenario),
    batchSize: number(folder, BATCH, values, scenario),
    length: number(folder, unit, values, scenario),
    instance: `${scenario.seed ?? 1} ${seed}`,
    label,
  }));
  return count === 0 ? { runs } : { runs, leftOut: `${count} of ${all.length} runs are left out: they are ${reason}` };
}

function choose(
  folder: string,
  classifiers: Readonly<Record<string, readonly string[]>>,
  wanted: string | undefined,
): string {
  const names = Object.keys(classifiers);
  if (names.length === 0) throw fail(folder, 'has no labels; run `eigenflow analyse` on it first');
  const speaksOfPhases = (name: string) => classifiers[name].join() === PHASES.join();
  if (wanted === undefined) return names.find(speaksOfPhases) ?? names[0];
  if (names.includes(wanted)) return wanted;
  throw fail(folder, `has no labels by "${wanted}"${suggest(wanted, names)}; there are those by ${names.join(', ')}`);
}

/** Labels of every classifier whose verdicts a folder of results or a map has. */
export function classifiersOf(folder: string): Readonly<Record<string, readonly string[]>> {
  return isMapFile(folder) ? readMapFile(folder).file.classifiers : storedClassifiers(folder, readManifest(folder));
}

/** A row of a table by the name of a column, with the place to blame. */
const rowOf = (source: string, row: ReadonlyMap<string, string>, i: number): MapRow => ({
  path: source,
  line: i + 2,
  cell: (column) => row.get(column) ?? '',
});

/** @param classifier default: see `readMap` */
export function mapDataOf({ source, content, rows }: MapTable, classifier?: string): MapData {
  return dataOf(
    source,
    content,
    rows.map((row, i) => rowOf(source, row, i)),
    classifier,
  );
}

function dataOf(
  folder: string,
  file: MapTable['content'],
  rows: readonly MapRow[],
  classifier: string | undefined,
): MapData {
  const name = choose(folder, file.classifiers, classifier);
  const axes = file.axes.map((axis) => axis.name);
  const runs = rows.map((row) => labelledRun(row, axes, file.classifiers[name], name));
  const coordinate = coordinateIn(folder, file.scenario, axes);
  return {
    title: file.title,
    source: folder,
    labels: file.classifiers[name],
    conditions: conditionsOf(folder, file.scenario, axes, name, coordinate),
    coordinate,
    ...runsOf(folder, file.scenario, axes, runs, coordinate),
    paired: file.scenario.sweep?.independent !== true,
  };
}

/**
 * @param folder of results, or one that `eigenflow export --format map` wrote
 * @param classifier default: the first that speaks of phases, else the first, which is the scenario's own
 * @throws EigenflowError `results` or `file` when it cannot be read or is no map of initial width and learning rate
 */
export function readMap(folder: string, classifier?: string): MapData {
  if (isMapFile(folder)) {
    const { file, rows } = readMapFile(folder);
    const data = dataOf(folder, file, rows, classifier);
    return { ...data, smoothness: file.smoothness[data.conditions.classifier] };
  }
  const grid = readRunGrid(folder);
  const { manifest } = grid;
  const name = choose(folder, storedClassifiers(folder, manifest), classifier);
  const { labels, byRun } = readVerdicts(folder, manifest, name);
  const ended = grid.runs.flatMap((row) =>
    row && row.copyOf === undefined ? [{ ...row, label: byRun.get(row.id) ?? '' }] : [],
  );
  const axes = manifest.axes.map((axis) => axis.name);
  const scenario = scenarioOfRuns(folder, manifest);
  const coordinate = coordinateIn(folder, scenario, axes);
  return {
    title: manifest.title,
    source: folder,
    labels,
    conditions: conditionsOf(folder, scenario, axes, name, coordinate),
    coordinate,
    ...runsOf(folder, scenario, axes, ended, coordinate),
    paired: manifest.scenario.sweep?.independent !== true,
  };
}
