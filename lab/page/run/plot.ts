// A small plot: grid, what is drawn, axes.
import { type Axes, belowSpace, drawAxes, drawGrid, leftSpace } from '../drawing/axes.js';
import type { Box, Surface } from '../drawing/surface.js';
import type { Theme } from '../drawing/theme.js';

/** Where the plot itself lies, inside its labels. */
export function plotBox({ x, y, width, height }: Box, axes: Axes): Box {
  const left = leftSpace(axes.y);
  return { x: x + left, y: y + 8, width: width - left - 12, height: height - 8 - belowSpace(axes.x) };
}

/** @param draw what is clipped to the plot */
export function drawPlot(surface: Surface, box: Box, axes: Axes, theme: Theme, draw: (plot: Box) => void): Box {
  const plot = plotBox(box, axes);
  drawGrid(surface, plot, axes, theme);
  // Lines at the edge are seen in full.
  surface.clipped({ ...plot, y: plot.y - 2, height: plot.height + 3, width: plot.width + 1 }, () => draw(plot));
  drawAxes(surface, plot, axes, theme);
  return plot;
}
