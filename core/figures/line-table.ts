// The numbers of a line figure: seeds summarised along one sweep axis, one curve per value of another.
import type { Json } from '../parameters/check.js';
import { absences } from './absence.js';
import type { GuideLine, LineDeclaration, ScaleKind } from './declaration.js';
import { formatNumber, TIE } from './format.js';
import { type AxisValuesDrawn, type MapAxis, mapAxis } from './map-axis.js';
import { seriesColors } from './palette.js';
import { extentOf, type PlotTable } from './plot-panel.js';
import {
  type CellSample,
  countReasons,
  describeSample,
  type RunValue,
  type SampleFacts,
  summariseRuns,
} from './sample.js';

/** One run; `series` is undefined in a figure of one line. */
export interface LineRun extends RunValue {
  readonly x: Json;
  readonly series?: Json;
}

export interface LineSource {
  readonly xValues: AxisValuesDrawn;
  readonly seriesValues?: AxisValuesDrawn;
  readonly seeds: number;
  readonly runs: readonly LineRun[];
  readonly title: string;
  readonly where: string;
  readonly valueLabel: string;
  readonly leavesOut?: string;
}

/** One line: a cell per position of the x axis. */
export interface LineSeries {
  /** Value on the series axis as in the scenario; undefined in a figure of one line. */
  readonly value: Json | undefined;
  readonly label: string;
  readonly cells: readonly CellSample[];
}

export interface LineTable extends SampleFacts {
  readonly title: string;
  readonly note?: string;
  readonly valueLabel: string;
  readonly x: MapAxis;
  readonly series: readonly LineSeries[];
  readonly yScale: ScaleKind;
  readonly limits?: readonly [number, number];
  readonly guides: NonNullable<LineDeclaration['guides']>;
}

export function tabulateLines(declaration: LineDeclaration, source: LineSource): LineTable {
  const statistic = typeof declaration.value === 'string' ? (declaration.statistic ?? 'median') : 'fraction';
  const x = mapAxis(declaration.x, source.xValues);
  const lines =
    declaration.series && source.seriesValues ? mapAxis(declaration.series, source.seriesValues) : undefined;
  const seriesOf = (value: Json | undefined, label: string): LineSeries => ({
    value,
    label,
    cells: x.values.map((at) =>
      summariseRuns(
        source.runs.filter((run) => same(run.x, at) && (value === undefined || same(run.series, value))),
        statistic,
      ),
    ),
  });
  const name = declaration.series?.label ?? declaration.series?.axis ?? '';
  const series = lines
    ? lines.values.map((value, i) => seriesOf(value, `${name} = ${shown(value, lines.positions[i])}`))
    : [seriesOf(undefined, '')];
  const values = series.flatMap(({ cells }) => cells.map(({ value }) => value)).filter(Number.isFinite);
  // Limits at or below 0 leave only one scale.
  const natural = (declaration.limits?.[0] ?? 1) > 0 ? naturalScale(values) : 'linear';
  const yScale = declaration.yScale ?? (statistic === 'fraction' ? 'linear' : natural);
  return {
    title: declaration.title ?? source.title,
    note: declaration.note,
    valueLabel: declaration.valueLabel ?? source.valueLabel,
    where: source.where,
    ...(source.leavesOut === undefined ? {} : { leavesOut: source.leavesOut }),
    statistic,
    seeds: source.seeds,
    runs: source.runs.length,
    leftOut: countReasons(source.runs),
    x,
    series,
    yScale,
    limits: declaration.limits ?? (statistic === 'fraction' && yScale === 'linear' ? [-0.03, 1.03] : undefined),
    guides: [...(declaration.guides ?? []), ...lastAboveGuide(declaration.lastAbove, x, series)],
  };
}

/** The midpoint is arithmetic, as arXiv:2509.01349 takes it. */
function lastAboveGuide(
  wanted: LineDeclaration['lastAbove'],
  { positions }: MapAxis,
  series: readonly LineSeries[],
): GuideLine[] {
  if (wanted === undefined || series.length !== 1) return [];
  const above = series[0].cells.map(({ value }) => value > wanted.level);
  const last = above.lastIndexOf(true);
  if (last < 0 || last + 1 >= positions.length) return [];
  const x = (positions[last] + positions[last + 1]) / 2;
  return [{ x, label: `${wanted.label} = ${formatNumber(x)}` }];
}

const same = (a: Json | undefined, b: Json) => a === b || JSON.stringify(a) === JSON.stringify(b);
const shown = (value: Json, position: number) => (typeof value === 'number' ? formatNumber(position) : String(value));

function naturalScale(values: readonly number[]): ScaleKind {
  const low = values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const high = values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  return low > 0 && high / low > 30 ? 'log' : 'linear';
}

const BANDS = {
  median: `16 to 84${TIE}% of the seeds`,
  mean: 'one standard error',
  fraction: `68${TIE}% interval`,
} as const;

/** What a reader should know of the gaps in a line. */
function gapsOf({ series }: LineTable): string[] {
  const cells = series.flatMap((line) => line.cells);
  const absent = cells.filter(({ n }) => n === 0);
  if (absent.length === 0) return [];
  const reasons = absences(absent).map(({ words, cells: some }) => `${some.length}${TIE}${words}`);
  return [`Gaps: ${absent.length} of ${cells.length} points have no value: ${reasons.join(', ')}.`];
}

export function linePlot(table: LineTable): PlotTable {
  const { x, series, yScale, limits, statistic, seeds, note } = table;
  const shownValues = series.flatMap(({ cells }) => cells.flatMap(({ value, low, high }) => [value, low, high]));
  const colors = seriesColors(series.length);
  const bands = seeds > 1 ? `; bands: ${BANDS[statistic]}` : '';
  return {
    title: table.title,
    sample: `${describeSample(table)}${bands}`,
    notes: [...gapsOf(table), ...(note ? [note] : [])],
    x: {
      label: x.label,
      scale: x.scale,
      domain: extentOf(x.positions, x.scale),
      ticks: x.ticks,
    },
    y: { label: table.valueLabel, scale: yScale, domain: limits ?? extentOf(shownValues, yScale) },
    curves: series.map(({ label, cells }, i) => ({
      label,
      color: colors[i],
      style: 'points',
      points: cells.map(({ value, low, high, n, leftOut }, column) => ({
        ...{ x: x.positions[column], y: value, low, high },
        ...(Object.keys(leftOut).length > 0 ? { incomplete: n } : {}),
      })),
    })),
    guides: table.guides,
    regions: [],
  };
}
