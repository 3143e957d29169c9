// Numbers of a run against its clock.
import { numberWidth } from '../../../analysis/figures/draw/style.js';
import { type Axes, placedIn, TICK_TEXT } from '../drawing/axes.js';
import type { Box, Stroke, Surface } from '../drawing/surface.js';
import type { Track } from '../trail.js';
import type { Clock } from './run-state.js';

export interface Curve {
  readonly name: string;
  readonly track: Track;
}

export const clocksOf = (track: Track, clock: Clock): readonly number[] => track[clock];

export function drawCurve(surface: Surface, plot: Box, axes: Axes, track: Track, clock: Clock, stroke: Stroke): void {
  const at = placedIn(plot, axes);
  surface.polyline(
    track[clock].map((value) => at.x(value)),
    track.data.map(([value]) => at.y(value)),
    stroke,
  );
}

/** Least and largest value; of those above 0 where `positive`. Infinite where there is none. */
export function extentOf(curves: readonly Curve[], positive: boolean): readonly [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { track } of curves) {
    for (const [value] of track.data) {
      if (!Number.isFinite(value) || (positive && !(value > 0))) continue;
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  }
  return [low, high];
}

/** Names of curves in their colours, in the upper right corner. */
export function nameCurves(surface: Surface, plot: Box, curves: readonly Curve[], colors: readonly string[]): void {
  let right = plot.x + plot.width - 2;
  for (let i = curves.length - 1; i >= 0; i--) {
    const { name } = curves[i];
    surface.text(name, right, plot.y + TICK_TEXT, { color: colors[i], size: TICK_TEXT, align: 'end' });
    right -= numberWidth(name, TICK_TEXT) + 8;
  }
}

/** Last values by name, in words. */
export function lastValues(curves: readonly Curve[], format: (value: number) => string): string {
  return curves.map(({ name, track }) => `${name} ${format(track.data[track.data.length - 1]?.[0])}`).join(', ');
}

/** One row a frame of the first curve, with the clock; other curves where they were measured at the same step. */
export function curvesTable(curves: readonly Curve[], clock: Clock) {
  const byStep = curves.map(({ track }) => new Map(track.step.map((step, i) => [step, track.data[i][0]])));
  const steps = curves[0]?.track.step ?? [];
  return {
    header: ['step', clock, ...curves.map(({ name }) => name)],
    rows: steps.map((step, i) => [step, curves[0].track[clock][i], ...byStep.map((at) => at.get(step) ?? Number.NaN)]),
  };
}
