// Loss on a logarithmic axis, and order parameters on a second one below it.
import { formatNumber } from '../../../analysis/figures/draw/format.js';
import type { LiveStart } from '../../protocol.js';
import { linearScale, logScale, steadyRange } from '../drawing/scale.js';
import type { Trail } from '../trail.js';
import { type Curve, curvesTable, drawCurve, extentOf, lastValues, nameCurves } from './curves.js';
import type { CreatePanel } from './panel.js';
import { drawPlot } from './plot.js';
import { xAxis } from './run-state.js';

/** What is drawn below the loss, where the model has it, by the end of its name. */
const ORDER_PARAMETERS = ['overlap.q', 'features.mode'] as const;
const ORDER_NAMES = ['overlap q', 'mode of |φ|'] as const;

const tested = ({ channels }: LiveStart) =>
  Object.keys(channels).find((name) => name.includes('test.') && channels[name].shape.length === 0);

function curvesOf(trail: Trail, wanted: readonly (readonly [string | undefined, string])[]): Curve[] {
  return wanted.flatMap(([channel, name]) => {
    const track = channel === undefined ? undefined : trail.track(channel);
    return track ? [{ name, track }] : [];
  });
}

export const createLossPanel: CreatePanel = (run) => {
  const { roles, missing, channels } = run;
  const ordered = ORDER_PARAMETERS.map((end, i): readonly [string | undefined, string] => [
    Object.keys(channels).find((name) => name.endsWith(end)),
    ORDER_NAMES[i],
  ]).filter(([channel]) => channel !== undefined);
  if (!roles.loss && !tested(run)) return { missing: missing.loss ?? 'this model has no loss' };
  const lossRange = steadyRange('log');
  const orderRange = steadyRange('linear', 0);
  return (trail) => {
    const axis = xAxis.value;
    const losses = curvesOf(trail, [
      [roles.loss, 'training'],
      [tested(run), 'test'],
    ]);
    if (!axis || losses.length === 0) return undefined;
    const orders = curvesOf(trail, ordered);
    const [low, high] = extentOf(losses, true);
    // Below 10^-12 of the largest it is rounding.
    const lossAxis = { scale: logScale(...lossRange.hold(Math.max(low, 1e-12 * high), high)) };
    const [least, most] = extentOf(orders, false);
    const orderAxis = { scale: linearScale(...orderRange.hold(Math.min(0, least), Math.max(1, most))) };
    const { scale, label, clock } = axis;
    return {
      caption: lastValues([...losses, ...orders.slice(0, 1)], formatNumber),
      description: `last values: ${lastValues([...losses, ...orders], formatNumber)}`,
      draw(surface, box, theme) {
        const share = ordered.length > 0 ? 0.58 : 1;
        const upper = { ...box, height: share === 1 ? box.height : share * (box.height - 36) };
        const above = { x: { scale, label, isBare: share < 1 }, y: lossAxis };
        const colors = [theme.accent, theme.law];
        drawPlot(surface, upper, above, theme, (plot) => {
          losses.forEach(({ track }, i) => {
            drawCurve(surface, plot, above, track, clock, { color: colors[i], width: 1.4 });
          });
          nameCurves(surface, plot, losses, colors);
        });
        if (share === 1) return;
        const below = { x: { scale, label }, y: orderAxis };
        const top = upper.y + upper.height;
        const inks = [theme.ink, theme.law];
        drawPlot(surface, { ...box, y: top, height: box.y + box.height - top }, below, theme, (plot) => {
          orders.forEach(({ track }, i) => {
            drawCurve(surface, plot, below, track, clock, { color: inks[i], width: 1.4 });
          });
          nameCurves(surface, plot, orders, inks);
        });
      },
      table: curvesTable([...losses, ...orders], clock),
    };
  };
};
