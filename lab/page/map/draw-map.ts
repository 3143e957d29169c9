// A map as shapes, with the colours, absences, hatching, boundaries and curves that figures have.
import { across, strokesOf } from '../../../analysis/figures/draw/absence.js';
import { CURVE_LAYERS, HATCH_LAYERS, HATCHING } from '../../../analysis/figures/draw/cell-marks.js';
import { colorScale } from '../../../analysis/figures/draw/color-scale.js';
import { slicesOf } from '../../../analysis/figures/draw/heat-map-panel.js';
import type { MapAxis } from '../../../analysis/figures/draw/map-axis.js';
import { type FrameCell, isPartial } from '../../../analysis/figures/draw/map-frame.js';
import { cellColors } from '../../../analysis/figures/draw/phase-map-panel.js';
import { fittingSize, INK, numberWidth, TEXT } from '../../../analysis/figures/draw/style.js';
import { placeOn, spaceLabels } from '../../../analysis/figures/draw/tick-labels.js';
import type { MapTable } from '../../protocol.js';
import type { Box } from '../drawing/surface.js';
import type { Theme } from '../drawing/theme.js';
import type { Shape } from './shapes.js';
import { isRow } from './spot.js';

/** What of a theme a map is drawn with, beside the colours of its cells. */
export type MapInks = Pick<Theme, 'paper' | 'ink' | 'empty' | 'hatch'>;

/** Of the figures, a little larger: a screen is read from further away than a page. */
const SIZE = { tick: TEXT.tick + 1.5, label: TEXT.label + 1.5 };
/** Of the digits at ticks above their baseline. */
const ASCENT = 0.8 * SIZE.tick;
const TICK = 4;
const BOTTOM = 42;
const TOP = 6;
const RIGHT = 10;
const UPRIGHT = 20;

type Numbers = Extract<MapTable, { kind: 'heat-map' }>;

/** Of numbers in a row, bands among them: as their colours would be placed. */
function rowScale({ table }: Numbers) {
  const { cells, color, limits } = table;
  const ends = cells
    .flatMap(({ low, high }) => [low, high])
    .filter((end) => Number.isFinite(end) && (color !== 'log' || end > 0));
  return colorScale({ ...table, limits: [Math.min(limits[0], ...ends), Math.max(limits[1], ...ends)] });
}

/** The upright axis as drawn: in a row it is that of the numbers, as their scale places them, or there is none. */
export function uprightOf(map: MapTable): MapAxis {
  const { y } = map.table;
  if (!isRow(map)) return y;
  if (map.kind === 'phase-map') return { ...y, ticks: [] };
  const scale = rowScale(map);
  const ticks = scale.ticks(6).map(({ value, label }) => ({ value: scale.place(value), label }));
  // Marks of a cell stand at its foot, below all numbers.
  return { ...y, label: map.table.valueLabel, positions: [-0.06], edges: [-0.12, 1.05], ticks };
}

const leftOf = (map: MapTable) =>
  Math.ceil(
    UPRIGHT + Math.max(0, ...uprightOf(map).ticks.map(({ label }) => numberWidth(label, SIZE.tick))) + TICK + 4,
  );

/** Where the cells lie in the box that the whole map has. */
export function plotBox(map: MapTable, { x, y, width, height }: Box): Box {
  const left = leftOf(map);
  return { x: x + left, y: y + TOP, width: width - left - RIGHT, height: height - TOP - BOTTOM };
}

/** Where the map will be, before there is one. */
export function frameToCome({ width, height }: Box, inks: MapInks): Shape[] {
  const x = UPRIGHT + 30;
  return [{ kind: 'rect', x, y: TOP, width: width - x - RIGHT, height: height - TOP - BOTTOM, fill: inks.empty }];
}

/** Pixels of places as drawn. */
export function scalesOf(map: MapTable, box: Box) {
  const [x, y] = [map.table.x, uprightOf(map)];
  const domain = ({ edges }: MapAxis) => [edges[0], edges[edges.length - 1]] as const;
  const right = placeOn({ domain: domain(x), scale: x.scale }, box.width);
  const up = placeOn({ domain: domain(y), scale: y.scale }, box.height);
  return { x: (value: number) => box.x + right(value), y: (value: number) => box.y + box.height - up(value) };
}

/** Ends and centre of a cell in pixels, `y0` below `y1`. */
export function cellBox(map: MapTable, box: Box) {
  const [x, y] = [map.table.x, uprightOf(map)];
  const scales = scalesOf(map, box);
  return ({ column, row }: Pick<FrameCell, 'column' | 'row'>) => ({
    x0: scales.x(x.edges[column]),
    x1: scales.x(x.edges[column + 1]),
    xc: scales.x(x.positions[column]),
    y0: scales.y(y.edges[row]),
    y1: scales.y(y.edges[row + 1]),
    yc: scales.y(y.positions[row]),
  });
}

/** The colour of every cell with a value, as in the figures. */
function fillOf(map: MapTable): (cell: FrameCell) => string {
  if (map.kind === 'phase-map') return cellColors(map.table) as (cell: FrameCell) => string;
  const { colorOf } = colorScale(map.table);
  return (cell) => colorOf((cell as (typeof map.table.cells)[number]).value);
}

export function mapShapes(map: MapTable, box: Box, inks: MapInks): Shape[] {
  const { table } = map;
  const place = cellBox(map, box);
  const scales = scalesOf(map, box);
  const isLine = map.kind === 'heat-map' && isRow(map);
  const fill = fillOf(map);
  const cells = (table.cells as readonly FrameCell[]).map((cell) => ({ cell, at: place(cell) }));
  const present = cells.filter(({ cell }) => cell.n > 0);
  const absent = cells.filter(({ cell }) => cell.n === 0);
  const boxOf = ({ x0, x1, y0, y1 }: ReturnType<typeof place>, color: string): Shape => {
    // On whole pixels, so that no hairline is left between touching cells.
    const [left, right, top, bottom] = [x0, x1, y1, y0].map(Math.round);
    return { kind: 'rect', x: left, y: top, width: right - left, height: bottom - top, fill: color };
  };
  const clip = (shapes: readonly Shape[]): Shape => ({
    kind: 'clip',
    box,
    shapes,
  });
  return [
    ...(isLine ? [] : present.map(({ cell, at }) => boxOf(at, fill(cell)))),
    ...absent.map(({ at }) => boxOf(at, inks.empty)),
    ...absent.flatMap(({ cell, at }) =>
      strokesOf(cell).map((stroke): Shape => {
        const { x, y, x2, y2 } = across(at, stroke);
        return {
          kind: 'line',
          points: [
            [x, y],
            [x2, y2],
          ],
          color: inks.hatch,
          width: 0.8,
        };
      }),
    ),
    // What has not been run is told apart from its neighbours by its outline alone.
    ...(absent.length === cells.length ? absent.map(({ at }) => outlineOf(at, inks.paper)) : []),
    ...HATCH_LAYERS.flatMap(({ color, width }) =>
      present
        .filter(({ cell }) => cell.uncertain)
        .flatMap(({ at }) =>
          HATCHING.map(
            ([x, y, x2, y2]): Shape => ({
              kind: 'line',
              points: [
                [at[x], at[y]],
                [at[x2], at[y2]],
              ],
              color,
              width,
            }),
          ),
        ),
    ),
    ...present
      .filter(({ cell }) => !isLine && isPartial(cell))
      .map(
        ({ at }): Shape => ({
          kind: 'circle',
          x: at.xc,
          y: at.yc,
          radius: 2.2,
          fill: 'white',
          stroke: '#1a1a1a',
          width: 0.8,
        }),
      ),
    clip(
      table.curves.flatMap(({ lines, dash }) =>
        CURVE_LAYERS.flatMap(({ color, width }) =>
          lines.map(
            (line): Shape => ({
              kind: 'line',
              points: line.map(([px, py]) => [scales.x(px), scales.y(py)] as const),
              color,
              width,
              dash,
            }),
          ),
        ),
      ),
    ),
    clip(map.kind === 'phase-map' ? crossingShapes(map, scales) : isLine ? lineShapes(map, scales, inks) : []),
    { kind: 'rect', x: box.x - 0.5, y: box.y - 0.5, width: box.width + 1, height: box.height + 1, stroke: inks.ink },
    ...axisShapes(map, box, scales, inks),
  ];
}

const outlineOf = ({ x0, x1, y0, y1 }: { x0: number; x1: number; y0: number; y1: number }, stroke: string): Shape => ({
  kind: 'rect',
  x: x0,
  y: y1,
  width: x1 - x0,
  height: y0 - y1,
  stroke,
});

/** Numbers in a row: a point with its band for each of them, in a line. */
function lineShapes(map: Numbers, scales: ReturnType<typeof scalesOf>, { ink }: MapInks): Shape[] {
  const { place } = rowScale(map);
  const x = ({ column }: FrameCell) => scales.x(map.table.x.positions[column]);
  // A band that reaches 0 goes to the end of a logarithmic axis.
  const y = (value: number) => scales.y(map.table.color === 'log' && value <= 0 ? 0 : place(value));
  const line = (points: readonly (readonly [number, number])[], width: number): Shape => ({
    kind: 'line',
    points,
    color: ink,
    width,
  });
  const { cells } = map.table;
  return [
    line(
      cells.map((cell) => [x(cell), y(cell.value)] as const),
      0.6,
    ),
    ...cells.flatMap((cell): Shape[] => [
      line(
        [
          [x(cell), y(cell.low)],
          [x(cell), y(cell.high)],
        ],
        1.2,
      ),
      ...(cell.n > 0
        ? [
            {
              kind: 'circle',
              x: x(cell),
              y: y(cell.value),
              radius: 2.4,
              fill: 'white',
              stroke: INK,
              width: 0.9,
            } as const,
          ]
        : []),
    ]),
  ];
}

function crossingShapes(
  { table }: Extract<MapTable, { kind: 'phase-map' }>,
  scales: ReturnType<typeof scalesOf>,
): Shape[] {
  const bar = (color: string, width: number) =>
    table.crossings.map(
      ({ x, y, x2, y2 }): Shape => ({
        kind: 'line',
        points: [
          [scales.x(x), scales.y(y)],
          [scales.x(x2), scales.y(y2)],
        ],
        color,
        width,
      }),
    );
  const points = table.crossings.map(
    ({ cx, cy }): Shape => ({
      kind: 'circle',
      x: scales.x(cx),
      y: scales.y(cy),
      radius: 2.4,
      fill: 'white',
      stroke: '#1a1a1a',
      width: 0.9,
    }),
  );
  return [...bar('white', 2.6), ...bar('#1a1a1a', 1.2), ...points];
}

function axisShapes(map: MapTable, box: Box, scales: ReturnType<typeof scalesOf>, inks: MapInks): Shape[] {
  const [x, y] = [map.table.x, uprightOf(map)];
  const bottom = box.y + box.height;
  const text = { kind: 'text', size: SIZE.tick, color: inks.ink } as const;
  const wide = SIZE.tick / TEXT.tick;
  const spaced = spaceLabels(x.ticks, {
    length: box.width / wide,
    gap: (2 * RIGHT) / wide,
    placeOf: (value) => (scales.x(value) - box.x) / wide,
  });
  const room = Math.max(1, Math.ceil((SIZE.tick + 3) / (box.height / Math.max(1, y.ticks.length))));
  return [
    ...spaced.flatMap(({ value, label }): Shape[] => [
      {
        kind: 'line',
        points: [
          [scales.x(value), bottom + 0.5],
          [scales.x(value), bottom + TICK],
        ],
        color: inks.ink,
        width: 0.8,
      },
      { ...text, x: scales.x(value), y: bottom + TICK + 3 + ASCENT, text: label, align: 'middle' },
    ]),
    ...y.ticks.flatMap(({ value, label }, i): Shape[] => [
      {
        kind: 'line',
        points: [
          [box.x - 0.5, scales.y(value)],
          [box.x - TICK, scales.y(value)],
        ],
        color: inks.ink,
        width: 0.8,
      },
      {
        ...text,
        x: box.x - TICK - 3,
        y: scales.y(value),
        text: i % room === 0 ? label : '',
        align: 'end',
        across: 'middle',
      },
    ]),
    {
      kind: 'text',
      x: box.x + box.width / 2,
      y: bottom + BOTTOM - 4,
      text: x.label,
      size: Math.min(SIZE.label, fittingSize(x.label, box.width) * (SIZE.label / TEXT.label)),
      color: inks.ink,
      align: 'middle',
    },
    {
      kind: 'text',
      x: box.x - leftOf(map) + SIZE.label + 1,
      y: box.y + box.height / 2,
      text: y.label,
      size: Math.min(SIZE.label, fittingSize(y.label, box.height) * (SIZE.label / TEXT.label)),
      color: inks.ink,
      align: 'middle',
      upright: true,
    },
  ];
}

/** Of the colour bar. */
export const BAR_HEIGHT = 46;

/** The colours of a heat map along a line, with ticks and the name of the value, from the corner of a box downwards. */
export function barShapes(
  map: Extract<MapTable, { kind: 'heat-map' }>,
  { x, y, width }: Pick<Box, 'x' | 'y' | 'width'>,
  inks: MapInks,
): Shape[] {
  const scale = colorScale(map.table);
  const start = Math.round(x + 20);
  const length = Math.round(width - 40);
  const at = (part: number) => start + part * length;
  return [
    ...slicesOf(scale).map(({ color, from, to }): Shape => {
      const [left, right] = [at(from), at(to)].map(Math.round);
      return { kind: 'rect', x: left, y: y + 1, width: right - left, height: 10, fill: color };
    }),
    { kind: 'rect', x: start - 0.5, y: y + 0.5, width: length + 1, height: 11, stroke: inks.ink },
    ...scale.ticks(width < 300 ? 4 : 6).flatMap(({ value, label }): Shape[] => {
      const tick = at(scale.place(value));
      return [
        {
          kind: 'line',
          points: [
            [tick, y + 12],
            [tick, y + 15],
          ],
          color: inks.ink,
          width: 0.8,
        },
        {
          kind: 'text',
          x: tick,
          y: y + 17 + ASCENT,
          text: label,
          size: SIZE.tick,
          color: inks.ink,
          align: 'middle',
        },
      ];
    }),
    {
      kind: 'text',
      x: x + width / 2,
      y: y + BAR_HEIGHT - 3,
      text: map.table.valueLabel,
      size: Math.min(SIZE.label, fittingSize(map.table.valueLabel, width) * (SIZE.label / TEXT.label)),
      color: inks.ink,
      align: 'middle',
    },
  ];
}
