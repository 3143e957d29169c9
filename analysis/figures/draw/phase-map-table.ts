// The numbers of a phase map: for every cell the label that most of its seeds have, with its probability, and where
// boundaries between labels were found.
import type { Banded } from '../../../core/contracts/classifier.js';
import type { FigureAxis, PhaseMapDeclaration } from '../../../core/contracts/figure.js';
import type { Json } from '../../../core/contracts/json.js';
import type { AxisValuesDrawn } from '../../../core/figures/sources.js';
import { sameJson } from '../../../core/figures/sources.js';
import { labelProbability } from '../../../core/phases/cells.js';
import { type MapAxis, mapAxis } from './map-axis.js';
import { guideCurve } from './map-curves.js';
import type { FrameCell, FramedMap } from './map-frame.js';
import { countReasons, type LeftOut, type SampleFacts } from './sample.js';

/** One run: its label, or why it has none. */
export interface LabelledRun {
  readonly x: Json;
  readonly y: Json;
  readonly label?: string;
  readonly leftOut?: LeftOut;
}

/** A point on a boundary, with its band along one axis, in the values of the sweep axes. */
export interface StoredCrossing extends Banded {
  readonly between: readonly [string, string];
  readonly along: string;
  /** Value of the other axis of the map. */
  readonly at: Json;
}

export interface PhaseCell extends FrameCell {
  readonly label: string | undefined;
  /** Of `label`, that another seed has it; with its band. */
  readonly probability: Banded;
  /** Runs with each label, in the order of `labels`. */
  readonly counts: readonly number[];
}

/** A point of a boundary in the units of the axes as drawn. */
export interface DrawnCrossing {
  /** The point. */
  readonly cx: number;
  readonly cy: number;
  /** Ends of its band. */
  readonly x: number;
  readonly y: number;
  readonly x2: number;
  readonly y2: number;
}

export interface PhaseMapTable extends SampleFacts<'label'>, FramedMap<PhaseCell> {
  readonly title: string;
  readonly note?: string;
  readonly classifier: string;
  readonly labels: readonly string[];
  readonly crossings: readonly DrawnCrossing[];
}

export interface PhaseMapSource {
  readonly xValues: AxisValuesDrawn;
  readonly yValues: AxisValuesDrawn;
  readonly seeds: number;
  readonly runs: readonly LabelledRun[];
  readonly classifier: string;
  readonly labels: readonly string[];
  readonly crossings: readonly StoredCrossing[];
  readonly title: string;
  readonly where: string;
}

export function tabulatePhases(
  declaration: Omit<PhaseMapDeclaration, 'name'>,
  { xValues, yValues, runs, labels, ...source }: PhaseMapSource,
): PhaseMapTable {
  const x = mapAxis(declaration.x, xValues);
  const y = mapAxis(declaration.y, yValues);
  return {
    title: declaration.title ?? source.title,
    note: declaration.note,
    where: source.where,
    classifier: source.classifier,
    labels,
    statistic: 'label',
    seeds: source.seeds,
    runs: runs.length,
    leftOut: countReasons(runs),
    uncertainty: 'band of the probability (68 %) reaches 1/2',
    x,
    y,
    cells: x.values.flatMap((xValue, column) =>
      y.values.map((yValue, row) => {
        const here = runs.filter((run) => sameJson(run.x, xValue) && sameJson(run.y, yValue));
        return { column, row, ...judgeCell(here, labels), leftOut: countReasons(here) };
      }),
    ),
    curves: (declaration.guides ?? []).map((guide) => guideCurve(guide, x, y)),
    crossings: source.crossings.flatMap((crossing) =>
      drawCrossing(crossing, declaration, { x, y }, { xValues, yValues }),
    ),
  };
}

function judgeCell(runs: readonly LabelledRun[], labels: readonly string[]) {
  const counts = labels.map((label) => runs.filter((run) => run.label === label).length);
  const n = counts.reduce((sum, count) => sum + count, 0);
  const most = Math.max(...counts);
  const probability = labelProbability(most, n, labels.length);
  return {
    n,
    counts,
    label: n === 0 ? undefined : labels[counts.indexOf(most)],
    probability,
    uncertain: probability.low <= 0.5,
  };
}

function drawCrossing(
  { along, at, value, low, high }: StoredCrossing,
  { x: xDeclared, y: yDeclared }: Pick<PhaseMapDeclaration, 'x' | 'y'>,
  { x, y }: { readonly x: MapAxis; readonly y: MapAxis },
  drawn: { readonly xValues: AxisValuesDrawn; readonly yValues: AxisValuesDrawn },
): DrawnCrossing[] {
  const horizontal = along === xDeclared.axis;
  if (!horizontal && along !== yDeclared.axis) return [];
  const [declared, values] = horizontal ? ([xDeclared, drawn.xValues] as const) : ([yDeclared, drawn.yValues] as const);
  const across = horizontal ? y : x;
  const place = across.positions[across.values.findIndex((known) => sameJson(known, at))];
  if (place === undefined) return [];
  const [centre, start, end] = [value, low, high].map((each) => positionOf(each, declared, values));
  return [
    horizontal
      ? { x: start, x2: end, cx: centre, y: place, y2: place, cy: place }
      : { y: start, y2: end, cy: centre, x: place, x2: place, cx: place },
  ];
}

/** Where a value between those of the axis is drawn: the divisor is that of its first value. */
function positionOf(value: number, { inverse }: FigureAxis, { divisors }: AxisValuesDrawn): number {
  return (inverse ? 1 / value : value) / divisors[0];
}
