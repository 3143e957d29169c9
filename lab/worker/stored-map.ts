// An exported map as the page asks for it: labels and a few numbers of every run, to eight digits, by map.json and runs.csv.
import { INITIAL_WIDTH } from '../../analysis/advice/map-data.js';
import { type MapFile, type MapPart, readMapFile } from '../../analysis/advice/map-file.js';
import { DIGITS, labelColumn, numberOfColumn } from '../../analysis/advice/map-table.js';
import { type HeatMapRun, tabulateHeatMap } from '../../analysis/figures/draw/heat-map-table.js';
import { type LabelledRun, tabulatePhases } from '../../analysis/figures/draw/phase-map-table.js';
import type { LeftOut } from '../../analysis/figures/draw/sample.js';
import { withUnit } from '../../analysis/figures/draw/words.js';
import { describeWhere } from '../../analysis/figures/grid-points.js';
import type { Axis, RunStatus } from '../../core/contracts/classifier.js';
import type { FigureAxis } from '../../core/contracts/figure.js';
import type { Json } from '../../core/contracts/json.js';
import type { RunResult } from '../../core/engine/gather.js';
import { EigenflowError } from '../../core/errors.js';
import { type AxisValuesDrawn, drawnValues, type FigureGround } from '../../core/figures/sources.js';
import { canonical } from '../../core/scenario/identity.js';
import { valueAt } from '../../core/scenario/paths.js';
import type { RunConfig } from '../../core/scenario/resolve.js';
import type { Scenario } from '../../core/scenario/scenario.js';
import { axisValue } from '../../node/results/runs-table.js';
import type { MapView, Place, Replay, StoredRun } from '../protocol.js';
import {
  classifierMap,
  isAt,
  type MapAxes,
  numberMap,
  phasesFirst,
  usualAxes,
  withFittingColors,
} from './map-views.js';
import { ROW } from './one-row.js';
import { fixedAt, type StoredRuns } from './stored-runs.js';

/** A row of runs.csv. */
interface ExportedRun {
  readonly id: string;
  readonly axes: Place['at'];
  readonly seed: number;
  readonly status: RunStatus;
  readonly steps: number;
  /** '' where there is nothing in this column. */
  cell(column: string): string;
}

export interface ExportedMap extends StoredRuns {
  /** Of all parts together. */
  readonly axes: readonly Axis[];
}

/** The results that a map is made of. */
export const partsOf = (file: MapFile): readonly MapPart[] => file.parts ?? [file];

/** In place of a run that a column says nothing of. */
const reasonOf = ({ status }: ExportedRun, otherwise: LeftOut): LeftOut =>
  status === 'completed' ? otherwise : status;

function ascending(values: readonly Json[]): Json[] {
  const distinct = [...new Map(values.map((value) => [canonical(value), value])).values()];
  return distinct.every((value) => typeof value === 'number') ? distinct.sort((a, b) => a - b) : distinct;
}

/** Axes as advice draws them: 1 / initial width, and learning rate over batch size where that is a temperature. */
function mapAxes(axes: readonly Axis[], { optimiser }: Scenario): Pick<MapAxes, 'x' | 'y'> | undefined {
  const usual = usualAxes(axes);
  if (!usual) return undefined;
  const drawn = ({ axis }: FigureAxis): FigureAxis => {
    if (axis === INITIAL_WIDTH.path) return { axis, inverse: true, label: `1 / ${INITIAL_WIDTH.name}` };
    const isTemperature = axis === 'optimiser.learningRate' && optimiser.use === 'sgd';
    return isTemperature ? { axis, divideBy: 'noise.batchSize', label: 'T = learning rate / batch size' } : { axis };
  };
  return { x: drawn(usual.x), y: usual.y.axis === ROW.name ? usual.y : drawn(usual.y) };
}

/**
 * @param resolve runs of a scenario
 * @throws EigenflowError `results` or `file` when the map is damaged
 */
export function openStoredMap(folder: string, resolve: (scenario: Scenario) => readonly RunConfig[]): ExportedMap {
  const { file, rows } = readMapFile(folder);
  const names = file.axes.map(({ name }) => name);
  const runs = rows.map(
    ({ cell }): ExportedRun => ({
      id: cell('id'),
      axes: Object.fromEntries([...names.map((name) => [name, axisValue(cell(name))]), [ROW.name, null]]),
      seed: Number(cell('seed')),
      status: cell('status') as RunStatus,
      steps: Number(cell('steps')),
      cell,
    }),
  );
  const axes = file.axes.map(
    ({ name }, group): Axis => ({ name, group, values: ascending(runs.map((run) => run.axes[name])) }),
  );
  const scenarios = partsOf(file).map(({ scenario }) => scenario);
  const drawn = mapAxes(axes, file.scenario);
  const rowOf = new Map(runs.map((run) => [run.id, run]));
  const ground: FigureGround = {
    axes: [...file.axes.map(({ name, unit }, group) => ({ name, unit, group, values: axes[group].values })), ROW],
    channels: {},
    seeds: file.seeds,
    classifiers: {},
    scenario: file.scenario,
  };

  /** The values of all other axes for which the most runs have something in this column. */
  const whereMost = (column: string): Place['at'] => {
    const counts = new Map<string, { where: Place['at']; count: number }>();
    for (const run of runs) {
      if (run.cell(column) === '') continue;
      const others = names.filter((name) => name !== drawn?.x.axis && name !== drawn?.y.axis);
      const where = Object.fromEntries(others.map((name) => [name, run.axes[name]]));
      const known = counts.get(canonical(where));
      counts.set(canonical(where), { where, count: (known?.count ?? 0) + 1 });
    }
    return [...counts.values()].reduce((most, one) => (one.count > most.count ? one : most), { where: {}, count: 0 })
      .where;
  };

  /** Of the runs of a map, which need not have all values that the whole has. */
  const valuesDrawn = (axis: FigureAxis, where: Place['at'], shown: readonly ExportedRun[]): AxisValuesDrawn => {
    const values = ascending(shown.map((run) => run.axes[axis.axis]));
    const own = ground.axes.map((known) =>
      known.name === axis.axis && values.length > 0 ? { ...known, values } : known,
    );
    return drawnValues(axis, 'axis', { ...ground, axes: own }, where);
  };

  const source = (view: MapView, given: Place['at'], column: string) => {
    const where = fixedAt(view, given);
    const here = runs.filter((run) => isAt(run.axes, where));
    const told = here.filter((run) => run.cell(column) !== '');
    const { x, y } = view.declaration;
    // Cells of which this column says nothing at all belong to another part of the map.
    const cells = new Set(told.map((run) => canonical([run.axes[x.axis], run.axes[y.axis]])));
    const shown = here.filter((run) => cells.has(canonical([run.axes[x.axis], run.axes[y.axis]])));
    return {
      shown,
      xValues: valuesDrawn(x, where, shown),
      yValues: valuesDrawn(y, where, shown),
      seeds: new Set(told.map(({ seed }) => seed)).size,
      title: file.title,
      where: describeWhere(where),
    };
  };

  let resolved: Map<string, RunConfig> | undefined;
  const keyOf = (at: Place['at'], seed: number) => canonical([names.map((name) => at[name]), seed]);
  /** By place and seed: another version of eigenflow may have named the runs otherwise. */
  const configs = () => {
    if (resolved) return resolved;
    resolved = new Map();
    for (const scenario of scenarios) {
      const fixed = Object.fromEntries(names.map((name) => [name, valueAt(scenario, name) as Json]));
      // Later parts have the say, as in the table.
      for (const config of resolve(scenario)) resolved.set(keyOf({ ...fixed, ...config.axes }, config.seed), config);
    }
    return resolved;
  };

  /** Of several parts not all have asked each run: one that says nothing is then no run without an answer. */
  const isTold = (column: string) => (run: ExportedRun) =>
    scenarios.length === 1 || run.status !== 'completed' || run.cell(column) !== '';

  const columnOf = ({ declaration }: MapView) =>
    declaration.kind === 'phase-map' ? labelColumn(declaration.classifier ?? '') : String(declaration.value);
  const classifiers = Object.keys(file.classifiers);
  const unusual = (view: MapView): MapView => ({
    ...view,
    declaration: { ...view.declaration, where: whereMost(columnOf(view)) },
  });
  const maps = drawn
    ? phasesFirst([
        ...classifiers.map((name) => classifierMap(name, drawn)),
        ...Object.keys(file.columns).map((column) => numberMap(column, drawn)),
      ]).map(unusual)
    : [];

  return {
    axes,
    maps,
    rows: [],
    count: { runs: runs.length, provable: runs.length },
    draw(view, given) {
      const column = columnOf(view);
      const { shown, ...facts } = source(view, given, column);
      const { x, y } = view.declaration;
      const at = (run: ExportedRun) => ({ x: run.axes[x.axis], y: run.axes[y.axis] });
      if (view.declaration.kind === 'phase-map') {
        const classifier = view.declaration.classifier ?? '';
        const labelled = shown.filter(isTold(column)).map((run): LabelledRun => {
          const label = run.cell(column);
          return { ...at(run), ...(label === '' ? { leftOut: reasonOf(run, 'unlabelled') } : { label }) };
        });
        const labels = file.classifiers[classifier] ?? [];
        const table = tabulatePhases(view.declaration, { ...facts, runs: labelled, classifier, labels, crossings: [] });
        return { kind: 'phase-map', table: { ...table, title: view.title } };
      }
      const numbers = shown.filter(isTold(column)).map((run): HeatMapRun => {
        const cell = run.cell(column);
        return {
          ...at(run),
          ...(cell === '' ? { value: Number.NaN, leftOut: reasonOf(run, 'not stored') } : { value: Number(cell) }),
        };
      });
      const valueLabel = withUnit(column, file.columns[column]?.unit ?? '1');
      const draw = (each: typeof view.declaration) =>
        tabulateHeatMap({ ...each, kind: 'heat-map', name: '' } as Parameters<typeof tabulateHeatMap>[0], {
          ...facts,
          runs: numbers,
          valueLabel,
        });
      const table = withFittingColors(view.declaration, draw);
      return { kind: 'heat-map', table: { ...table, title: view.title } };
    },
    at: (at) =>
      runs
        .filter((run) => isAt(run.axes, at))
        .sort((a, b) => a.seed - b.seed)
        .map(
          ({ id, seed, status, steps, cell }): StoredRun => ({
            id,
            seed,
            status,
            steps,
            labels: Object.fromEntries(classifiers.map((name) => [name, cell(labelColumn(name))])),
            proof: 'digits',
          }),
        ),
    config(id) {
      const row = rowOf.get(id);
      const config = row && configs().get(keyOf(row.axes, row.seed));
      return config ?? 'no part of the map has a scenario with this run in its sweep';
    },
    label(id, classifier) {
      return classifier in file.classifiers ? rowOf.get(id)?.cell(labelColumn(classifier)) : undefined;
    },
    compare(id, result) {
      const row = rowOf.get(id);
      if (!row) throw new EigenflowError('results', id, 'is no run of this map');
      return compareDigits(row, Object.keys(file.columns), result);
    },
  };
}

/** Holds what a run has measured first and last against the digits that the map has of it. */
function compareDigits(row: ExportedRun, columns: readonly string[], result: RunResult): Replay {
  const other = (message: string): Replay => ({ verdict: 'other bits', proof: 'digits', message });
  if (row.status !== result.status) return other(`it ${result.status}; the map says ${row.status}`);
  if (row.steps !== result.steps) return other(`it made ${result.steps} steps; the map says ${row.steps}`);
  let numbers = 0;
  for (const column of columns) {
    const stored = row.cell(column);
    const found = numberOfColumn(result.series, column);
    // What this part of the map has not measured, another part may have.
    if (stored === '' || found === undefined) continue;
    const shown = Number(found.toPrecision(DIGITS));
    if (shown !== Number(stored)) return other(`${column} is ${shown}, and the map has ${stored}`);
    numbers += 1;
  }
  if (numbers === 0) return { verdict: 'not comparable', message: 'the map has no number of what this run measures' };
  return { verdict: 'same digits', numbers, digits: DIGITS };
}
