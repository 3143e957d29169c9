// Spacings of neighbouring levels against Wigner's surmise. Each pair is measured in its own mean over the last frames
// (arXiv:2407.16427): pairs drift apart by their forces, and what is compared is how they keep away from each other.
import { surmiseDensity } from '../../../core/theory/random-matrix/wigner-surmise.js';
import { linearScale, steadyRange } from '../drawing/scale.js';
import { densityOf, drawBars, drawLaw, lastFrames } from './histogram.js';
import type { CreatePanel } from './panel.js';
import { drawPlot } from './plot.js';

const FRAMES = 200;
/** Means over fewer frames say nothing. */
const LEAST = 10;
const FAR = 4;
const BINS = 20;

/** Spacings of all pairs over the mean of each. @param frames levels, descending */
export function normalisedSpacings(frames: readonly ArrayLike<number>[]): number[] {
  const pairs = frames.length > 0 ? frames[0].length - 1 : 0;
  return Array.from({ length: pairs }, (_, pair) => {
    const spacings = frames.map((levels) => levels[pair] - levels[pair + 1]);
    const mean = spacings.reduce((sum, spacing) => sum + spacing, 0) / spacings.length;
    return mean > 0 ? spacings.map((spacing) => spacing / mean) : [];
  }).flat();
}

export const createSpacingsPanel: CreatePanel = ({ roles, channels, beta, missing }) => {
  const channel = roles.levels;
  if (!channel) return { missing: missing.levels ?? 'this model has no levels' };
  if (channels[channel].shape[0] < 2) return { missing: 'a single level has no neighbour' };
  const yRange = steadyRange('linear', 0);
  return (trail) => {
    const track = trail.track(channel);
    if (!track) return undefined;
    const frames = lastFrames(track, FRAMES).filter((levels) => levels.every(Number.isFinite));
    const enough = frames.length >= LEAST;
    const binned = densityOf(enough ? normalisedSpacings(frames) : [], 0, FAR, BINS);
    const top = binned.density.reduce((a, b) => Math.max(a, b), 0.9);
    const axes = {
      x: { scale: linearScale(0, FAR), label: 'spacing over its mean' },
      y: { scale: linearScale(...yRange.hold(0, top)) },
    };
    const pairs = channels[channel].shape[0] - 1;
    const sample = `N = ${pairs} pair${pairs > 1 ? 's' : ''} × ${frames.length} frames`;
    return {
      caption: `Wigner surmise, β = ${beta}${enough ? `; ${sample}` : '; waits for 10 frames'}`,
      description: `${sample}, each pair over its own mean, against the Wigner surmise for beta = ${beta}`,
      draw(surface, box, theme) {
        drawPlot(surface, box, axes, theme, (plot) => {
          if (enough) drawBars(surface, plot, axes, binned, theme);
          drawLaw(surface, plot, axes, (s) => surmiseDensity(beta, s), theme);
        });
      },
      table: {
        header: ['spacing over its mean', 'density', 'surmise'],
        rows: Array.from(binned.density, (density, i) => {
          const s = (binned.edges[i] + binned.edges[i + 1]) / 2;
          return [s, density, surmiseDensity(beta, s)];
        }),
      },
    };
  };
};
