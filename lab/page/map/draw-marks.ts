// What moves over the cells of a map, as shapes: where the run lies, where the pointer is, what was checked.
import type { MapTable } from '../../protocol.js';
import type { Box } from '../drawing/surface.js';
import { cellBox, scalesOf, uprightOf } from './draw-map.js';
import type { Mark } from './map-state.js';
import type { Shape } from './shapes.js';
import { isCell, positionAt, type Spot } from './spot.js';

/** On cells, whose colours are those of the figures in every theme. */
const DARK = '#1a1a1a';
const GOOD = '#00614b';
const BAD = '#a33c00';

export interface MarkedSpot {
  readonly spot: Spot;
  readonly mark: Mark;
}

export interface Marked {
  readonly place?: Spot;
  readonly pointer?: Spot;
  readonly marks: readonly MarkedSpot[];
}

/** What a mark says of the runs of its cell. */
export const BITS: Readonly<Record<Mark, { readonly words: string; readonly tone: '' | 'good' | 'bad' }>> = {
  same: { words: 'bits: as stored', tone: 'good' },
  other: { words: 'bits: not as stored', tone: 'bad' },
  unclear: { words: 'bits: cannot be compared', tone: 'bad' },
  computing: { words: 'bits: computing again', tone: '' },
};

export function markShapes(map: MapTable, box: Box, { place, pointer, marks }: Marked): Shape[] {
  const scales = scalesOf(map, box);
  const centre = ({ column, row }: Spot) => ({
    x: scales.x(positionAt(map.table.x, column)),
    y: scales.y(positionAt(uprightOf(map), row)),
  });
  const cell = cellBox(map, box);
  /** White within dark: seen on every colour. */
  const frame = (spot: Spot, grow: number): Shape[] => {
    const { x0, x1, y0, y1 } = cell(spot);
    const around = (by: number, stroke: string): Shape => ({
      kind: 'rect',
      x: Math.round(x0) + by,
      y: Math.round(y1) + by,
      width: Math.round(x1) - Math.round(x0) - 2 * by,
      height: Math.round(y0) - Math.round(y1) - 2 * by,
      stroke,
    });
    return [around(0.5 - grow, DARK), around(1.5 - grow, 'white'), ...(grow > 0 ? [around(-0.5 - grow, 'white')] : [])];
  };
  const ring = (spot: Spot, radius: number): Shape[] => {
    const at = centre(spot);
    return [
      { kind: 'circle', ...at, radius, stroke: 'white', width: 4.5 },
      { kind: 'circle', ...at, radius, stroke: DARK, width: 2 },
    ];
  };
  const cross = (spot: Spot): Shape[] => {
    // On pixels, so that lines are as thin as they can be.
    const [x, y] = [centre(spot).x, centre(spot).y].map((each) => Math.round(each) + 0.5);
    const lines = [
      [
        [box.x, y],
        [box.x + box.width, y],
      ],
      [
        [x, box.y],
        [x, box.y + box.height],
      ],
    ] as const;
    return [
      ...lines.map((points): Shape => ({ kind: 'line', points, color: 'white', width: 2.5 })),
      ...lines.map((points): Shape => ({ kind: 'line', points, color: DARK, width: 1 })),
    ];
  };
  const isMarked = (at: Spot) => marks.some(({ spot }) => spot.column === at.column && spot.row === at.row);
  return [
    ...marks.flatMap(({ spot, mark }) => badge(centre(spot), mark)),
    ...(pointer ? (isCell(pointer) ? frame(pointer, 0) : cross(pointer)) : []),
    ...(place && isCell(place) ? frame(place, 1) : []),
    // A mark of a check stays to be seen.
    ...(place && !isMarked(place) ? ring(place, 5) : []),
  ];
}

/** A tick, a cross, a question mark or a dot on a disc. */
export function badge({ x, y }: { readonly x: number; readonly y: number }, mark: Mark): Shape[] {
  const disc = (fill: string): Shape => ({ kind: 'circle', x, y, radius: 8, fill, stroke: 'white', width: 1.5 });
  const stroke = (...points: (readonly [number, number])[]): Shape => ({
    kind: 'line',
    points: points.map(([dx, dy]) => [x + dx, y + dy] as const),
    color: 'white',
    width: 2,
  });
  switch (mark) {
    case 'same':
      return [disc(GOOD), stroke([-3.5, 0], [-1, 3], [3.5, -3])];
    case 'other':
      return [disc(BAD), stroke([-3, -3], [3, 3]), stroke([-3, 3], [3, -3])];
    case 'unclear':
      return [
        disc(BAD),
        { kind: 'text', x, y: y + 0.5, text: '?', size: 12, color: 'white', align: 'middle', across: 'middle' },
      ];
    case 'computing':
      return [disc(DARK), { kind: 'circle', x, y, radius: 2.5, fill: 'white' }];
  }
}
