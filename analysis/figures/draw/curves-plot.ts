// Given curves as a plot: theory and published tables, with shaded regions.
import type { CurvesDeclaration } from '../../../core/contracts/figure.js';
import { seriesColors } from './palette.js';
import { extentOf, type PlotTable } from './plot-panel.js';

/** @param title of the scenario, where the figure has none of its own */
export function curvesPlot(declaration: Omit<CurvesDeclaration, 'name'>, title: string): PlotTable {
  const { curves, xScale = 'linear', yScale = 'linear', limits, note } = declaration;
  const colors = seriesColors(curves.length);
  return {
    title: declaration.title ?? title,
    sample: 'theory: no run enters',
    notes: note ? [note] : [],
    x: {
      label: declaration.xLabel,
      scale: xScale,
      domain: extentOf(
        curves.flatMap(({ x }) => x),
        xScale,
        0,
      ),
    },
    y: {
      label: declaration.yLabel,
      scale: yScale,
      domain:
        limits ??
        extentOf(
          curves.flatMap(({ y }) => y),
          yScale,
        ),
    },
    curves: curves.map(({ label, x, y }, i) => ({
      label,
      color: colors[i],
      style: 'line',
      points: x.map((at, k) => ({ x: at, y: y[k] })),
    })),
    guides: declaration.guides ?? [],
    regions: declaration.regions ?? [],
  };
}
