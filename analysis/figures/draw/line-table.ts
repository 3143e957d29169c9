// The numbers of a line figure: seeds summarised along one sweep axis, one curve per value of another.

import type { FigureAxis, LastAbove, LineDeclaration, ScaleKind } from '../../../core/contracts/figure.js';
import type { Json } from '../../../core/contracts/json.js';
import { type AxisValuesDrawn, swept } from '../../../core/figures/sources.js';
import { exp } from '../../../core/kernels/elementary.js';
import { absences } from './absence.js';
import { formatNumber, TIE } from './format.js';
import { axisLabel, type MapAxis, mapAxis } from './map-axis.js';
import { minimumOf } from './minima.js';
import { seriesColors } from './palette.js';
import { extentOf, type PlotCurve, type PlotTable } from './plot-panel.js';
import {
  type CellSample,
  countReasons,
  describeSample,
  LEFT_OUT,
  type LeftOutCounts,
  type RunValue,
  type SampleFacts,
  summariseRuns,
} from './sample.js';
import type { Statistic } from './statistics.js';
import { INK } from './style.js';

/** One run; `series` is undefined in a figure of one line, `along` and `seed` but where minima are drawn. */
export interface LineRun extends RunValue {
  readonly x: Json;
  readonly series?: Json;
  readonly along?: Json;
  readonly seed?: number;
}

export interface LineSource {
  readonly xValues: AxisValuesDrawn;
  readonly seriesValues?: AxisValuesDrawn;
  /** Of the axis along which the value is least. */
  readonly alongValues?: AxisValuesDrawn;
  readonly seeds: number;
  readonly runs: readonly LineRun[];
  /** The law beside the value, run by run. */
  readonly theoryRuns?: readonly LineRun[];
  /** Runs whose values `lastAbove` follows, where they are not those of the line. */
  readonly markedRuns?: readonly LineRun[];
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
  /** Those of the law; undefined where there is none. */
  readonly theory?: readonly CellSample[];
}

export interface LineTable extends SampleFacts {
  readonly title: string;
  readonly note?: string;
  readonly valueLabel: string;
  readonly x: MapAxis;
  readonly series: readonly LineSeries[];
  readonly yScale: ScaleKind;
  readonly limits?: readonly [number, number];
  readonly errors: NonNullable<LineDeclaration['errors']>;
  readonly guides: PlotTable['guides'];
  /** What the law is called; undefined where there is none. */
  readonly theoryLabel?: string;
  /** Levels that `lastAbove` finds nowhere, with the reason. */
  readonly unmarked: readonly string[];
}

export function tabulateLines(declaration: LineDeclaration, source: LineSource): LineTable {
  const statistic = typeof declaration.value === 'string' ? (declaration.statistic ?? 'median') : 'fraction';
  const x = mapAxis(declaration.x, source.xValues);
  const lines =
    declaration.series && source.seriesValues ? mapAxis(declaration.series, source.seriesValues) : undefined;
  const { leastAlong } = declaration;
  const along = leastAlong && source.alongValues ? mapAxis(leastAlong, source.alongValues) : undefined;
  const cellsOf = (runs: readonly LineRun[], over: Statistic, value?: Json): CellSample[] =>
    x.values.map((at) => {
      const here = runs.filter((run) => same(run.x, at) && (value === undefined || same(run.series, value)));
      return along ? summariseMinima(here, along, over) : summariseRuns(here, over);
    });
  const seriesOf = (value: Json | undefined, label: string): LineSeries => ({
    value,
    label,
    cells: cellsOf(source.runs, statistic, value),
    ...(source.theoryRuns && { theory: cellsOf(source.theoryRuns, statistic, value) }),
  });
  const markedCells = () => {
    if (source.markedRuns === undefined) return seriesOf(undefined, '').cells;
    const over = typeof declaration.lastAbove?.value === 'string' ? 'median' : 'fraction';
    return cellsOf(source.markedRuns, over);
  };
  const name = declaration.series ? axisLabel(declaration.series) : '';
  const series = lines
    ? lines.values.map((value, i) =>
        seriesOf(value, `${name} = ${shown(declaration.series, value, lines.positions[i])}`),
      )
    : [seriesOf(undefined, '')];
  const { lastAbove } = declaration;
  const marks =
    lastAbove === undefined || series.length !== 1
      ? []
      : marksOf(lastAbove, x, markedCells(), typeof (lastAbove.value ?? declaration.value) !== 'string');
  const values = series
    .flatMap(({ cells, theory = [] }) => [...cells, ...theory].map(({ value }) => value))
    .filter(Number.isFinite);
  // Limits at or below 0 leave only one scale.
  const natural = (declaration.limits?.[0] ?? 1) > 0 ? naturalScale(values) : 'linear';
  const yScale = declaration.yScale ?? along?.scale ?? (statistic === 'fraction' ? 'linear' : natural);
  const cells = series.flatMap((line) => line.cells);
  return {
    title: declaration.title ?? source.title,
    note: declaration.note,
    valueLabel:
      declaration.valueLabel ?? (along ? `${along.label} of the least ${source.valueLabel}` : source.valueLabel),
    where: source.where,
    ...(source.leavesOut === undefined ? {} : { leavesOut: source.leavesOut }),
    statistic,
    seeds: source.seeds,
    runs: source.runs.length,
    leftOut: along ? sumOf(cells.map(({ leftOut }) => leftOut)) : countReasons(source.runs),
    ...(along && {
      counted: { what: 'minima', count: cells.reduce((sum, { n, leftOut }) => sum + n + total(leftOut), 0) },
    }),
    x,
    series,
    yScale,
    limits: declaration.limits ?? (statistic === 'fraction' && yScale === 'linear' ? [-0.03, 1.03] : undefined),
    errors: declaration.errors ?? 'band',
    ...(source.theoryRuns && { theoryLabel: declaration.theoryLabel ?? 'theory' }),
    guides: [...(declaration.guides ?? []), ...marks.flatMap(({ guide }) => guide ?? [])],
    unmarked: marks.flatMap(({ unmarked }) => unmarked ?? []),
  };
}

/** Minima of the seeds of one cell; on a logarithmic axis they are summarised in logarithms. */
function summariseMinima(runs: readonly LineRun[], along: MapAxis, over: Statistic): CellSample {
  const seeds = [...new Set(runs.map(({ seed }) => seed))];
  const places = (some: readonly LineRun[]) =>
    some.map((run) => ({ ...run, place: along.positions[along.values.findIndex((value) => same(run.along, value))] }));
  const minima = seeds.map((seed) => minimumOf(places(runs.filter((run) => run.seed === seed)), along.scale));
  const sample = summariseRuns(minima, over);
  if (along.scale === 'linear') return sample;
  return { ...sample, value: exp(sample.value), low: exp(sample.low), high: exp(sample.high) };
}

const total = (counts: LeftOutCounts) => Object.values(counts).reduce((sum, count) => sum + count, 0);

function sumOf(counts: readonly LeftOutCounts[]): LeftOutCounts {
  const reasons = LEFT_OUT.map((reason) => [reason, counts.reduce((sum, one) => sum + (one[reason] ?? 0), 0)] as const);
  return Object.fromEntries(reasons.filter(([, count]) => count > 0));
}

/** The midpoint is arithmetic, as arXiv:2509.01349 takes it. */
function marksOf(
  { levels, label }: LastAbove,
  { positions }: MapAxis,
  cells: readonly CellSample[],
  isFraction: boolean,
): { readonly guide?: PlotTable['guides'][number]; readonly unmarked?: string }[] {
  return levels.map((level, i) => {
    const shown = isFraction ? `${formatNumber(100 * level)}${TIE}%` : formatNumber(level);
    const at = levels.length > 1 ? ` (${shown})` : '';
    const last = cells.map((cell) => cell.value > level).lastIndexOf(true);
    if (last < 0) return { unmarked: `No ${label}${at}: nowhere above` };
    if (last + 1 >= positions.length) return { unmarked: `No ${label}${at}: above up to the last point` };
    const x = (positions[last] + positions[last + 1]) / 2;
    return { guide: { x, label: `${label}${at} = ${formatNumber(x)}`, dash: i } };
  });
}

const same = (a: Json | undefined, b: Json) => a === b || JSON.stringify(a) === JSON.stringify(b);
const shown = (declared: FigureAxis | undefined, value: Json, position: number) =>
  declared === undefined || swept(declared, value) === undefined ? String(value) : formatNumber(position);

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
  const shownValues = series.flatMap(({ cells, theory = [] }) => [
    ...cells.flatMap(({ value, low, high }) => [value, low, high]),
    ...theory.map(({ value }) => value),
  ]);
  const colors = seriesColors(series.length);
  const bands = seeds > 1 ? `; ${table.errors === 'bars' ? 'bars' : 'bands'}: ${BANDS[statistic]}` : '';
  const isPartial = series.some(({ cells }) => cells.some(({ leftOut }) => Object.keys(leftOut).length > 0));
  // Numbers of runs stand on error bars.
  const air = isPartial && table.errors === 'bars' ? 0.12 : 0.04;
  return {
    title: table.title,
    sample: `${describeSample(table)}${bands}`,
    notes: [...gapsOf(table), ...table.unmarked.map((line) => `${line}.`), ...(note ? [note] : [])],
    x: {
      label: x.label,
      scale: x.scale,
      domain: extentOf(x.positions, x.scale),
      ticks: x.ticks,
    },
    y: { label: table.valueLabel, scale: yScale, domain: limits ?? extentOf(shownValues, yScale, air) },
    curves: [
      ...series.map(
        ({ label, cells }, i): PlotCurve => ({
          label,
          color: colors[i],
          style: 'points',
          errors: table.errors,
          points: cells.map(({ value, low, high, n, leftOut }, column) => ({
            ...{ x: x.positions[column], y: value, low, high },
            ...(Object.keys(leftOut).length > 0 ? { incomplete: n } : {}),
          })),
        }),
      ),
      // In one colour, above lines of any, and named once.
      ...series.flatMap(({ theory }, i): PlotCurve[] =>
        theory === undefined
          ? []
          : [
              {
                label: i === 0 ? (table.theoryLabel ?? '') : '',
                color: INK,
                dash: [3, 2],
                style: 'line',
                points: theory.map(({ value }, column) => ({ x: x.positions[column], y: value })),
              },
            ],
      ),
    ],
    guides: table.guides,
    regions: [],
  };
}
