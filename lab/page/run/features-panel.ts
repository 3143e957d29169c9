// Features of the last hidden layer on [-1, 1], against the law of tanh(z) for Gaussian z (arXiv:2509.01349).
import { evenEdges } from '../../../core/statistics/histogram.js';
import { placedIn } from '../drawing/axes.js';
import { linearScale, steadyRange } from '../drawing/scale.js';
import { drawBars } from './histogram.js';
import type { CreatePanel } from './panel.js';
import { drawPlot } from './plot.js';

/** Of the same observer as the density of the features. */
const lawOf = (channel: string) => `${channel.slice(0, channel.indexOf('.'))}.tanhDensity`;

export const createFeaturesPanel: CreatePanel = ({ roles, missing }) => {
  const channel = roles.features;
  if (!channel) return { missing: missing.features ?? 'this model has no features' };
  const yRange = steadyRange('linear', 0);
  return (trail) => {
    const density = trail.latest(channel)?.data;
    if (!density?.every(Number.isFinite)) return undefined;
    const law = trail.latest(lawOf(channel))?.data;
    const edges = evenEdges(-1, 1, density.length);
    const centre = (i: number) => (edges[i] + edges[i + 1]) / 2;
    const top = [...density, ...(law ?? [])].reduce((a, b) => Math.max(a, b), 0);
    const axes = {
      x: { scale: linearScale(-1, 1), label: 'feature' },
      y: { scale: linearScale(...yRange.hold(0, top)) },
    };
    const within = density.reduce((sum, value, i) => sum + (Math.abs(centre(i)) > 0.9 ? value : 0), 0);
    const outer = Math.round((200 * within) / density.length);
    return {
      caption: law ? 'law of tanh(z), z normal' : 'on held-out inputs',
      description: `${outer} % of the features lie beyond 0.9 on either side`,
      draw(surface, box, theme) {
        drawPlot(surface, box, axes, theme, (plot) => {
          drawBars(surface, plot, axes, { edges, density }, theme);
          if (!law) return;
          const at = placedIn(plot, axes);
          const xs = Array.from(law, (_, i) => at.x(centre(i)));
          surface.polyline(xs, Array.from(law, at.y), { color: theme.law, width: 1.6 });
        });
      },
      table: {
        header: ['feature', 'density', ...(law ? ['law of tanh'] : [])],
        rows: Array.from(density, (value, i) => [centre(i), value, ...(law ? [law[i]] : [])]),
      },
    };
  };
};
