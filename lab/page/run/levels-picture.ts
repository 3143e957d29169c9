// The picture of a run: its levels in time, thin lines from the law of the first weights on the left to the levels of the
// teacher on the right. Drawn piece by piece while the run goes on, and as a whole in files.
import type { ScaleKind } from '../../../core/contracts/figure.js';
import { marchenkoPasturDensity, marchenkoPasturEdges } from '../../../core/theory/random-matrix/marchenko-pastur.js';
import type { LiveStart } from '../../protocol.js';
import { type Axes, belowSpace, drawAxes, drawGrid, leftSpace, placedIn, TICK_TEXT } from '../drawing/axes.js';
import { type AxisScale, linearScale, logScale, type SteadyRange, steadyRange } from '../drawing/scale.js';
import { type Box, line, type Surface } from '../drawing/surface.js';
import type { Theme } from '../drawing/theme.js';
import type { Track } from '../trail.js';
import type { Overlay } from './overlay.js';
import type { Clock } from './run-state.js';

/** Of the law at the left edge, and of the ticks at the right one; unit: pixels. */
const LAW_WIDTH = 30;
const TARGET_WIDTH = 14;
const ABOVE = 20;
/** From here on there is room for whole sentences above the plot. */
const WIDE = 420;
const LINE_WIDTH = 1.25;
/** What a redrawing may take: with more levels, frames are skipped. */
const MOST_SEGMENTS = 40_000;
/** A level that is so much smaller than the largest is none. */
const NOTHING = 1e-10;
/** A level that is so much larger than all at the start diverges: its line leaves the panel, and the others stay in sight. */
const EXPLOSION = 1e6;

export interface LevelsLayout {
  readonly plot: Box;
  /** Between the y axis and the plot; no width where there is no law. */
  readonly law: Box;
}

export function layOutLevels(
  { x, y, width, height }: Box,
  axes: Axes,
  { startLaw, targetLevels }: LiveStart,
): LevelsLayout {
  const left = x + leftSpace(axes.y);
  const lawWidth = startLaw ? LAW_WIDTH : 0;
  const right = targetLevels ? TARGET_WIDTH + 6 : 14;
  const plotHeight = height - ABOVE - belowSpace(axes.x);
  const plot = { x: left + lawWidth, y: y + ABOVE, width: x + width - left - lawWidth - right, height: plotHeight };
  return { plot, law: { ...plot, x: left, width: lawWidth } };
}

/** Ends of the vertical axis: what is there from the start, and the levels that have come. */
export interface LevelRange {
  /** Takes the frames that are new. */
  include(track: Track | undefined): void;
  scale(kind: ScaleKind): AxisScale;
}

export function createLevelRange({ startLaw, targetLevels = [], block }: LiveStart): LevelRange {
  const ranges: Record<ScaleKind, SteadyRange> = {
    linear: steadyRange('linear', block ? 0 : undefined),
    log: steadyRange('log'),
  };
  const edges = startLaw && marchenkoPasturEdges(startLaw);
  const known = [...targetLevels, ...(edges ? [edges.lower, edges.upper] : [])];
  let [low, high, positive] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  let until = -1;
  let bound = Number.POSITIVE_INFINITY;
  const take = (value: number) => {
    if (!Number.isFinite(value) || Math.abs(value) > bound) return;
    low = Math.min(low, value);
    high = Math.max(high, value);
    if (value > 0) positive = Math.min(positive, value);
  };
  known.forEach(take);
  return {
    include(track) {
      if (!track) return;
      if (bound === Number.POSITIVE_INFINITY) {
        track.data[0].forEach(take);
        bound = EXPLOSION * Math.max(Math.abs(low), Math.abs(high));
      }
      for (let i = track.step.length - 1; i >= 0 && track.step[i] > until; i--) track.data[i].forEach(take);
      until = track.step[track.step.length - 1] ?? until;
    },
    scale(kind) {
      if (kind === 'linear') return linearScale(...ranges.linear.hold(low, high));
      const top = high > 0 ? high : 1;
      return logScale(...ranges.log.hold(Math.max(Math.min(positive, top), NOTHING * top), top));
    },
  };
}

/** Everything but the levels: axes, the law of the start, the levels of the teacher. */
export function drawLevelsGround(
  surface: Surface,
  layout: LevelsLayout,
  axes: Axes,
  run: LiveStart,
  theme: Theme,
): void {
  const { plot, law } = layout;
  drawGrid(surface, plot, axes, theme);
  if (run.startLaw) drawStartLaw(surface, law, axes, run.startLaw, theme, plot.width > WIDE);
  if (run.targetLevels) drawTargets(surface, plot, axes, run.targetLevels, theme);
  drawAxes(surface, plot, axes, theme, law.x);
}

/** The density of the law, turned to lie along the axis of the levels; on a logarithmic axis that of the logarithm. */
function drawStartLaw(
  surface: Surface,
  box: Box,
  axes: Axes,
  law: NonNullable<LiveStart['startLaw']>,
  theme: Theme,
  isWide: boolean,
): void {
  const { scale } = axes.y;
  const places = Array.from({ length: 161 }, (_, i) => i / 160);
  const density = places.map((place) => {
    const value = scale.valueAt(place);
    return marchenkoPasturDensity(law, value) * (scale.kind === 'log' ? value : 1);
  });
  // Without the pole at 0 of a square matrix.
  const most = [...density].sort((a, b) => a - b)[Math.floor(0.99 * density.length)] || Math.max(...density);
  const right = box.x + box.width;
  const xs = density.map((value) => right - Math.min(1, value / most) * (box.width - 4));
  const ys = places.map((place) => box.y + (1 - place) * box.height);
  surface.clipped(box, () => {
    surface.polygon([right, ...xs, right], [ys[0], ...ys, ys[160]], { color: theme.accent, opacity: 0.2 });
    const seen = xs.map((x, i) => (density[i] > 0 ? x : Number.NaN));
    surface.polyline(seen, ys, { color: theme.accent, width: 1, opacity: 0.8 });
  });
  const { y } = placedIn(box, axes);
  const { lower, upper } = marchenkoPasturEdges(law);
  for (const edge of [lower, upper]) {
    line(surface, [box.x + 4, y(edge)], [right, y(edge)], { color: theme.accent, width: 1, opacity: 0.6 });
  }
  line(surface, [right + 0.5, box.y], [right + 0.5, box.y + box.height], { color: theme.line, width: 1 });
  const style = { color: theme.faint, size: TICK_TEXT };
  surface.text(isWide ? 'Marchenko-Pastur law of the first weights' : 'Marchenko-Pastur', box.x, box.y - 7, style);
}

function drawTargets(surface: Surface, plot: Box, axes: Axes, levels: readonly number[], theme: Theme): void {
  const at = placedIn(plot, axes);
  const right = plot.x + plot.width;
  line(surface, [right + 0.5, plot.y], [right + 0.5, plot.y + plot.height], { color: theme.line, width: 1 });
  for (const level of levels) {
    line(surface, [right + 2, at.y(level)], [right + TARGET_WIDTH, at.y(level)], { color: theme.teacher, width: 1.5 });
  }
  const style = { color: theme.faint, size: TICK_TEXT, align: 'end' } as const;
  surface.text(plot.width > WIDE ? 'levels of the teacher' : 'teacher', right + TARGET_WIDTH, plot.y - 7, style);
}

/** Index of the last frame at or before a step; 0 where there is none. */
export function frameAt({ step }: Pick<Track, 'step'>, wanted: number): number {
  let [low, high] = [0, step.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (step[middle] <= wanted) low = middle;
    else high = middle - 1;
  }
  return low;
}

/**
 * Levels from one frame to the last one, each a line.
 *
 * @param from index of the first frame: the last one that is drawn already
 */
export function drawLevels(
  surface: Surface,
  plot: Box,
  axes: Axes,
  track: Track,
  clock: Clock,
  theme: Theme,
  from = 0,
): void {
  const at = placedIn(plot, axes);
  const count = track.data[0]?.length ?? 0;
  const frames = track.step.length - from;
  const stride = Math.max(1, Math.ceil((count * frames) / MOST_SEGMENTS));
  const picked: number[] = [];
  for (let i = from; i < track.step.length - 1; i += stride) picked.push(i);
  picked.push(track.step.length - 1);
  const xs = Float64Array.from(picked, (i) => at.x(track[clock][i]));
  const ys = new Float64Array(picked.length);
  const colors = theme.levels(count);
  surface.clipped({ ...plot, y: plot.y - 1, height: plot.height + 2, width: plot.width + 1 }, () => {
    // The largest on top: they are what is looked at.
    for (let level = count - 1; level >= 0; level--) {
      for (let i = 0; i < picked.length; i++) ys[i] = at.y(track.data[picked[i]][level]);
      surface.polyline(xs, ys, { color: colors[level], width: LINE_WIDTH });
    }
  });
}

/** Another run: dashed lines, with a band of one standard deviation where it is a mean. */
export function drawOverlay(
  surface: Surface,
  plot: Box,
  axes: Axes,
  overlay: Overlay,
  clock: Clock,
  theme: Theme,
): void {
  const at = placedIn(plot, axes);
  const { mean, deviation } = overlay;
  const xs = Array.from(overlay[clock], (value) => at.x(value));
  surface.clipped(plot, () => {
    for (let level = 0; level < (mean[0]?.length ?? 0); level++) {
      if (deviation) {
        const edge = (sign: number) => mean.map((levels, i) => at.y(levels[level] + sign * deviation[i][level]));
        const band = { color: theme.ink, opacity: 0.1 };
        surface.polygon([...xs, ...[...xs].reverse()], [...edge(1), ...edge(-1).reverse()], band);
      }
      const ys = mean.map((levels) => at.y(levels[level]));
      surface.polyline(xs, ys, { color: theme.ink, width: 1, opacity: 0.75, dash: [5, 3] });
    }
  });
}

/** Where the levels are now: a mark on each. */
export function drawFront(surface: Surface, plot: Box, axes: Axes, track: Track, clock: Clock, theme: Theme): void {
  const at = placedIn(plot, axes);
  const last = track.step.length - 1;
  const x = at.x(track[clock][last]);
  const colors = theme.levels(track.data[last].length);
  const radius = track.data[last].length > 40 ? 1.5 : 2.5;
  track.data[last].forEach((level, i) => {
    const y = at.y(level);
    if (Number.isFinite(y) && y >= plot.y - 2) surface.disc(x, y, radius, { color: colors[i] });
  });
}

/** Rank of the level that lies closest to a place. @param y pixels */
export function nearestLevel(levels: ArrayLike<number>, y: number, placeOf: (value: number) => number): number {
  let nearest = 0;
  for (let i = 1; i < levels.length; i++) {
    if (Math.abs(placeOf(levels[i]) - y) < Math.abs(placeOf(levels[nearest]) - y)) nearest = i;
  }
  return nearest;
}
