// A flow figure as a panel: small plots on a grid, one per cell, with common axes so that cells can be compared.
import type { Axis, Data, GroupMark, Mark, Scale } from 'vega';
import type { ScaleKind } from '../../../core/contracts/figure.js';
import { barSlices, colorBar } from './color-bar.js';
import {
  COMPANION,
  companionLines,
  dots,
  emptiness,
  fewFrames,
  gapsOf,
  lines,
  points,
  REFERENCE,
  referenceLines,
} from './flow-marks.js';
import type { FlowPanel, FlowTable } from './flow-table.js';
import { panelLetter, TIE, wrapText } from './format.js';
import { legend } from './legend.js';
import type { Panel } from './panel.js';
import { extentOf } from './plot-panel.js';
import { BAR_WIDTH, charactersIn, LINE_HEIGHT, labelSpace, ORDERED, TEXT } from './style.js';
import { outline, textLines, tickText, uprightLabel } from './text-marks.js';
import { lastOverhang, placeOn, spaceLabels } from './tick-labels.js';
import { chooseTicks, type Tick } from './ticks.js';

/** Unit: pixels. */
const GAP = 14;
const MOST_COLUMNS = 4;
const LEAST_WIDTH = 105;
const MOST_WIDTH = 280;
/** Space beside the ticks for a label that is turned upwards. */
const UPRIGHT = 16;
const BELOW = 42;
/** Below a plot that has room for them. */
const MOST_TICKS = 6;

export function flowPanel(table: FlowTable, boxWidth: number): Panel {
  const elements = table.panels.reduce((most, { values }) => Math.max(most, values[0]?.length ?? 0), 0);
  const grid = layOutPlots(table, elements, boxWidth);
  const { left, width, height } = grid;
  const moves = table.panels.some(({ companion }) => companion !== undefined);
  const key = legend(
    table.referenceLabel === undefined
      ? []
      : [{ symbol: { kind: 'line', ...(moves ? COMPANION : REFERENCE) }, text: table.referenceLabel }],
    { x: 0, y: grid.labelHeight + grid.totalHeight + BELOW },
    grid.totalWidth,
  );
  const plots = table.panels.map((panel, i) => plotGroup(panel, i, table, grid, elements));
  return {
    kind: 'grid',
    title: table.title,
    sample: describeFlow(table),
    notes: [...fewFrames(table), ...gapsOf(table), ...(table.note ? [table.note] : [])],
    width: boxWidth,
    height: grid.labelHeight + grid.totalHeight + BELOW + key.height,
    left,
    plot: { width: grid.totalWidth, height: grid.labelHeight + grid.totalHeight },
    body: {
      data: [
        ...table.panels.flatMap((panel, i): Data[] => {
          const values = points(panel, table);
          return [
            { name: `panel${i}`, values },
            { name: `dots${i}`, values: values.filter(({ dot }) => dot) },
            ...(panel.companion ? [{ name: `companion${i}`, values: points(panel.companion, table) }] : []),
          ];
        }),
        { name: 'barSlices', values: barSlices([-0.5, elements - 0.5], Math.min(128, elements)) },
        { name: 'barTicks', values: elementTicks(elements) },
      ],
      scales: [
        // The lightest colours of the scheme are lost on white.
        {
          name: 'color',
          type: 'linear',
          domain: [0, Math.max(1, elements - 1)],
          range: { scheme: ORDERED, extent: [0, 0.88] },
          zero: false,
        },
        scale('bar', 'linear', [-0.5, elements - 0.5], [height, 0]),
      ],
      marks: [
        ...plots,
        ...(elements > 1
          ? [
              {
                type: 'group',
                encode: { enter: { y: { value: grid.labelHeight } } },
                marks: [
                  ...colorBar('barSlices', 'barTicks', {
                    orient: 'upright',
                    x: grid.totalWidth + GAP,
                    y: 0,
                    length: height,
                  }),
                  uprightLabel(
                    countedFrom1(table.elementLabel),
                    grid.totalWidth + grid.barSpace - 2,
                    height / 2,
                    height,
                  ),
                ],
              } satisfies GroupMark,
            ]
          : []),
        uprightLabel(
          table.valueLabel,
          TEXT.label - left,
          grid.labelHeight + grid.totalHeight / 2,
          Math.max(grid.totalHeight, width),
        ),
        ...centredLabel(table.xLabel, grid.totalWidth / 2, grid.labelHeight + grid.totalHeight + 30),
        ...key.marks,
      ],
    },
  };
}

/** "one run per panel, seed 0; 24 of 144 cells, evenly chosen" */
function describeFlow({ seed, cells, panels, xScale, where }: FlowTable): string {
  const shown = panels.length < cells ? `; ${panels.length} of ${cells} cells, evenly chosen` : '';
  const hidden = xScale === 'log' && panels.some(({ x }) => x.some((value) => !(value > 0)));
  const at = where === '' ? '' : `; ${where}`;
  const frames = panels.reduce((most, { x }) => Math.max(most, x.length), 0);
  if (seed === undefined)
    return `${frames}${TIE}checkpoints of another program${hidden ? '; those at 0 lie off the logarithmic axis' : ''}`;
  return `one run per panel, seed${TIE}${seed}${at}${shown}${hidden ? '; frames at 0 lie off the logarithmic axis' : ''}`;
}

interface PlotGrid {
  /** Space left of the plots, and right of them. */
  readonly left: number;
  readonly barSpace: number;
  readonly columns: number;
  readonly columnPitch: number;
  readonly width: number;
  readonly height: number;
  /** Of each plot. */
  readonly yDomains: readonly (readonly [number, number])[];
  readonly yTicks: readonly (readonly Tick[])[];
  readonly xDomain: readonly [number, number];
  /** Lines of each plot's label, wrapped to its width. */
  readonly labels: readonly (readonly string[])[];
  readonly rowPitch: number;
  readonly labelHeight: number;
  /** Of all plots together, without the labels of the first row. */
  readonly totalWidth: number;
  readonly totalHeight: number;
}

function layOutPlots({ panels, xScale, yScale, ownScales }: FlowTable, elements: number, boxWidth: number): PlotGrid {
  const valuesOf = ({ values, reference = [], companion }: FlowPanel) => [
    ...values.flat(),
    ...reference,
    ...(companion?.values.flat() ?? []),
  ];
  const common = extentOf(panels.flatMap(valuesOf), yScale);
  const yDomains = panels.map((panel) => (ownScales ? extentOf(valuesOf(panel), yScale) : common));
  const yTicks = yDomains.map((domain) => chooseTicks(domain[0], domain[1], yScale, 6));
  const tickSpace = Math.max(...yTicks.map((ticks) => labelSpace(ticks.map(({ label }) => label))));
  const left = UPRIGHT + tickSpace;
  const xDomain = extentOf(
    panels.flatMap(({ x }) => x),
    xScale,
    0,
  );
  const barSpace =
    elements > 1
      ? GAP + BAR_WIDTH + labelSpace(elementTicks(elements).map(({ label }) => label)) + 12
      : 4 + lastOverhang(chooseTicks(xDomain[0], xDomain[1], xScale, MOST_TICKS));
  const gap = ownScales ? GAP / 2 + tickSpace : GAP;
  const room = boxWidth - left - barSpace;
  const fitting = Math.max(1, Math.floor((room + gap) / (LEAST_WIDTH + gap)));
  const columns = Math.min(MOST_COLUMNS, panels.length, fitting);
  const width = Math.min(MOST_WIDTH, (room - (columns - 1) * gap) / columns);
  const height = Math.round(width * 0.85);
  const labels = panels.map((panel, i) =>
    wrapText(panelLabel(panel, i, panels.length), charactersIn(width, TEXT.small)),
  );
  const labelHeight = Math.max(...labels.map((lines) => lines.length)) * TEXT.small * LINE_HEIGHT + 4;
  // Plots with axes of their own keep their labels below them, too.
  const rowPitch = height + labelHeight + 8;
  const rows = Math.ceil(panels.length / columns);
  return {
    left,
    barSpace,
    columns,
    columnPitch: width + gap,
    width,
    height,
    yDomains,
    yTicks,
    xDomain,
    labels,
    rowPitch,
    labelHeight,
    totalWidth: columns * width + (columns - 1) * gap,
    totalHeight: (rows - 1) * rowPitch + height,
  };
}

function panelLabel({ label, status }: FlowPanel, i: number, count: number): string {
  const cell = label.join(', ');
  const letter = count > 1 ? `${panelLetter(i)}${TIE}` : '';
  return letter + (status === 'completed' ? cell : `${cell} (${status})`);
}

function plotGroup(panel: FlowPanel, i: number, table: FlowTable, grid: PlotGrid, elements: number): GroupMark {
  const { width, height } = grid;
  const column = i % grid.columns;
  const row = Math.floor(i / grid.columns);
  const isLowest = i + grid.columns >= table.panels.length;
  const xTicks = spaceLabels(
    chooseTicks(grid.xDomain[0], grid.xDomain[1], table.xScale, width > 180 ? MOST_TICKS : 4),
    {
      length: width,
      gap: grid.columns > 1 ? grid.columnPitch - width : 2 * UPRIGHT,
      placeOf: placeOn({ domain: grid.xDomain, scale: table.xScale }, width),
    },
  );
  const empty = emptiness(panel);
  const noData: Mark[] = empty === undefined ? [] : centredLabel(empty, width / 2, height / 2);
  return {
    type: 'group',
    encode: {
      enter: {
        x: { value: column * grid.columnPitch },
        y: { value: grid.labelHeight + row * grid.rowPitch },
        width: { value: width },
        height: { value: height },
      },
    },
    scales: [
      scale('x', table.xScale, grid.xDomain, [0, width]),
      scale('y', table.yScale, grid.yDomains[i], [height, 0]),
    ],
    axes: [axis('bottom', 'x', xTicks, isLowest), axis('left', 'y', grid.yTicks[i], column === 0 || table.ownScales)],
    marks: [
      {
        type: 'group',
        clip: true,
        encode: { enter: { width: { value: width }, height: { value: height } } },
        marks: [
          ...referenceLines(panel, table, width),
          lines(`panel${i}`, elements),
          ...(panel.companion ? [companionLines(`companion${i}`)] : []),
        ],
      },
      outline(0, 0, width, height),
      // Not clipped: the first and the last frame of a run lie on the edge.
      dots(`dots${i}`, elements),
      ...textLines(
        grid.labels[i],
        { x: 0, y: -5 - (grid.labels[i].length - 1) * TEXT.small * LINE_HEIGHT },
        { size: TEXT.small },
      ),
      ...noData,
    ],
  };
}

function axis(orient: 'bottom' | 'left', scale: string, ticks: readonly Tick[], labelled: boolean): Axis {
  return {
    orient,
    scale,
    labels: labelled,
    // Vega would move them by what it takes for their width.
    labelFlush: false,
    values: ticks.map(({ value }) => value),
    encode: { labels: { update: { text: { signal: tickText(ticks) } } } },
  };
}

function scale(
  name: string,
  type: ScaleKind,
  domain: readonly [number, number],
  range: readonly [number, number],
): Scale {
  return { name, type, domain: [...domain], range: [...range], zero: false, nice: false };
}

/** Levels are stored in descending order. */
const countedFrom1 = (element: string) => (element === 'level' ? 'level (1 = largest)' : `${element} (from 1)`);

/** Elements are counted from 1. */
function elementTicks(elements: number): Tick[] {
  if (elements < 2) return [];
  const round = chooseTicks(1, elements, 'linear', 5).filter(({ value }) => Number.isInteger(value) && value > 2);
  const numbers = [1, ...round.map(({ value }) => value), ...(round.length === 0 ? [elements] : [])];
  return numbers.map((number) => ({ value: number - 1, label: String(number) }));
}

function centredLabel(text: string, x: number, y: number): Mark[] {
  return textLines([text], { x, y }, { size: TEXT.label, align: 'center' });
}
