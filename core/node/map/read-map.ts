// Reads a phase map for advice: from a results folder, or from the small data set that is made of one.
import type { MapConditions, MapData } from '../../advice/map-data.js';
import { PHASES } from '../../contracts/classifier.js';
import { EigenflowError, suggest } from '../../errors.js';
import type { Json } from '../../parameters/check.js';
import type { Scenario } from '../../scenario/scenario.js';
import { readRunGrid } from '../export/run-grid.js';
import { scenarioOfRuns } from '../results/results-folder.js';
import { readVerdicts, storedClassifiers } from '../results/stored-verdicts.js';
import { isMapFile, type MapRow, readMapFile } from './map-file.js';

const WIDTH = 'model.initialWidth';
const RATE = 'optimiser.learningRate';

const fail = (folder: string, message: string) => new EigenflowError('results', folder, message);

/** A run before it is known what it means: axes and labels. */
interface LabelledRun {
  readonly axes: Readonly<Record<string, Json>>;
  readonly seed: number;
  readonly label: string;
}

function number(folder: string, path: string, axes: LabelledRun['axes'], scenario: Scenario): number {
  const [slot, name] = path.split('.') as ['model' | 'optimiser' | 'noise', string];
  const value = axes[path] ?? scenario[slot][name];
  if (typeof value === 'number' && value > 0) return value;
  throw fail(folder, `does not say what ${path} is: advice needs a positive number in the scenario or on an axis`);
}

function lengthOf({ epochs, steps, time }: Scenario): string {
  if (epochs !== undefined) return `${epochs} epochs`;
  return steps !== undefined ? `${steps} steps` : `time ${time}`;
}

function conditionsOf(folder: string, scenario: Scenario, classifier: string): MapConditions {
  const { use: _use, initialWidth: _width, ...model } = scenario.model;
  const { learningRate: _rate, ...optimiser } = scenario.optimiser;
  return {
    model: { use: scenario.model.use, ...model } as MapConditions['model'],
    batchSize: number(folder, 'noise.batchSize', {}, scenario),
    loss: scenario.loss,
    noise: scenario.noise,
    optimiser: optimiser as MapConditions['optimiser'],
    length: lengthOf(scenario),
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
const KNOWN = [WIDTH, RATE];

/** Maps have logarithmic axes. */
const hasPlace = ({ axes }: LabelledRun) => KNOWN.every((path) => !(path in axes) || axes[path] !== 0);

/** Runs that have a place on the map, and what is to be told of the others. */
function runsOf(
  folder: string,
  scenario: Scenario,
  axes: readonly string[],
  all: readonly LabelledRun[],
): Pick<MapData, 'runs' | 'leftOut'> {
  const foreign = axes.find((name) => !KNOWN.includes(name));
  if (foreign !== undefined) {
    throw fail(folder, `varies ${foreign}; advice reads maps over ${KNOWN.join(' and ')}`);
  }
  const placed = all.filter(hasPlace);
  const count = all.length - placed.length;
  const reason = `at ${KNOWN.filter((path) => all.some((run) => run.axes[path] === 0)).join(' or ')} 0, which has no place on a logarithmic axis`;
  if (placed.length === 0 && count > 0) throw fail(folder, `holds only runs ${reason}`);
  const runs = placed.map(({ axes: values, seed, label }) => ({
    initialWidth: number(folder, WIDTH, values, scenario),
    learningRate: number(folder, RATE, values, scenario),
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

/**
 * @param folder of results, or one that `eigenflow export --format map` wrote
 * @param classifier default: the first that speaks of phases, else the first, which is the scenario's own
 * @throws EigenflowError `results` or `file` when it cannot be read or is no map of initial width and learning rate
 */
export function readMap(folder: string, classifier?: string): MapData {
  if (isMapFile(folder)) {
    const { file, rows } = readMapFile(folder);
    const name = choose(folder, file.classifiers, classifier);
    const axes = file.axes.map((axis) => axis.name);
    const runs = rows.map((row) => labelledRun(row, axes, file.classifiers[name], name));
    return {
      title: file.title,
      source: folder,
      labels: file.classifiers[name],
      conditions: conditionsOf(folder, file.scenario, name),
      ...runsOf(folder, file.scenario, axes, runs),
      paired: file.scenario.sweep?.independent !== true,
      smoothness: file.smoothness[name],
    };
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
    conditions: conditionsOf(folder, scenarioOfRuns(folder, manifest), name),
    ...runsOf(folder, scenarioOfRuns(folder, manifest), axes, ended),
    paired: manifest.scenario.sweep?.independent !== true,
  };
}
