// The numbers of a heat map: seeds summarised into cells, with what was left out of each and why. Drawn as a figure or
// in a terminal.
import type { RunStatus } from '../contracts/classifier.js';
import type { Json } from '../parameters/check.js';
import type { FigureAxis, HeatMapDeclaration, ScaleKind } from './declaration.js';
import { cellEdges } from './edges.js';
import { formatNumber, TIE } from './format.js';
import { type Summary, summarise } from './statistics.js';
import { chooseTicks, type Tick } from './ticks.js';

/** Why a run has no part in its cell: how it ended, that it has not been run, or that its value is not a number. */
export type LeftOut = Exclude<RunStatus, 'completed'> | 'missing' | 'not finite';

/** One run of the sweep. */
export interface HeatMapRun {
  /** Values of the two axes as in the scenario. */
  readonly x: Json;
  readonly y: Json;
  readonly value: number;
  readonly leftOut?: LeftOut;
}

export interface HeatMapCell extends Summary {
  /** Positions on the axes of the table. */
  readonly column: number;
  readonly row: number;
  readonly leftOut: Readonly<Partial<Record<LeftOut, number>>>;
}

/** An axis in drawing order, ascending. */
export interface MapAxis {
  readonly label: string;
  readonly scale: ScaleKind;
  /** Values as in the scenario. */
  readonly values: readonly Json[];
  /** Where they are drawn: after `inverse` and `divideBy`; 0, 1, 2 ... for values that are not numbers. */
  readonly positions: readonly number[];
  /** Ends of the cells, one more than there are positions. */
  readonly edges: readonly number[];
  readonly ticks: readonly Tick[];
}

export interface HeatMapTable {
  readonly title: string;
  readonly note?: string;
  /** The cells that are shown, where the declaration fixes axes; else empty. */
  readonly where: string;
  readonly valueLabel: string;
  readonly statistic: 'median' | 'mean';
  readonly color: ScaleKind;
  /** Ends of the colour scale; positive on a log scale. */
  readonly limits: readonly [number, number];
  /** Seeds of every cell. */
  readonly seeds: number;
  /** Runs of the map, with those left out. */
  readonly runs: number;
  readonly leftOut: Readonly<Partial<Record<LeftOut, number>>>;
  readonly x: MapAxis;
  readonly y: MapAxis;
  /** Every cell, column by column. */
  readonly cells: readonly HeatMapCell[];
}

export interface HeatMapSource {
  /** Values of the sweep axes. */
  readonly xValues: readonly Json[];
  readonly yValues: readonly Json[];
  readonly seeds: number;
  readonly runs: readonly HeatMapRun[];
  /** Title of the scenario. */
  readonly title: string;
  /** Axes that the declaration fixes, such as `learningRate = 1`; else empty. */
  readonly where: string;
  /** Name of the value with its unit. */
  readonly valueLabel: string;
}

export function tabulateHeatMap(declaration: HeatMapDeclaration, source: HeatMapSource): HeatMapTable {
  const { statistic = 'median', color = 'linear' } = declaration;
  const x = mapAxis(declaration.x, source.xValues);
  const y = mapAxis(declaration.y, source.yValues);
  const key = (xValue: Json, yValue: Json) => JSON.stringify([xValue, yValue]);
  const byCell = new Map<string, HeatMapRun[]>();
  for (const run of source.runs) {
    const list = byCell.get(key(run.x, run.y));
    if (list === undefined) byCell.set(key(run.x, run.y), [run]);
    else list.push(run);
  }
  const cells = x.values.flatMap((xValue, column) =>
    y.values.map((yValue, row): HeatMapCell => {
      const runs = byCell.get(key(xValue, yValue)) ?? [];
      const values = runs.filter((run) => reasonOf(run) === undefined).map(({ value }) => value);
      return { column, row, ...summarise(values, statistic), leftOut: countReasons(runs) };
    }),
  );
  return {
    title: declaration.title ?? source.title,
    note: declaration.note,
    where: source.where,
    valueLabel: declaration.valueLabel ?? source.valueLabel,
    statistic,
    color,
    limits: declaration.limits ?? colorLimits(cells, color),
    seeds: source.seeds,
    runs: source.runs.length,
    leftOut: countReasons(source.runs),
    x,
    y,
    cells,
  };
}

function reasonOf({ value, leftOut }: HeatMapRun): LeftOut | undefined {
  return leftOut ?? (Number.isFinite(value) ? undefined : 'not finite');
}

function countReasons(runs: readonly HeatMapRun[]): Partial<Record<LeftOut, number>> {
  const counts: Partial<Record<LeftOut, number>> = {};
  for (const run of runs) {
    const reason = reasonOf(run);
    if (reason !== undefined) counts[reason] = (counts[reason] ?? 0) + 1;
  }
  return counts;
}

function mapAxis(declared: FigureAxis, values: readonly Json[]): MapAxis {
  const label = declared.label ?? declared.axis;
  if (!values.every((value) => typeof value === 'number')) {
    const positions = values.map((_, i) => i);
    const ticks = values.map((value, i) => ({
      value: i,
      label: typeof value === 'string' ? value : JSON.stringify(value),
    }));
    return { label, scale: 'linear', values, positions, edges: cellEdges(positions, 'linear'), ticks };
  }
  const { inverse = false, divideBy = 1 } = declared;
  const placed = values
    .map((value) => ({ value, position: (inverse ? 1 / value : value) / divideBy }))
    .sort((a, b) => a.position - b.position);
  const positions = placed.map(({ position }) => position);
  const scale = declared.scale ?? (positions[0] > 0 ? 'log' : 'linear');
  const edges = cellEdges(positions, scale);
  return {
    label,
    scale,
    values: placed.map(({ value }) => value),
    positions,
    edges,
    ticks: chooseTicks(edges[0], edges[edges.length - 1], scale, positions),
  };
}

/** Ends that span the values; a scale without extent is widened, so that it can be drawn. */
function colorLimits(cells: readonly HeatMapCell[], color: ScaleKind): [number, number] {
  const values = cells
    .map(({ value }) => value)
    .filter((value) => Number.isFinite(value) && (color === 'linear' || value > 0));
  if (values.length === 0) return [0.1, 1];
  const low = values.reduce((a, b) => Math.min(a, b));
  const high = values.reduce((a, b) => Math.max(a, b));
  if (low < high) return [low, high];
  if (color === 'log') return [low / 2, low * 2];
  return [low - Math.abs(low || 1) / 2, low + Math.abs(low || 1) / 2];
}

/** "median over N = 10 seeds; 1440 runs, 37 left out (35 diverged, 2 failed)" */
export function describeSample({ statistic, seeds, runs, leftOut, where }: HeatMapTable): string {
  const reasons = Object.entries(leftOut).map(([reason, count]) => `${count}${TIE}${reason}`);
  const total = Object.values(leftOut).reduce((sum, count) => sum + count, 0);
  const over = seeds === 1 ? 'one seed' : `${statistic} over N${TIE}=${TIE}${seeds}${TIE}seeds`;
  const left = total === 0 ? '' : `, ${total} left out (${reasons.join(', ')})`;
  const at = where === '' ? '' : `; ${where}`;
  return `${over}; ${runs}${TIE}runs${left}${at}`;
}

/** What a reader should know of the colours: values beyond the ends of the scale. */
export function describeClamping({ cells, limits: [low, high], color }: HeatMapTable): string | undefined {
  const below = cells.filter(({ value }) => value < low).length;
  const above = cells.filter(({ value }) => value > high).length;
  const parts = [
    ...(below > 0 ? [`${below} below ${formatNumber(low)}${color === 'log' ? ' (zero among them, if any)' : ''}`] : []),
    ...(above > 0 ? [`${above} above ${formatNumber(high)}`] : []),
  ];
  return parts.length === 0 ? undefined : `Cells beyond the colour scale, drawn at its end: ${parts.join(', ')}.`;
}
