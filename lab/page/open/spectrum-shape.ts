// The density of levels of one layer as shapes in a picture of a given size, beside the Marchenko-Pastur law.
import { chooseTicks } from '../../../analysis/figures/draw/ticks.js';
import { marchenkoPasturDensity } from '../../../core/theory/random-matrix/marchenko-pastur.js';
import type { LayerSpectrum } from '../../protocol.js';

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface PlacedTick {
  readonly at: number;
  readonly label: string;
}

export interface DensityShape {
  readonly bars: readonly { readonly x: number; readonly y: number; readonly width: number; readonly height: number }[];
  /** Of the law, as points of a polyline; empty where none was fitted. */
  readonly law: string;
  readonly ticks: readonly PlacedTick[];
  /** Levels to the right of the picture, descending. */
  readonly beyond: readonly number[];
}

/** Above the edge of the bulk that is still drawn. */
const MARGIN = 1.25;
const CURVE_POINTS = 160;

/** Bins: as many as tell a shape from so many levels. */
const binsFor = (count: number) => Math.max(6, Math.min(48, Math.round(2 * Math.sqrt(count))));

export function densityShape({ levels, law, rows, cols }: LayerSpectrum, { width, height }: Size): DensityShape {
  const finite = Array.from(levels).filter(Number.isFinite);
  const largest = finite[0] ?? 0;
  const edge = law ? law.high * MARGIN : largest;
  // A few levels far above the bulk would squeeze it to a line.
  const within = finite.filter((level) => level <= edge);
  const isCut = law !== undefined && largest > edge && within.length > 0;
  const high = (isCut ? edge : Math.max(largest, law?.high ?? 0)) || 1;
  const seen = isCut ? within : finite;
  const bins = binsFor(seen.length);
  const counts = new Array<number>(bins).fill(0);
  for (const level of seen) counts[Math.min(bins - 1, Math.floor((level / high) * bins))] += 1;
  const density = counts.map((count) => (count * bins) / (high * finite.length));
  const points = law
    ? Array.from({ length: CURVE_POINTS }, (_, i) => {
        const x = law.low + ((law.high - law.low) * (i + 0.5)) / CURVE_POINTS;
        return [x, marchenkoPasturDensity({ rows, cols, entryVariance: law.entryVariance }, x)] as const;
      })
    : [];
  // The law of a square matrix has a pole at 0.
  const most = Math.max(
    ...density,
    Math.min(Math.max(...points.map(([, y]) => y), 0), 2 * Math.max(...density)),
    Number.MIN_VALUE,
  );
  const xOf = (x: number) => (x / high) * width;
  const yOf = (y: number) => height - Math.min(1, y / most) * height;
  return {
    bars: density.map((y, i) => ({ x: (i / bins) * width, y: yOf(y), width: width / bins, height: height - yOf(y) })),
    law: points.map(([x, y]) => `${xOf(x).toFixed(1)},${yOf(y).toFixed(1)}`).join(' '),
    ticks: chooseTicks(0, high, 'linear', 6).map(({ value, label }) => ({ at: xOf(value), label })),
    beyond: isCut ? finite.filter((level) => level > edge) : [],
  };
}

export interface FlowShape {
  /** One polyline a level, the largest first. */
  readonly lines: readonly string[];
  readonly ticks: readonly PlacedTick[];
  readonly stepTicks: readonly PlacedTick[];
}

/** The largest levels from checkpoint to checkpoint, on a logarithmic scale. */
export function flowShape(flow: NonNullable<LayerSpectrum['flow']>, { width, height }: Size): FlowShape {
  const values = flow.levels
    .flatMap((levels) => Array.from(levels))
    .filter((level) => level > 0 && Number.isFinite(level));
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const [first, last] = [flow.step[0], flow.step[flow.step.length - 1]];
  const span = Math.log(high / low) || 1;
  const xOf = (step: number) => ((step - first) / (last - first || 1)) * width;
  const yOf = (level: number) => height - (Math.log(level / low) / span) * height;
  const count = flow.levels[0]?.length ?? 0;
  return {
    lines: Array.from({ length: count }, (_, rank) =>
      flow.step
        .map((step, k) => [step, flow.levels[k][rank]] as const)
        .filter(([, level]) => level > 0)
        .map(([step, level]) => `${xOf(step).toFixed(1)},${yOf(level).toFixed(1)}`)
        .join(' '),
    ),
    ticks: chooseTicks(low, high, 'log', 4).map(({ value, label }) => ({ at: yOf(value), label })),
    stepTicks: chooseTicks(first, last, 'linear', 4).map(({ value, label }) => ({ at: xOf(value), label })),
  };
}
