// Figures as a scenario or a plugin declares them: data that says which stored numbers to draw, and how.
import type { Json } from './json.js';

/** Width of a figure: a column or a page of a journal. */
export const FIGURE_WIDTHS = ['column', 'page'] as const;

export type FigureWidth = (typeof FIGURE_WIDTHS)[number];

export type ScaleKind = 'log' | 'linear';

/** 'symlog': logarithmic in both directions from a centre, for numbers of either sign over many decades. */
export type ColorKind = ScaleKind | 'symlog';

/** An axis of a figure: a swept parameter, or a simple function of it. */
export interface FigureAxis {
  /** Path of a sweep axis, for example `model.initialWidth`. */
  readonly axis: string;
  /** Of values that are lists of numbers, such as widths of layers: which of them is drawn, counted from 0. */
  readonly entry?: number;
  /** Draw 1 / value, before `divideBy`. */
  readonly inverse?: boolean;
  /** Draw value / divideBy: a number, or the path of one in the scenario, for example `noise.batchSize`. Default 1. */
  readonly divideBy?: number | string;
  /** Default: the path. */
  readonly label?: string;
  /** Default 'log' where all values are positive, else 'linear'. */
  readonly scale?: ScaleKind;
}

/** A number that is one of the seeds' labels: the fraction of runs that a classifier gives one of these labels. */
export interface LabelValue {
  readonly labels: readonly string[];
  /** Default: the classifier of the scenario. */
  readonly classifier?: string;
}

/** A channel, `observer.channel`, or `component.channel` of the first observer that is this component; or a fraction. */
export type FigureValue = string | LabelValue;

/** Where a figure has been published. */
export interface Published {
  /** arXiv number, DOI or URL. */
  readonly source: string;
  /** As the source counts it, for example '9'. `eigenflow figures --only fig9` finds it. */
  readonly figure: string;
}

interface CommonDeclaration {
  /** File name without ending: letters, digits, `-`, `_` and `.`. */
  readonly name: string;
  /** Default: the title of the scenario. */
  readonly title?: string;
  /** Small print under the figure. */
  readonly note?: string;
  /** Default 'page' for flows and figures of several panels, else 'column'. */
  readonly width?: FigureWidth;
  readonly published?: Published;
}

/** Which number of every run, and how the seeds of a cell are summarised. */
interface OfRuns {
  readonly value: FigureValue;
  /** Position in a frame of a channel that is not one number: indices from 0, so that [0] is what figures call level 1. */
  readonly element?: readonly number[];
  /** Which frame: the last one (default), or its number counted from 0. */
  readonly frame?: 'last' | number;
  /** Over the seeds of a cell. Default 'median'. Fractions are fractions. */
  readonly statistic?: 'median' | 'mean';
  /** Multiplies the number of every run: the same measure by another convention. Default 1. */
  readonly factor?: number;
  /** Name of the value. Default: the channel and its unit. */
  readonly valueLabel?: string;
  /** Values of sweep axes that the figure does not show: only these cells are drawn. */
  readonly where?: Readonly<Record<string, Json>>;
}

/** Curves over a map on which a summarised value has given levels. */
export interface ContourOverlay {
  readonly levels: readonly number[];
  /** Default: the value of the map. */
  readonly value?: FigureValue;
  /** Over the seeds. Default 'mean'. */
  readonly statistic?: 'median' | 'mean';
  /** Stands before the level in the legend. */
  readonly label?: string;
  /** Only where x * y, as drawn, exceeds this. */
  readonly whereProductAbove?: number;
}

/** A straight line across a plot, at one place of one axis, as drawn; or one from point to point. */
export interface GuideLine {
  readonly x?: number;
  readonly y?: number;
  /** [x, y] of each corner, as drawn; straight in between on the scales of the plot. Instead of x or y. */
  readonly points?: readonly (readonly [number, number])[];
  /** Ends on the other axis, as drawn; default: those of the plot. */
  readonly from?: number;
  /** 'contour', in a map: where the line first meets a contour of it, else its end. */
  readonly to?: number | 'contour';
  readonly label: string;
}

/** A number of every run as colour over two sweep axes. */
export interface HeatMapDeclaration extends CommonDeclaration, OfRuns {
  readonly kind: 'heat-map';
  readonly x: FigureAxis;
  readonly y: FigureAxis;
  /** Scale of the colours. Default 'linear'. */
  readonly color?: ColorKind;
  /** Ends of the colour scale; default: those of the values, 0 and 1 for fractions. Fix them where figures are compared. */
  readonly limits?: readonly [number, number];
  /** Colours in two hues that part at this value: on a linear scale, or on 'symlog', where it is 0 by default. */
  readonly center?: number;
  /**
   * On 'symlog': the distance from the centre up to which colours are about linear. Default: a power of ten, about the
   * smallest distance that occurs and at least 10^-4 of the largest.
   */
  readonly linearWithin?: number;
  readonly contours?: ContourOverlay;
  readonly guides?: readonly GuideLine[];
  /**
   * Hatches cells whose band over seeds (see `summarise`) is wider than this: upper / lower end on a logarithmic scale,
   * else their difference. Fractions: cells whose band includes 1/2 are hatched.
   */
  readonly hatchAbove?: number;
}

/** Marks where a value along a line passes a level for the last time. */
export interface LastAbove {
  /** Default: the value of the line. */
  readonly value?: FigureValue;
  readonly levels: readonly number[];
  /** Stands before the level and the place in the legend. */
  readonly label: string;
}

/** A number of every run against one sweep axis: medians with bands over seeds, a line per value of another axis. */
export interface LineDeclaration extends CommonDeclaration, OfRuns {
  readonly kind: 'line';
  readonly x: FigureAxis;
  /** One line per value of this axis. */
  readonly series?: FigureAxis;
  /** Only these values of the series axis, as in the scenario. */
  readonly seriesValues?: readonly Json[];
  /** A channel of the same shape: the law that the points should follow, summarised as they are, dashed. */
  readonly theory?: string;
  readonly theoryLabel?: string;
  /**
   * Draws where along a third axis the value is least, in place of the value: the best learning rate by the loss, say. For
   * every seed that is the lowest point of the parabola through its least value and the two beside it, in logarithms where
   * the axis is logarithmic and where the three values are positive; the seeds are then summarised like values, again in
   * logarithms. A run that diverged counts as above all others; a seed whose least value is at an end of the axis has
   * no minimum and is left out.
   */
  readonly leastAlong?: FigureAxis;
  /** Marks the point midway between the last x at which a value exceeds a level and the next: in a figure of one line. */
  readonly lastAbove?: LastAbove;
  /** How the scatter over seeds is drawn. Default 'band'. */
  readonly errors?: 'band' | 'bars';
  /** Default 'log' where all values are positive and span a factor of 30, else 'linear'. */
  readonly yScale?: ScaleKind;
  readonly limits?: readonly [number, number];
  readonly guides?: readonly GuideLine[];
}

/** A cell of a sweep that a flow shows. */
export interface FlowCell {
  /** Stands before the values of the axes. */
  readonly label?: string;
  /** A value for every axis that the sweep varies. */
  readonly at: Readonly<Record<string, Json>>;
}

/** Every element of a channel as a line over time, one panel per cell, for one seed. */
export interface FlowDeclaration extends CommonDeclaration {
  readonly kind: 'flow';
  readonly value: string;
  readonly x: 'epoch' | 'step' | 'time';
  /** Counts x from here, in its own unit; frames before it are left out. Default 0. */
  readonly since?: number;
  /** Draws x over this number, such as steps over the number of inputs. Default 1. */
  readonly xDivideBy?: number;
  /** Name of x. Default: that of its unit. */
  readonly xLabel?: string;
  /** Values of sweep axes that the figure does not show: only these cells are drawn. */
  readonly where?: Readonly<Record<string, Json>>;
  /** 'cell': a panel per cell of the sweep. A path: a panel per value of that axis; `where` then fixes all others. */
  readonly panels?: 'cell' | string | readonly FlowCell[];
  /** Every panel with a y axis of its own: regimes can be decades apart. Default false. */
  readonly ownScales?: boolean;
  /** Default 'linear'. */
  readonly yScale?: ScaleKind;
  /** Default 'linear'. Frames at 0 cannot be drawn on 'log'. */
  readonly xScale?: ScaleKind;
  /** Default 0. */
  readonly seed?: number;
  /** How cells are told: the values of these axes, as drawn. Default: those of the sweep that differ. */
  readonly cellAxes?: readonly FigureAxis[];
  /** Levels that do not move, dashed: the first frame of another channel. */
  readonly reference?: { readonly value: string; readonly label: string };
  /** A channel of the same shape: the law that the lines should follow, dashed. */
  readonly theory?: string;
  readonly theoryLabel?: string;
  /** Name of the value at the axis. Default: the channel and its unit. */
  readonly valueLabel?: string;
}

/**
 * The label of every cell as colour over two sweep axes, paler where it is less probable, with the boundaries between
 * labels.
 */
export interface PhaseMapDeclaration extends CommonDeclaration {
  readonly kind: 'phase-map';
  /** Default: the classifier of the scenario. */
  readonly classifier?: string;
  readonly x: FigureAxis;
  readonly y: FigureAxis;
  readonly where?: Readonly<Record<string, Json>>;
  readonly guides?: readonly GuideLine[];
}

/** A phase map for every classifier whose verdicts are stored, and where they disagree. */
export interface ClassifierComparisonDeclaration extends CommonDeclaration {
  readonly kind: 'classifier-comparison';
  readonly x: FigureAxis;
  readonly y: FigureAxis;
  readonly where?: Readonly<Record<string, Json>>;
}

/** A stored histogram, mean over seeds with its error, and the law next to it; one pair of curves per cell. */
export interface HistogramDeclaration extends CommonDeclaration {
  readonly kind: 'histogram';
  /** A channel of one axis: a density over bins of equal width. */
  readonly value: string;
  /** A channel of the same shape: the law. */
  readonly theory?: string;
  readonly theoryLabel?: string;
  /** From the lower end of the first bin to the upper end of the last. */
  readonly range: readonly [number, number];
  readonly xLabel: string;
  readonly valueLabel?: string;
  readonly cells?: readonly FlowCell[];
  readonly frame?: 'last' | number;
  /** Fixes all axes that the cells do not. */
  readonly where?: Readonly<Record<string, Json>>;
}

/** A curve that is given, not measured: theory, or a published table. */
export interface GivenCurve {
  readonly label: string;
  readonly x: readonly number[];
  readonly y: readonly number[];
}

/** Given curves. */
export interface CurvesDeclaration extends CommonDeclaration {
  readonly kind: 'curves';
  readonly curves: readonly GivenCurve[];
  readonly xLabel: string;
  readonly yLabel: string;
  readonly xScale?: ScaleKind;
  readonly yScale?: ScaleKind;
  readonly limits?: readonly [number, number];
  readonly guides?: readonly GuideLine[];
  /** Ranges of x that are shaded. */
  readonly regions?: readonly { readonly from: number; readonly to: number; readonly label: string }[];
}

/** Several figures in one, with letters. */
export interface PanelsDeclaration extends CommonDeclaration {
  readonly kind: 'panels';
  readonly panels: readonly PlotDeclaration[];
  /** Side by side on a page, 6 at most. Default: 2, and 1 in a column. */
  readonly columns?: number;
}

/** What can stand in a panel; its name is not used there. */
export type PlotDeclaration =
  | Unnamed<HeatMapDeclaration>
  | Unnamed<LineDeclaration>
  | Unnamed<FlowDeclaration>
  | Unnamed<PhaseMapDeclaration>
  | Unnamed<HistogramDeclaration>
  | Unnamed<CurvesDeclaration>;

type Unnamed<Declaration extends CommonDeclaration> = Omit<Declaration, 'name' | 'width' | 'published'>;

export type FigureDeclaration =
  | HeatMapDeclaration
  | LineDeclaration
  | FlowDeclaration
  | PhaseMapDeclaration
  | ClassifierComparisonDeclaration
  | HistogramDeclaration
  | CurvesDeclaration
  | PanelsDeclaration;
