// The frame of a plot: ticks, their labels and what the axes show.
import { numberWidth } from '../../../analysis/figures/draw/style.js';
import { type AxisScale, BEFORE } from './scale.js';
import { type Box, line, type Surface } from './surface.js';
import type { Theme } from './theme.js';

/** Unit: pixels. */
export const TICK_TEXT = 10;
export const LABEL_TEXT = 11;
const TICK = 4;
const BETWEEN = 6;
/** Of a label beside a tick: `5×10⁻⁵`. */
const TICK_SPACE = 36;

export interface Axis {
  readonly scale: AxisScale;
  readonly label?: string;
  /** Ticks alone, as of an axis that another one below repeats. */
  readonly isBare?: boolean;
}

export interface Axes {
  readonly x: Axis;
  readonly y: Axis;
}

/** From numbers to pixels of a plot. */
export interface Placed {
  x(value: number): number;
  y(value: number): number;
}

export function placedIn(plot: Box, { x, y }: Axes): Placed {
  return {
    x: (value) => plot.x + x.scale.place(value) * plot.width,
    y: (value) => plot.y + (1 - y.scale.place(value)) * plot.height,
  };
}

/** As many ticks as leave their labels room. */
function ticksOf({ scale }: Axis, length: number, room: number) {
  // Fewer than three powers of ten would be taken for too few, and made more.
  const least = scale.kind === 'log' ? 6 : 2;
  return scale.ticks(Math.max(least, Math.min(8, Math.floor(length / room))));
}

/** Lines that help the eye, below what is drawn. */
export function drawGrid(surface: Surface, plot: Box, axes: Axes, theme: Theme): void {
  const at = placedIn(plot, axes);
  const stroke = { color: theme.line, width: 1, opacity: 0.6 };
  for (const { value } of ticksOf(axes.y, plot.height, 28)) {
    const y = Math.round(at.y(value)) + 0.5;
    if (y > plot.y + 1 && y < plot.y + plot.height - 1) line(surface, [plot.x, y], [plot.x + plot.width, y], stroke);
  }
}

/** Axis lines left and below, ticks outside, labels. @param left where the labels of the y axis end; default the plot */
export function drawAxes(surface: Surface, plot: Box, axes: Axes, theme: Theme, left = plot.x): void {
  const at = placedIn(plot, axes);
  const bottom = plot.y + plot.height;
  const stroke = { color: theme.faint, width: 1 };
  const text = { color: theme.faint, size: TICK_TEXT } as const;
  line(surface, [left, bottom + 0.5], [plot.x + plot.width, bottom + 0.5], stroke);
  let before = Number.POSITIVE_INFINITY;
  line(surface, [left - 0.5, plot.y], [left - 0.5, bottom + 0.5], stroke);
  for (const { value, label } of ticksOf(axes.y, plot.height, 28)) {
    const y = Math.round(at.y(value)) + 0.5;
    line(surface, [left - TICK, y], [left, y], stroke);
    if (Math.abs(y - before) < TICK_TEXT + 2) continue;
    surface.text(label, left - TICK - 3, y, { ...text, align: 'end', across: 'middle' });
    before = y;
  }
  let end = Number.NEGATIVE_INFINITY;
  for (const { value, label } of ticksOf(axes.x, plot.width, 64)) {
    const x = Math.round(at.x(value)) + 0.5;
    line(surface, [x, bottom], [x, bottom + TICK], stroke);
    const half = numberWidth(label, TICK_TEXT) / 2;
    if (axes.x.isBare || x - half < end + BETWEEN) continue;
    surface.text(label, x, bottom + TICK + TICK_TEXT + 2, { ...text, align: 'middle' });
    end = x + half;
  }
  if (axes.x.scale.kind === 'log' && axes.x.scale.low === 0) drawBreak(surface, plot, theme);
  const named = { color: theme.ink, size: LABEL_TEXT, align: 'middle' } as const;
  if (axes.x.label && !axes.x.isBare) surface.text(axes.x.label, plot.x + plot.width / 2, bottom + 31, named);
  if (axes.y.label) {
    surface.text(axes.y.label, left - TICK - 3 - TICK_SPACE - 6, plot.y + plot.height / 2, {
      ...named,
      upright: true,
    });
  }
}

/** Where a logarithmic axis leaves out what lies between 0 and its first value. */
function drawBreak(surface: Surface, plot: Box, theme: Theme): void {
  const middle = plot.x + 0.55 * BEFORE * plot.width;
  const y = plot.y + plot.height + 0.5;
  surface.rect({ x: middle - 1.5, y: y - 1.5, width: 3, height: 3 }, { color: theme.paper });
  for (const x of [middle - 1.5, middle + 1.5]) {
    line(surface, [x - 1.5, y + 4], [x + 1.5, y - 4], { color: theme.faint, width: 1 });
  }
}

/** Space that an axis takes left of its plot: the same whatever stands at its ticks, so that nothing moves. */
export const leftSpace = ({ label }: Axis) => TICK + 3 + TICK_SPACE + (label ? LABEL_TEXT + 6 : 0);

/** Space that an axis takes below its plot. */
export const belowSpace = ({ label, isBare }: Axis) => (isBare ? 6 : label ? 36 : 20);
