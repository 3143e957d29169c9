// What a map is drawn of: a list of plain shapes, painted on a canvas. The list knows no canvas.

export type Shape =
  | {
      readonly kind: 'rect';
      readonly x: number;
      readonly y: number;
      readonly width: number;
      readonly height: number;
      readonly fill?: string;
      readonly stroke?: string;
    }
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
  | {
      readonly kind: 'text';
      readonly x: number;
      readonly y: number;
      readonly text: string;
      readonly size: number;
      readonly color: string;
      readonly align: CanvasTextAlign;
      readonly baseline: CanvasTextBaseline;
      /** Reads upwards. */
      readonly upright?: boolean;
    }
  /** Shapes of which only what lies in a box is seen. */
  | {
      readonly kind: 'clip';
      readonly box: readonly [x: number, y: number, width: number, height: number];
      readonly shapes: readonly Shape[];
    };

export function paint(context: CanvasRenderingContext2D, shapes: readonly Shape[], font: string): void {
  for (const shape of shapes) {
    context.save();
    paintOne(context, shape, font);
    context.restore();
  }
}

function paintOne(context: CanvasRenderingContext2D, shape: Shape, font: string): void {
  switch (shape.kind) {
    case 'rect': {
      const { x, y, width, height, fill, stroke } = shape;
      if (fill) {
        context.fillStyle = fill;
        context.fillRect(x, y, width, height);
      }
      if (stroke) {
        context.strokeStyle = stroke;
        context.strokeRect(x, y, width, height);
      }
      return;
    }
    case 'line':
      context.strokeStyle = shape.color;
      context.lineWidth = shape.width;
      context.setLineDash([...(shape.dash ?? [])]);
      context.beginPath();
      shape.points.forEach(([x, y], i) => {
        if (i === 0) context.moveTo(x, y);
        else context.lineTo(x, y);
      });
      context.stroke();
      return;
    case 'circle':
      context.beginPath();
      context.arc(shape.x, shape.y, shape.radius, 0, 2 * Math.PI);
      if (shape.fill) {
        context.fillStyle = shape.fill;
        context.fill();
      }
      if (shape.stroke) {
        context.strokeStyle = shape.stroke;
        context.lineWidth = shape.width ?? 1;
        context.stroke();
      }
      return;
    case 'text':
      context.font = `${shape.size}px ${font}`;
      context.fillStyle = shape.color;
      context.textAlign = shape.align;
      context.textBaseline = shape.baseline;
      context.translate(shape.x, shape.y);
      if (shape.upright) context.rotate(-Math.PI / 2);
      context.fillText(shape.text, 0, 0);
      return;
    case 'clip':
      context.beginPath();
      context.rect(...shape.box);
      context.clip();
      paint(context, shape.shapes, font);
  }
}
