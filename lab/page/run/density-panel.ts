// Density of the levels against the law of random matrices as wide as the present one: Marchenko and Pastur's for levels of
// W W^T, Wigner's semicircle for levels that are those of no matrix.
import { formatNumber } from '../../../analysis/figures/draw/format.js';
import { marchenkoPasturDensity, marchenkoPasturEdges } from '../../../core/theory/random-matrix/marchenko-pastur.js';
import { fitSemicircle, semicircleDensity } from '../../../core/theory/random-matrix/semicircle.js';
import type { LiveStart } from '../../protocol.js';
import { placedIn } from '../drawing/axes.js';
import { linearScale, steadyRange } from '../drawing/scale.js';
import { line } from '../drawing/surface.js';
import { densityOf, drawBars, drawLaw, lastFrames } from './histogram.js';
import type { CreatePanel } from './panel.js';
import { drawPlot } from './plot.js';

const FRAMES = 50;
const BINS = 24;

interface Law {
  readonly name: string;
  readonly low: number;
  readonly high: number;
  density(x: number): number;
}

/** Of entries with the mean square of the present ones: the sum of the levels is the sum of all squares. */
function marchenkoPasturOf({ rows, cols }: NonNullable<LiveStart['block']>, levels: ArrayLike<number>[]): Law {
  const sum = levels.reduce((total, frame) => total + Array.from(frame).reduce((a, b) => a + b, 0), 0);
  const law = { rows, cols, entryVariance: sum / levels.length / (rows * cols) };
  const { lower, upper } = marchenkoPasturEdges(law);
  const variance = formatNumber(Number(law.entryVariance.toPrecision(2)));
  return {
    name: `Marchenko-Pastur law, entries of variance ${variance}`,
    low: lower,
    high: upper,
    density: (x) => marchenkoPasturDensity(law, x),
  };
}

function semicircleOf(levels: ArrayLike<number>): Law {
  const law = fitSemicircle(levels);
  return {
    name: 'semicircle of the same variance',
    low: law.centre - law.radius,
    high: law.centre + law.radius,
    density: (x) => semicircleDensity(law, x),
  };
}

export const createDensityPanel: CreatePanel = ({ roles, block, missing }) => {
  const channel = roles.levels;
  if (!channel) return { missing: missing.levels ?? 'this model has no levels' };
  const xRange = steadyRange('linear', block ? 0 : undefined);
  const yRange = steadyRange('linear', 0);
  return (trail) => {
    const track = trail.track(channel);
    if (!track) return undefined;
    const frames = lastFrames(track, FRAMES).filter((levels) => levels.every(Number.isFinite));
    if (frames.length === 0) return undefined;
    const values = frames.flatMap((levels) => Array.from(levels));
    const law = block ? marchenkoPasturOf(block, [...frames]) : semicircleOf(values);
    const least = values.reduce((a, b) => Math.min(a, b), law.low);
    const most = values.reduce((a, b) => Math.max(a, b), law.high);
    const [low, high] = xRange.hold(least, most);
    const binned = densityOf(values, low, high, BINS);
    const peak = binned.density.reduce((a, b) => Math.max(a, b), 0);
    const lawPeak = Math.max(
      ...Array.from({ length: 64 }, (_, i) => law.density(low + ((i + 0.5) * (high - low)) / 64)),
    );
    // The law of a square matrix has no upper bound at 0.
    const top = Math.max(peak, Math.min(lawPeak, 2 * peak));
    const axes = {
      x: { scale: linearScale(low, high), label: 'level' },
      y: { scale: linearScale(...yRange.hold(0, top)) },
    };
    const sample = `N = ${values.length} levels of the last ${frames.length === 1 ? 'frame' : `${frames.length} frames`}`;
    const centre = (i: number) => (binned.edges[i] + binned.edges[i + 1]) / 2;
    return {
      caption: law.name,
      description: `${sample}; ${law.name}: from ${formatNumber(law.low)} to ${formatNumber(law.high)}`,
      draw(surface, box, theme) {
        const now = frames[frames.length - 1];
        const plot = drawPlot(surface, box, axes, theme, (inner) => {
          drawBars(surface, inner, axes, binned, theme);
          drawLaw(surface, inner, axes, law.density, theme, 240);
        });
        const at = placedIn(plot, axes);
        const colors = theme.levels(now.length);
        const bottom = plot.y + plot.height;
        // The levels as they stand, one mark each.
        now.forEach((level, i) => {
          line(surface, [at.x(level), bottom - 7], [at.x(level), bottom], { color: colors[i], width: 1.5 });
        });
      },
      table: {
        header: ['level', 'density', 'law'],
        rows: Array.from(binned.density, (density, i) => [centre(i), density, law.density(centre(i))]),
      },
    };
  };
};
