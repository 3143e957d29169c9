// A page of panels as a Vega specification: title, sample and notes around one or several panels, with letters where
// there are several. All positions are explicit: what is drawn does not depend on how wide some machine thinks a
// letter is.
import type { GroupMark, Mark, Spec } from 'vega';
import type { FigureWidth } from '../../../core/contracts/figure.js';
import { panelLetter, wrapText } from './format.js';
import type { Panel, PanelBuilder } from './panel.js';
import { CONFIG, charactersIn, FAINT, FIGURE_WIDTH, LINE_HEIGHT, TEXT } from './style.js';
import { textLines } from './text-marks.js';

export interface Page {
  readonly title: string;
  readonly panels: readonly PanelBuilder[];
  /** Side by side. */
  readonly columns: number;
  /** Of a journal, or in pixels. */
  readonly width: FigureWidth | number;
  /** Without title, sample and small print. Default false. */
  readonly bare?: boolean;
  /** Small print for the whole figure, before that of the panels. */
  readonly note?: string;
}

/** Unit: pixels. */
const MARGIN = 6;
const GAP = 16;
const SMALL_LINE = TEXT.small * LINE_HEIGHT;

/** A panel with the words above it. */
interface Placed {
  readonly panel: Panel;
  readonly heading: readonly string[];
  readonly sample: readonly string[];
}

/** A page as it is drawn, and what there is to say of it. */
export interface DrawnPage {
  readonly spec: Spec;
  /** What was summarised, with N. */
  readonly sample: string;
  /** All words around the panels, paragraph by paragraph: where they are not drawn, they belong into the caption. */
  readonly caption: readonly string[];
}

export function pageSpec({ title, panels: builders, columns, width, note, bare = false }: Page): DrawnPage {
  const pixels = typeof width === 'number' ? width : FIGURE_WIDTH[width];
  const inner = pixels - 2 * MARGIN;
  const cell = (inner - (columns - 1) * GAP) / columns;
  const panels = alignedPanels(builders, cell, columns);
  const several = panels.length > 1;
  const common = panels.every(({ sample }) => sample === panels[0].sample) ? panels[0].sample : undefined;
  const small = (text: string, room: number) => (text === '' ? [] : wrapText(text, charactersIn(room, TEXT.small)));
  const placed = panels.map(
    (panel, i): Placed => ({
      panel,
      heading: several
        ? wrapText(bare ? panelLetter(i) : `${panelLetter(i)} ${panel.title}`, charactersIn(cell, TEXT.label, 'bold'))
        : [],
      sample: common === undefined && !bare ? small(panel.sample, cell) : [],
    }),
  );

  const marks: Mark[] = [];
  let y = MARGIN;
  const write = (lines: readonly string[], size: number, style: { weight?: 'bold'; color?: string } = {}) => {
    marks.push(...textLines(lines, { x: MARGIN, y: y + size }, { size, ...style }));
    y += lines.length * size * LINE_HEIGHT;
  };
  if (!bare) {
    write(wrapText(title, charactersIn(inner, TEXT.title, 'bold')), TEXT.title, { weight: 'bold' });
    write(small(common ?? '', inner), TEXT.small, { color: FAINT });
    y += several ? 10 : 8;
  }

  for (let first = 0; first < placed.length; first += columns) {
    const row = placed.slice(first, first + columns);
    const words = Math.max(...row.map(wordsHeight));
    row.forEach((each, column) => {
      const x = MARGIN + column * (cell + GAP);
      marks.push(...wordsOf(each, x, y), place(each.panel, x, y + words));
    });
    y += words + Math.max(...row.map(({ panel }) => panel.height)) + (first + columns < placed.length ? GAP / 2 : 0);
  }

  const notes = [
    ...(note ? [note] : []),
    ...panels.flatMap((panel, i) => panel.notes.map((line) => (several ? `${panelLetter(i)} ${line}` : line))),
  ];
  if (!bare) {
    y += 2;
    write(
      notes.flatMap((line) => small(line, inner)),
      TEXT.small,
      { color: FAINT },
    );
  }
  const spec: Spec = {
    $schema: 'https://vega.github.io/schema/vega/v6.json',
    description: common ? `${title}. ${common}` : title,
    width: pixels,
    height: Math.ceil(y + MARGIN),
    padding: 0,
    autosize: 'none',
    background: CONFIG.background,
    config: { axis: CONFIG.axis },
    marks,
  };
  const headings = several ? panels.map((panel, i) => `${panelLetter(i)} ${panel.title}: ${panel.sample}.`) : [];
  const captions =
    common === undefined ? headings : [`${common}.`, ...headings.map((line) => line.replace(`: ${common}.`, '.'))];
  return {
    spec,
    sample: [...new Set(panels.map((panel) => panel.sample))].join('. '),
    caption: [`${title}.`, ...captions, ...notes],
  };
}

/**
 * Plots of one kind get one size, and a plot beside maps their height: each panel is drawn once as it would stand alone, to
 * see what it needs.
 */
function alignedPanels(builders: readonly PanelBuilder[], cell: number, columns: number): Panel[] {
  const alone = builders.map((build) => build(cell));
  if (alone.length === 1) return alone;
  const most = (kind: Panel['kind'], of: (panel: Panel) => number) =>
    Math.max(...alone.filter((panel) => panel.kind === kind).map(of));
  const aligned = alone.map(({ kind }, i) =>
    builders[i](cell, {
      left: most(kind, ({ left }) => left),
      right: most(kind, ({ left, plot }) => cell - left - plot.width),
      height: 0,
    }),
  );
  return aligned.map((panel, i) => {
    const row = Math.floor(i / columns);
    const beside = aligned.filter((other, k) => other.kind === 'map' && Math.floor(k / columns) === row);
    if (panel.kind !== 'plot' || beside.length === 0) return panel;
    const { left, plot } = panel;
    return builders[i](cell, { left, right: cell - left - plot.width, height: beside[0].plot.height });
  });
}

function wordsHeight({ heading, sample }: Placed): number {
  const height = heading.length * TEXT.label * LINE_HEIGHT + sample.length * SMALL_LINE;
  return height === 0 ? 0 : height + 5;
}

function wordsOf({ heading, sample }: Placed, x: number, y: number): Mark[] {
  const below = y + heading.length * TEXT.label * LINE_HEIGHT;
  return [
    ...textLines(heading, { x, y: y + TEXT.label }, { size: TEXT.label, weight: 'bold' }),
    ...textLines(sample, { x, y: below + TEXT.small }, { size: TEXT.small, color: FAINT }),
  ];
}

function place({ body, left, plot }: Panel, x: number, y: number): GroupMark {
  const enter = {
    x: { value: x + left },
    y: { value: y },
    width: { value: plot.width },
    height: { value: plot.height },
  };
  return { type: 'group', encode: { enter }, ...body };
}
