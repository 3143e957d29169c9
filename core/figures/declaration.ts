// Figures as a scenario declares them: data that says which stored numbers to draw, and how.
import type { Json } from '../parameters/check.js';

export type ScaleKind = 'log' | 'linear';

/** An axis of a map: a swept parameter, or a simple function of it. */
export interface FigureAxis {
  /** Path of a sweep axis, for example `model.initialWidth`. */
  readonly axis: string;
  /** Draw 1 / value, before `divideBy`. */
  readonly inverse?: boolean;
  /** Draw value / divideBy, for example learning rate over batch size. Default 1. */
  readonly divideBy?: number;
  /** Default: the path. */
  readonly label?: string;
  /** Default 'log' where all values are positive, else 'linear'. */
  readonly scale?: ScaleKind;
}

interface CommonDeclaration {
  /** File name without ending: letters, digits, `-`, `_` and `.`. */
  readonly name: string;
  /** Default: the title of the scenario. */
  readonly title?: string;
  /** Small print under the figure. */
  readonly note?: string;
  /** A channel, `observer.channel`. */
  readonly value: string;
  /** Values of sweep axes that the figure does not show: only these cells are drawn. */
  readonly where?: Readonly<Record<string, Json>>;
}

/** A number of every run as colour over two sweep axes. */
export interface HeatMapDeclaration extends CommonDeclaration {
  readonly kind: 'heat-map';
  /** Position in a frame of a channel that is not one number, counted from 0. */
  readonly element?: readonly number[];
  /** Which frame: the last one (default), or its number counted from 0. */
  readonly frame?: 'last' | number;
  /** Over the seeds of a cell. Default 'median'. */
  readonly statistic?: 'median' | 'mean';
  readonly x: FigureAxis;
  readonly y: FigureAxis;
  /** Scale of the colours. Default 'linear'. */
  readonly color?: ScaleKind;
  /** Ends of the colour scale; default: those of the values. Fix them where figures are compared. */
  readonly limits?: readonly [number, number];
  /** Name of the value at the colour bar. Default: the channel and its unit. */
  readonly valueLabel?: string;
}

/** Every element of a channel as a line over time, one panel per cell, for one seed. */
export interface FlowDeclaration extends CommonDeclaration {
  readonly kind: 'flow';
  readonly x: 'epoch' | 'step' | 'time';
  /** 'cell': a panel per cell of the sweep. A path: a panel per value of that axis; `where` then fixes all others. */
  readonly panels?: 'cell' | string;
  /** Default 'linear'. */
  readonly yScale?: ScaleKind;
  /** Default 'linear'. Frames at 0 cannot be drawn on 'log'. */
  readonly xScale?: ScaleKind;
  /** Default 0. */
  readonly seed?: number;
  /** Name of the value at the axis. Default: the channel and its unit. */
  readonly valueLabel?: string;
}

export type FigureDeclaration = HeatMapDeclaration | FlowDeclaration;
