// The numbers of a heat map: seeds summarised into cells over two axes, and curves over them. Drawn as a figure or in a
// terminal.

import type { ColorKind, HeatMapDeclaration } from '../../../core/contracts/figure.js';
import type { Json } from '../../../core/contracts/json.js';
import type { AxisValuesDrawn } from '../../../core/figures/sources.js';
import { type ColorScaleSpec, usualLinearWithin } from './color-scale.js';
import { formatNumber } from './format.js';
import { type MapAxis, mapAxis } from './map-axis.js';
import { contourCurves, guideCurve } from './map-curves.js';
import type { FrameCell, FramedMap } from './map-frame.js';
import { type CellSample, countReasons, type RunValue, type SampleFacts, summariseRuns } from './sample.js';
import type { Statistic } from './statistics.js';

/** One run of the sweep. */
export interface HeatMapRun extends RunValue {
  /** Values of the two axes as in the scenario. */
  readonly x: Json;
  readonly y: Json;
}

export interface HeatMapCell extends CellSample, FrameCell {}

export interface HeatMapTable extends SampleFacts, FramedMap<HeatMapCell>, ColorScaleSpec {
  readonly title: string;
  readonly note?: string;
  readonly valueLabel: string;
}

export interface HeatMapSource {
  /** Values of the sweep axes. */
  readonly xValues: AxisValuesDrawn;
  readonly yValues: AxisValuesDrawn;
  readonly seeds: number;
  readonly runs: readonly HeatMapRun[];
  /** Values of the contours, where they are not those of the map. */
  readonly contourRuns?: readonly HeatMapRun[];
  /** Title of the scenario. */
  readonly title: string;
  /** Axes that the declaration fixes, such as `learning rate = 1`; else empty. */
  readonly where: string;
  /** Name of the value with its unit. */
  readonly valueLabel: string;
  readonly leavesOut?: string;
}

const isFraction = (value: unknown) => typeof value !== 'string';

export function tabulateHeatMap(declaration: HeatMapDeclaration, source: HeatMapSource): HeatMapTable {
  const { color = 'linear', contours, guides = [] } = declaration;
  const fraction = isFraction(declaration.value);
  const statistic = fraction ? 'fraction' : (declaration.statistic ?? 'median');
  const x = mapAxis(declaration.x, source.xValues);
  const y = mapAxis(declaration.y, source.yValues);
  const { uncertainty, isUncertain } = uncertaintyOf(declaration, fraction);
  const cells = summariseCells(x, y, source.runs, statistic).map((cell) => ({ ...cell, uncertain: isUncertain(cell) }));
  const values = cells.map(({ value }) => value);
  const center = declaration.center ?? (color === 'symlog' ? 0 : undefined);
  const contourStatistic = isFraction(contours?.value ?? declaration.value) ? 'fraction' : contours?.statistic;
  const contourCells = summariseCells(x, y, source.contourRuns ?? source.runs, contourStatistic ?? 'mean');
  const contourLines = contours ? contourCurves(contours, x, y, contourCells, contourStatistic === 'fraction') : [];
  return {
    title: declaration.title ?? source.title,
    note: declaration.note,
    where: source.where,
    ...(source.leavesOut === undefined ? {} : { leavesOut: source.leavesOut }),
    valueLabel: declaration.valueLabel ?? source.valueLabel,
    statistic,
    color,
    limits: declaration.limits ?? (fraction && color === 'linear' ? [0, 1] : colorLimits(values, color)),
    center,
    linearWithin: color === 'symlog' ? (declaration.linearWithin ?? usualLinearWithin(values, center ?? 0)) : undefined,
    uncertainty,
    seeds: source.seeds,
    runs: source.runs.length,
    leftOut: countReasons(source.runs),
    x,
    y,
    cells,
    curves: [...contourLines, ...guides.map((guide) => guideCurve(guide, x, y, contourLines))],
  };
}

function summariseCells(x: MapAxis, y: MapAxis, runs: readonly HeatMapRun[], statistic: Statistic) {
  const key = (xValue: Json, yValue: Json) => JSON.stringify([xValue, yValue]);
  const byCell = new Map<string, HeatMapRun[]>();
  for (const run of runs) {
    const list = byCell.get(key(run.x, run.y));
    if (list === undefined) byCell.set(key(run.x, run.y), [run]);
    else list.push(run);
  }
  return x.values.flatMap((xValue, column) =>
    y.values.map((yValue, row) => {
      const sample = summariseRuns(byCell.get(key(xValue, yValue)) ?? [], statistic);
      return { column, row, ...sample };
    }),
  );
}

function uncertaintyOf({ hatchAbove, color, center = 0 }: HeatMapDeclaration, fraction: boolean) {
  if (fraction) {
    return {
      uncertainty: 'band of the fraction (68 %) includes 1/2',
      isUncertain: ({ low, high, n }: CellSample) => n > 0 && low <= 0.5 && high >= 0.5,
    };
  }
  if (hatchAbove === undefined && color === 'symlog') {
    return {
      uncertainty: `band over seeds includes ${formatNumber(center)}`,
      isUncertain: ({ low, high }: CellSample) => low <= center && high >= center,
    };
  }
  if (hatchAbove === undefined) return { uncertainty: '', isUncertain: () => false };
  const ratio = color === 'log';
  return {
    uncertainty: `band over seeds wider than ${ratio ? 'a factor of ' : ''}${formatNumber(hatchAbove)}`,
    // False for NaN: a single seed has no band.
    isUncertain: ({ low, high }: CellSample) => (ratio ? high / low : high - low) > hatchAbove,
  };
}

/** Ends that span the values; a scale without extent is widened, so that it can be drawn. */
function colorLimits(all: readonly number[], color: ColorKind): [number, number] {
  const values = all.filter((value) => Number.isFinite(value) && (color !== 'log' || value > 0));
  if (values.length === 0) return [0.1, 1];
  const low = values.reduce((a, b) => Math.min(a, b));
  const high = values.reduce((a, b) => Math.max(a, b));
  if (low < high) return [low, high];
  if (color === 'log') return [low / 2, low * 2];
  return [low - Math.abs(low || 1) / 2, low + Math.abs(low || 1) / 2];
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
