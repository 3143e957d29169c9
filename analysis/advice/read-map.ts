// Reads a phase map for advice: from a results folder, or from the small data set that is made of one.

import { PHASES } from '../../core/contracts/classifier.js';
import type { Json } from '../../core/contracts/json.js';
import { EigenflowError, suggest } from '../../core/errors.js';
import type { Scenario } from '../../core/scenario/scenario.js';
import { readManifest, scenarioOfRuns } from '../../node/results/results-folder.js';
import { readVerdicts, storedClassifiers } from '../../node/results/stored-verdicts.js';
import { readRunGrid } from '../export/run-grid.js';
import type { MapConditions, MapData } from './map-data.js';
import { isMapFile, type MapRow, readMapFile } from './map-file.js';
import type { MapTable } from './map-table.js';

const WIDTH = 'model.initialWidth';
const RATE = 'optimiser.learningRate';
const BATCH = 'noise.batchSize';

const fail = (folder: string, message: string) => new EigenflowError('results', folder, message);

/** A run before it is known what it means: axes and labels. */
interface LabelledRun {
  readonly axes: Readonly<Record<string, Json>>;
  readonly seed: number;
  readonly label: string;
}

function number(folder: string, path: string, axes: LabelledRun['axes'], scenario: Scenario): number {
  const [slot, name] = path.split('.') as ['model' | 'optimiser' | 'noise' | 'epochs', string | undefined];
  const there = scenario[slot];
  const value = axes[path] ?? (typeof there === 'object' ? there[name as string] : there);
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

function conditionsOf(folder: string, scenario: Scenario, axes: readonly string[], classifier: string): MapConditions {
  const { use: _use, initialWidth: _width, ...model } = scenario.model;
  const { learningRate: _rate, ...optimiser } = scenario.optimiser;
  const { batchSize: _batch, ...noise } = scenario.noise;
  return {
    model: { use: scenario.model.use, ...model } as MapConditions['model'],
    loss: scenario.loss,
    noise: noise as MapConditions['noise'],
    optimiser: optimiser as MapConditions['optimiser'],
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

/** Axes that a map for advice may have. */
const KNOWN = [WIDTH, RATE, BATCH, ...UNITS] as const;

/** Maps have logarithmic axes. */
const hasPlace = ({ axes }: LabelledRun) => KNOWN.every((path) => !(path in axes) || axes[path] !== 0);

/** Runs that have a place on the map, and what is to be told of the others. */
function runsOf(
  folder: string,
  scenario: Scenario,
  axes: readonly string[],
  all: readonly LabelledRun[],
): Pick<MapData, 'runs' | 'leftOut'> {
  const foreign = axes.find((name) => !(KNOWN as readonly string[]).includes(name));
  if (foreign !== undefined) {
    throw fail(folder, `varies ${foreign}; advice reads maps over ${KNOWN.join(', ')}`);
  }
  const unit = lengthUnitOf(folder, scenario, axes);
  const placed = all.filter(hasPlace);
  const count = all.length - placed.length;
  const reason = `at ${KNOWN.filter((path) => all.some((run) => run.axes[path] === 0)).join(' or ')} 0, which has no place on a logarithmic axis`;
  if (placed.length === 0 && count > 0) throw fail(folder, `holds only runs ${reason}`);
  const runs = placed.map(({ axes: values, seed, label }) => ({
    initialWidth: number(folder, WIDTH, values, scenario),
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
  return {
    title: file.title,
    source: folder,
    labels: file.classifiers[name],
    conditions: conditionsOf(folder, file.scenario, axes, name),
    ...runsOf(folder, file.scenario, axes, runs),
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
  return {
    title: manifest.title,
    source: folder,
    labels,
    conditions: conditionsOf(folder, scenarioOfRuns(folder, manifest), axes, name),
    ...runsOf(folder, scenarioOfRuns(folder, manifest), axes, ended),
    paired: manifest.scenario.sweep?.independent !== true,
  };
}
