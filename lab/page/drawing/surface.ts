// What pictures of the page are drawn on: a canvas that is seen, or an SVG that is kept. All places are in CSS pixels from
// the upper left corner.

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Stroke {
  readonly color: string;
  /** Default 1; unit: pixels. */
  readonly width?: number;
  /** Default 1. */
  readonly opacity?: number;
  readonly dash?: readonly number[];
}

export interface Fill {
  readonly color: string;
  /** Default 1. */
  readonly opacity?: number;
}

export interface TextStyle {
  readonly color: string;
  /** Unit: pixels. */
  readonly size: number;
  /** Where the place lies along the text. Default `start`. */
  readonly align?: 'start' | 'middle' | 'end';
  /** Where it lies across the text. Default `baseline`. */
  readonly across?: 'baseline' | 'middle';
  readonly bold?: boolean;
  /** Reads upwards. */
  readonly upright?: boolean;
}

/** An image of one colour a cell, row by row: red, green, blue, opacity. */
export interface Pixels {
  readonly columns: number;
  readonly rows: number;
  readonly rgba: Uint8ClampedArray;
}

export interface Surface {
  /** Through the points, in their order; a gap where one of them is not a number. */
  polyline(xs: ArrayLike<number>, ys: ArrayLike<number>, stroke: Stroke): void;
  /** What the points enclose. */
  polygon(xs: ArrayLike<number>, ys: ArrayLike<number>, fill: Fill): void;
  rect(box: Box, fill: Fill): void;
  /** Along the edges of the box. */
  frame(box: Box, stroke: Stroke): void;
  disc(x: number, y: number, radius: number, fill: Fill): void;
  ring(x: number, y: number, radius: number, stroke: Stroke): void;
  text(text: string, x: number, y: number, style: TextStyle): void;
  /** Cells stay cells, however large they are drawn. */
  image(pixels: Pixels, box: Box): void;
  /** What `draw` draws is not seen outside of the box. */
  clipped(box: Box, draw: () => void): void;
}

/** A straight line. */
export function line(surface: Surface, from: readonly [number, number], to: readonly [number, number], stroke: Stroke) {
  surface.polyline([from[0], to[0]], [from[1], to[1]], stroke);
}
