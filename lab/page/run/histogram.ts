// Histograms of small panels: a density over even bins, and its steps as a line.
import { evenEdges, histogram } from '../../../core/statistics/histogram.js';
import { type Axes, placedIn } from '../drawing/axes.js';
import type { Box, Surface } from '../drawing/surface.js';
import type { Theme } from '../drawing/theme.js';
import type { Track } from '../trail.js';

export interface BinnedDensity {
  readonly edges: Float64Array;
  readonly density: Float64Array;
  readonly n: number;
}

/** Values outside of the ends count in the norm alone. */
export function densityOf(values: ArrayLike<number>, low: number, high: number, bins: number): BinnedDensity {
  const { edges, counts } = histogram(values, evenEdges(low, high, bins));
  const scale = bins / ((high - low) * Math.max(1, values.length));
  return { edges, density: counts.map((count) => count * scale), n: values.length };
}

/** The last frames of a track, none of them of its first half: where a run came from is not what it does. */
export function lastFrames({ data, step }: Track, most: number): readonly Float64Array[] {
  const half = step[step.length - 1] / 2;
  return data.slice(-most).filter((_, i, { length }) => step[step.length - length + i] >= half);
}

/** Bars without gaps, with the steps of their tops. */
export function drawBars(
  surface: Surface,
  plot: Box,
  axes: Axes,
  { edges, density }: Pick<BinnedDensity, 'edges' | 'density'>,
  theme: Theme,
): void {
  const at = placedIn(plot, axes);
  const xs: number[] = [at.x(edges[0])];
  const ys: number[] = [at.y(0)];
  density.forEach((value, i) => {
    xs.push(at.x(edges[i]), at.x(edges[i + 1]));
    ys.push(at.y(value), at.y(value));
  });
  xs.push(at.x(edges[edges.length - 1]));
  ys.push(at.y(0));
  surface.polygon(xs, ys, { color: theme.accent, opacity: 0.22 });
  surface.polyline(xs, ys, { color: theme.accent, width: 1 });
}

/** A law as a line; `points` of it, evenly spaced. */
export function drawLaw(
  surface: Surface,
  plot: Box,
  axes: Axes,
  law: (x: number) => number,
  theme: Theme,
  points = 160,
): void {
  const at = placedIn(plot, axes);
  const { scale } = axes.x;
  const values = Array.from({ length: points + 1 }, (_, i) => scale.valueAt(i / points));
  const stroke = { color: theme.law, width: 1.6 };
  surface.polyline(
    values.map((x) => at.x(x)),
    values.map((x) => at.y(law(x))),
    stroke,
  );
}
