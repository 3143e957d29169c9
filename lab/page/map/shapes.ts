// What a map is drawn of: a list of plain shapes, painted on any surface. The list knows no surface.
import type { Box, Surface, TextStyle } from '../drawing/surface.js';

export type Shape =
  | (Box & { readonly kind: 'rect'; readonly fill?: string; readonly stroke?: string })
  | {
      readonly kind: 'line';
      readonly points: readonly (readonly [number, number])[];
      readonly color: string;
      readonly width: number;
      readonly dash?: readonly number[];
    }
  | {
      readonly kind: 'circle';
      readonly x: number;
      readonly y: number;
      readonly radius: number;
      readonly fill?: string;
      readonly stroke?: string;
      readonly width?: number;
    }
  | (TextStyle & { readonly kind: 'text'; readonly x: number; readonly y: number; readonly text: string })
  /** Shapes of which only what lies in a box is seen. */
  | { readonly kind: 'clip'; readonly box: Box; readonly shapes: readonly Shape[] };

export function paint(surface: Surface, shapes: readonly Shape[]): void {
  for (const shape of shapes) paintOne(surface, shape);
}

function paintOne(surface: Surface, shape: Shape): void {
  switch (shape.kind) {
    case 'rect':
      if (shape.fill) surface.rect(shape, { color: shape.fill });
      if (shape.stroke) surface.frame(shape, { color: shape.stroke });
      return;
    case 'line': {
      const [xs, ys] = [0, 1].map((i) => shape.points.map((point) => point[i]));
      surface.polyline(xs, ys, shape);
      return;
    }
    case 'circle': {
      const { x, y, radius, fill, stroke, width } = shape;
      if (fill) surface.disc(x, y, radius, { color: fill });
      if (stroke) surface.ring(x, y, radius, { color: stroke, width });
      return;
    }
    case 'text':
      surface.text(shape.text, shape.x, shape.y, shape);
      return;
    case 'clip':
      surface.clipped(shape.box, () => paint(surface, shape.shapes));
  }
}
