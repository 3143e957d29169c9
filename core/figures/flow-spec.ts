// A flow figure as a Vega specification: panels on a grid, with common axes so that cells can be compared.
import type { Axis, Data, GroupMark, Mark, Scale, Spec } from 'vega';
import { barSlices, colorBar } from './color-bar.js';
import type { ScaleKind } from './declaration.js';
import type { FlowPanel, FlowTable } from './flow-table.js';
import { TIE, wrapText } from './format.js';
import { CONFIG, charactersIn, FAINT, INK, LINE_HEIGHT, labelSpace, ORDERED, PAGE_WIDTH, TEXT } from './style.js';
import { outline, textLines, tickText, uprightLabel } from './text-marks.js';
import { chooseTicks, type Tick } from './ticks.js';

/** Unit: pixels. */
const MARGIN = 6;
const GAP = 14;
/** Beside the panels: a colour bar with its label, or nothing. */
const BAR_SPACE = { shown: 58, absent: 12 } as const;
const MOST_COLUMNS = 4;
const MOST_WIDTH = 280;
/** Space beside the ticks for a label that is turned upwards. */
const UPRIGHT = 16;

export function flowSpec(table: FlowTable): Spec {
  const domains = { x: extent(table.panels, table.xScale, 'x'), y: extent(table.panels, table.yScale, 'values') };
  const yTicks = chooseTicks(domains.y[0], domains.y[1], table.yScale, [], 6);
  const elements = table.panels.reduce((most, { values }) => Math.max(most, values[0]?.length ?? 0), 0);
  const grid = layOutPanels(table, yTicks, elements > 1 ? BAR_SPACE.shown : BAR_SPACE.absent);
  const text = layOutText(table, grid);
  return {
    $schema: 'https://vega.github.io/schema/vega/v6.json',
    description: `${table.title}. ${describeFlow(table)}`,
    width: grid.totalWidth,
    height: grid.totalHeight,
    padding: {
      left: grid.left,
      top: text.top,
      right: grid.figureWidth - grid.left - grid.totalWidth,
      bottom: text.bottom,
    },
    autosize: 'none',
    background: CONFIG.background,
    config: { axis: CONFIG.axis },
    data: [
      ...table.panels.map((panel, i): Data => ({ name: `panel${i}`, values: points(panel, table) })),
      { name: 'barSlices', values: barSlices([-0.5, elements - 0.5], 'linear', Math.min(128, elements)) },
      { name: 'barTicks', values: elementTicks(elements) },
    ],
    scales: [
      scale('x', table.xScale, domains.x, [0, grid.width]),
      scale('y', table.yScale, domains.y, [grid.height, 0]),
      // The lightest colours of the scheme are lost on white.
      {
        name: 'color',
        type: 'linear',
        domain: [0, Math.max(1, elements - 1)],
        range: { scheme: ORDERED, extent: [0, 0.88] },
        zero: false,
      },
      scale('bar', 'linear', [-0.5, elements - 0.5], [grid.height, 0]),
    ],
    marks: [
      ...table.panels.map((panel, i) =>
        panelGroup(panel, i, table, grid, chooseXTicks(domains.x, table, grid), yTicks),
      ),
      ...(elements > 1
        ? [
            ...colorBar('barSlices', 'barTicks', grid.totalWidth + GAP, grid.height),
            uprightLabel(table.elementLabel, grid.figureWidth - grid.left - MARGIN, grid.height / 2, grid.height),
          ]
        : []),
      uprightLabel(table.valueLabel, MARGIN + TEXT.label - grid.left, grid.totalHeight / 2, grid.totalHeight),
      ...centredLabel(table.xLabel, grid.totalWidth / 2, grid.totalHeight + 30),
      ...text.marks,
    ],
  };
}

/** "one run per panel, seed 0; 24 of 144 cells, evenly chosen" */
function describeFlow({ seed, cells, panels, xScale, where }: FlowTable): string {
  const shown = panels.length < cells ? `; ${panels.length} of ${cells} cells, evenly chosen` : '';
  const hidden = xScale === 'log' && panels.some(({ x }) => x.some((value) => !(value > 0)));
  const at = where === '' ? '' : `; ${where}`;
  return `one run per panel, seed${TIE}${seed}${at}${shown}${hidden ? '; frames at 0 lie off the logarithmic axis' : ''}`;
}

interface PanelGrid {
  /** Space left of the panels. */
  readonly left: number;
  readonly columns: number;
  readonly width: number;
  readonly height: number;
  /** Lines of each panel's label, wrapped to its width. */
  readonly labels: readonly (readonly string[])[];
  readonly rowPitch: number;
  readonly labelHeight: number;
  /** Of all panels together. */
  readonly totalWidth: number;
  readonly totalHeight: number;
  readonly figureWidth: number;
}

function layOutPanels({ panels }: FlowTable, yTicks: readonly Tick[], barSpace: number): PanelGrid {
  const left = MARGIN + UPRIGHT + labelSpace(yTicks.map(({ label }) => label));
  const columns = Math.min(MOST_COLUMNS, panels.length);
  const space = PAGE_WIDTH - left - barSpace - (columns - 1) * GAP;
  const width = Math.min(MOST_WIDTH, space / columns);
  const height = Math.round(width * 0.85);
  const labels = panels.map((panel) => wrapText(panelLabel(panel), charactersIn(width, TEXT.small)));
  const labelHeight = Math.max(...labels.map((lines) => lines.length)) * TEXT.small * LINE_HEIGHT + 4;
  const rowPitch = height + labelHeight + 8;
  const rows = Math.ceil(panels.length / columns);
  const totalWidth = columns * width + (columns - 1) * GAP;
  return {
    left,
    columns,
    width,
    height,
    labels,
    rowPitch,
    labelHeight,
    totalWidth,
    totalHeight: (rows - 1) * rowPitch + height,
    figureWidth: left + totalWidth + barSpace,
  };
}

function panelLabel({ label, status }: FlowPanel): string {
  const cell = label.join(', ');
  return status === 'completed' ? cell : `${cell} (${status})`;
}

function chooseXTicks([low, high]: readonly [number, number], { xScale }: FlowTable, { width }: PanelGrid): Tick[] {
  return chooseTicks(low, high, xScale, [], width > 180 ? 6 : 4);
}

function panelGroup(
  panel: FlowPanel,
  i: number,
  table: FlowTable,
  grid: PanelGrid,
  xTicks: readonly Tick[],
  yTicks: readonly Tick[],
): GroupMark {
  const column = i % grid.columns;
  const row = Math.floor(i / grid.columns);
  const isLowest = i + grid.columns >= table.panels.length;
  const elementCount = panel.values[0]?.length ?? 0;
  const noData: Mark[] =
    panel.x.length > 0 ? [] : centredLabel(`no data: ${panel.status}`, grid.width / 2, grid.height / 2);
  return {
    type: 'group',
    encode: {
      enter: {
        x: { value: column * (grid.width + GAP) },
        y: { value: row * grid.rowPitch },
        width: { value: grid.width },
        height: { value: grid.height },
      },
    },
    axes: [axis('bottom', 'x', xTicks, isLowest), axis('left', 'y', yTicks, column === 0)],
    marks: [
      {
        type: 'group',
        clip: true,
        encode: { enter: { width: { value: grid.width }, height: { value: grid.height } } },
        marks: [lines(`panel${i}`, elementCount)],
      },
      outline(0, 0, grid.width, grid.height),
      ...textLines(
        grid.labels[i],
        { x: 0, y: -5 - (grid.labels[i].length - 1) * TEXT.small * LINE_HEIGHT },
        { size: TEXT.small },
      ),
      ...noData,
    ],
  };
}

function lines(data: string, elements: number): GroupMark {
  return {
    type: 'group',
    from: { facet: { name: 'line', data, groupby: 'element' } },
    marks: [
      {
        type: 'line',
        from: { data: 'line' },
        encode: {
          enter: {
            x: { scale: 'x', field: 'x' },
            y: { scale: 'y', field: 'y' },
            stroke: elements > 1 ? { scale: 'color', field: 'element' } : { value: INK },
            strokeWidth: { value: elements > 40 ? 0.6 : 1 },
            strokeJoin: { value: 'round' },
            defined: { field: 'defined' },
          },
        },
      },
    ],
  };
}

/** One datum per frame and element, elements counted from 0. A value that cannot be drawn breaks its line. */
function points({ x, values }: FlowPanel, { xScale, yScale }: FlowTable) {
  const fits = (value: number, kind: ScaleKind) => Number.isFinite(value) && (kind === 'linear' || value > 0);
  return x.flatMap((at, frame) =>
    values[frame].map((value, i) => {
      const defined = fits(at, xScale) && fits(value, yScale);
      return { x: defined ? at : 1, y: defined ? value : 1, element: i, defined };
    }),
  );
}

function axis(orient: 'bottom' | 'left', scale: string, ticks: readonly Tick[], labelled: boolean): Axis {
  return {
    orient,
    scale,
    labels: labelled,
    // Labels at the ends would run into those of the next panel.
    labelFlush: orient === 'bottom',
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

/** Ends of an axis that shows everything, with some air on the y axis. */
function extent(panels: readonly FlowPanel[], kind: ScaleKind, of: 'x' | 'values'): [number, number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const panel of panels) {
    for (const value of of === 'x' ? panel.x : panel.values.flat()) {
      if (!Number.isFinite(value) || (kind === 'log' && value <= 0)) continue;
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  }
  if (low > high) return kind === 'log' ? [0.1, 1] : [0, 1];
  if (of === 'x' && low < high) return [low, high];
  if (kind === 'log') {
    const air = (high / low) ** 0.04 * (low === high ? 2 : 1);
    return [low / air, high * air];
  }
  const air = low === high ? Math.abs(low || 1) / 2 : (high - low) * 0.04;
  return [low - air, high + air];
}

function elementTicks(elements: number): Tick[] {
  if (elements < 2) return [];
  return chooseTicks(0, elements - 1, 'linear', [], 5).filter(({ value }) => Number.isInteger(value));
}

function centredLabel(text: string, x: number, y: number): Mark[] {
  return textLines([text], { x, y }, { size: TEXT.label, align: 'center' });
}

function layOutText(table: FlowTable, grid: PanelGrid) {
  const width = grid.figureWidth - 2 * MARGIN;
  const small = charactersIn(width, TEXT.small);
  const title = wrapText(table.title, charactersIn(width, TEXT.title, 'bold'));
  const sample = wrapText(describeFlow(table), small);
  const print = table.note ? wrapText(table.note, small) : [];
  const titleHeight = title.length * TEXT.title * LINE_HEIGHT;
  const top = Math.ceil(MARGIN + titleHeight + sample.length * TEXT.small * LINE_HEIGHT + grid.labelHeight + 8);
  const printStart = grid.totalHeight + 38;
  const x = MARGIN - grid.left;
  const firstLine = MARGIN - top + TEXT.title;
  return {
    top,
    bottom: Math.ceil(printStart - grid.totalHeight + print.length * TEXT.small * LINE_HEIGHT + MARGIN),
    marks: [
      ...textLines(title, { x, y: firstLine }, { size: TEXT.title, weight: 'bold' }),
      ...textLines(sample, { x, y: firstLine + titleHeight - 1 }, { size: TEXT.small, color: FAINT }),
      ...textLines(print, { x, y: printStart + TEXT.small }, { size: TEXT.small, color: FAINT }),
    ],
  };
}
