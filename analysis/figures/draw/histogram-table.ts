// A stored histogram of every run, averaged over the seeds of a cell, next to the law that the same runs give.
import type { HistogramDeclaration } from '../../../core/contracts/figure.js';
import { seriesColors } from './palette.js';
import { extentOf, type PlotCurve, type PlotTable } from './plot-panel.js';
import {
  type CellSample,
  countReasons,
  describeSample,
  type RunValue,
  type SampleFacts,
  summariseRuns,
} from './sample.js';

/** The bins of one channel in one cell: runs x bins. */
export type BinnedRuns = readonly (readonly RunValue[])[];

/** What one cell gives: seeds, bin by bin. */
export interface HistogramCellSource {
  readonly label: string;
  readonly measured: BinnedRuns;
  readonly theory?: BinnedRuns;
}

export interface HistogramSource {
  readonly cells: readonly HistogramCellSource[];
  readonly seeds: number;
  readonly title: string;
  readonly where: string;
  readonly valueLabel: string;
  readonly leavesOut?: string;
}

export interface HistogramCurve {
  readonly label: string;
  readonly kind: 'measured' | 'theory';
  /** Bin by bin: mean over seeds with its standard error. */
  readonly bins: readonly CellSample[];
}

export interface HistogramTable extends SampleFacts {
  readonly title: string;
  readonly note?: string;
  readonly xLabel: string;
  readonly valueLabel: string;
  /** Centres of the bins. */
  readonly centres: readonly number[];
  readonly range: readonly [number, number];
  readonly curves: readonly HistogramCurve[];
  readonly theoryLabel: string;
}

export function tabulateHistogram(
  declaration: Omit<HistogramDeclaration, 'name'>,
  source: HistogramSource,
): HistogramTable {
  const { range, theoryLabel = 'theory' } = declaration;
  const bins = Math.max(0, ...source.cells.flatMap(({ measured }) => measured.map((run) => run.length)));
  const curve = (label: string, kind: 'measured' | 'theory', runs: BinnedRuns): HistogramCurve => ({
    label,
    kind,
    bins: Array.from({ length: bins }, (_, bin) =>
      summariseRuns(
        runs.map((run) => run[bin] ?? run[0]),
        'mean',
      ),
    ),
  });
  const firsts = source.cells.flatMap(({ measured }) => measured.map(([first]) => first));
  return {
    title: declaration.title ?? source.title,
    note: declaration.note,
    xLabel: declaration.xLabel,
    valueLabel: declaration.valueLabel ?? source.valueLabel,
    where: source.where,
    ...(source.leavesOut === undefined ? {} : { leavesOut: source.leavesOut }),
    statistic: 'mean',
    seeds: source.seeds,
    runs: firsts.length,
    leftOut: countReasons(firsts),
    centres: Array.from({ length: bins }, (_, i) => range[0] + ((range[1] - range[0]) * (i + 0.5)) / bins),
    range,
    curves: source.cells.flatMap(({ label, measured, theory }) => [
      curve(label, 'measured', measured),
      ...(theory ? [curve(label, 'theory', theory)] : []),
    ]),
    theoryLabel,
  };
}

export function histogramPlot(table: HistogramTable): PlotTable {
  const { centres, range, curves, seeds } = table;
  const cells = [...new Set(curves.map(({ label }) => label))];
  const colors = seriesColors(cells.length);
  const shown = curves.flatMap(({ bins }) => bins.flatMap(({ value, high }) => [value, high]));
  const top = extentOf([0, ...shown], 'linear')[1];
  const bands = seeds > 1 ? '; bands: one standard error' : '';
  return {
    title: table.title,
    sample: `${describeSample(table)}${bands}`,
    notes: table.note ? [table.note] : [],
    x: { label: table.xLabel, scale: 'linear', domain: range },
    y: { label: table.valueLabel, scale: 'linear', domain: [0, top] },
    curves: curves.map(({ label, kind, bins }): PlotCurve => {
      const theory = kind === 'theory';
      return {
        label: theory ? `${label}${label ? ', ' : ''}${table.theoryLabel}` : label || 'measured',
        color: colors[cells.indexOf(label)],
        dash: theory ? [3, 2] : [],
        style: theory ? 'line' : 'steps',
        points: bins.map(({ value, low, high }, i) => ({
          x: centres[i],
          y: value,
          ...(theory ? {} : { low, high }),
        })),
      };
    }),
    guides: [],
    regions: [],
  };
}
