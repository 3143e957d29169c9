// Any number of a run against its clock.
import { formatNumber } from '../../../analysis/figures/draw/format.js';
import { inWords, withUnit } from '../../../analysis/figures/draw/words.js';
import { linearScale, steadyRange } from '../drawing/scale.js';
import { curvesTable, drawCurve, extentOf } from './curves.js';
import type { CreatePanel } from './panel.js';
import { drawPlot } from './plot.js';
import { xAxis } from './run-state.js';

/** @param channel one of `roles.numbers` */
export const createNumberPanel =
  (channel: string): CreatePanel =>
  ({ channels }) => {
    const record = channels[channel];
    if (!record) return { missing: `this model has no ${channel}` };
    const name = nameOfNumber(channel);
    const range = steadyRange('linear');
    return (trail) => {
      const axis = xAxis.value;
      const track = trail.track(channel);
      if (!axis || !track) return undefined;
      const { scale, label, clock } = axis;
      const axes = {
        x: { scale, label },
        y: { scale: linearScale(...range.hold(...extentOf([{ name, track }], false))) },
      };
      const last = formatNumber(track.data[track.data.length - 1][0]);
      return {
        caption: withUnit(`${name} ${last}`, record.unit),
        description: `${record.doc}; last value ${last}`,
        draw(surface, box, theme) {
          drawPlot(surface, box, axes, theme, (plot) => {
            drawCurve(surface, plot, axes, track, clock, { color: theme.accent, width: 1.4 });
          });
        },
        table: curvesTable([{ name: channel, track }], clock),
      };
    };
  };

/** `look-overlap.q` is `overlap q`. */
export const nameOfNumber = (channel: string) => inWords(channel.replace(/^look-/, '').replace('.', ' '));
