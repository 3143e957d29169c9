// Density of the levels against the law of random matrices as wide as the present one: Marchenko and Pastur's for levels of
// W W^T, Wigner's semicircle for levels that are those of no matrix.

import { formatNumber } from '../../../analysis/figures/draw/format.js';
import type { ScaleKind } from '../../../core/contracts/figure.js';
import { marchenkoPasturDensity, marchenkoPasturEdges } from '../../../core/theory/random-matrix/marchenko-pastur.js';
import { fitSemicircle, semicircleDensity } from '../../../core/theory/random-matrix/semicircle.js';
import type { LiveStart } from '../../protocol.js';
import { placedIn } from '../drawing/axes.js';
import { linearScale, logScale, steadyRange } from '../drawing/scale.js';
import { line } from '../drawing/surface.js';
import { densityOf, drawBars, drawLaw, lastFrames } from './histogram.js';
import type { CreatePanel } from './panel.js';
import { drawPlot } from './plot.js';
import { levelKind, yKind } from './run-state.js';

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
    name: `Marchenko-Pastur, variance ${variance}`,
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

/** A level that is so much smaller than the largest is none. */
const NOTHING = 1e-6;

/** Density of the level, or of its decimal logarithm: per decade. */
const MEASURES: Readonly<Record<ScaleKind, { to(x: number): number; slope(x: number): number; name: string }>> = {
  linear: { to: (x) => x, slope: () => 1, name: '' },
  log: { to: Math.log10, slope: (x) => x * Math.LN10, name: ', per decade' },
};

export const createDensityPanel: CreatePanel = (run) => {
  const { roles, block, missing } = run;
  const channel = roles.levels;
  if (!channel) return { missing: missing.levels ?? 'this model has no levels' };
  const ranges = { linear: steadyRange('linear', block ? 0 : undefined), log: steadyRange('log') };
  const tops = { linear: steadyRange('linear', 0), log: steadyRange('linear', 0) };
  return (trail) => {
    // As the levels of the large panel.
    const kind = levelKind(run, yKind.value);
    const { to, slope, name } = MEASURES[kind];
    const track = trail.track(channel);
    if (!track) return undefined;
    const frames = lastFrames(track, FRAMES).filter((levels) => levels.every(Number.isFinite));
    if (frames.length === 0) return undefined;
    const values = frames.flatMap((levels) => Array.from(levels));
    const law = block ? marchenkoPasturOf(block, [...frames]) : semicircleOf(values);
    const most = values.reduce((a, b) => Math.max(a, b), law.high);
    const all = values.reduce((a, b) => Math.min(a, b), law.low);
    const positive = values.reduce((a, b) => (b > 0 ? Math.min(a, b) : a), most);
    const least = kind === 'log' ? Math.max(positive, NOTHING * most) : all;
    const [low, high] = ranges[kind].hold(least, most);
    const scale = kind === 'log' ? logScale(low, high) : linearScale(low, high);
    const binned = densityOf(values.map(to), to(low), to(high), BINS);
    const peak = binned.density.reduce((a, b) => Math.max(a, b), 0);
    const drawnLaw = (x: number) => law.density(x) * slope(x);
    const lawPeak = Math.max(...Array.from({ length: 64 }, (_, i) => drawnLaw(scale.valueAt((i + 0.5) / 64))));
    // The law of a square matrix has no upper bound at 0.
    const top = Math.max(peak, Math.min(lawPeak, 2 * peak));
    const axes = {
      x: { scale, label: 'level' },
      y: { scale: linearScale(...tops[kind].hold(0, top)) },
    };
    const sample = `N = ${values.length} levels of the last ${frames.length === 1 ? 'frame' : `${frames.length} frames`}`;
    const edges = Float64Array.from({ length: BINS + 1 }, (_, i) => scale.valueAt(i / BINS));
    const centre = (i: number) => scale.valueAt((i + 0.5) / BINS);
    return {
      caption: law.name + name,
      description: `${sample}; ${law.name}: from ${formatNumber(law.low)} to ${formatNumber(law.high)}`,
      draw(surface, box, theme) {
        const now = frames[frames.length - 1];
        const plot = drawPlot(surface, box, axes, theme, (inner) => {
          drawBars(surface, inner, axes, { edges, density: binned.density }, theme);
          drawLaw(surface, inner, axes, drawnLaw, theme, 240);
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
        header: ['level', `density${name}`, `law${name}`],
        rows: Array.from(binned.density, (density, i) => [centre(i), density, drawnLaw(centre(i))]),
      },
    };
  };
};
