// Boundary curves between labels, with bands: where the probabilities of two labels cross along a line of the grid.
import type { Axis, Boundary, Crossing } from '../contracts/classifier.js';
import type { Json } from '../contracts/json.js';
import { quantile, sorted } from '../statistics/estimate.js';
import { createRandomSource } from '../statistics/random-source.js';
import { type Judged, LOWER_TAIL, priorWeight } from './cells.js';
import { crossableAxes, type Line, linesAlong, type Scale, scaleOf } from './grid-lines.js';

export interface BoundaryOptions {
  /** Probability of the first label, of the two, on the curve. Default 1/2. */
  readonly level?: number;
  /** Default 400. */
  readonly resamples?: number;
}

/** The labelled runs of a cell: a probability for each label, seed by seed. */
interface Sample {
  readonly axes: Readonly<Record<string, Json>>;
  readonly seeds: readonly (readonly number[])[];
}

/** Probability of every label in a cell: the mean over runs with the prior of `labelProbability`. */
function shares(runs: readonly (readonly number[])[], labels: number): number[] {
  const prior = priorWeight(labels);
  return Array.from(
    { length: labels },
    (_, k) => (runs.reduce((sum, run) => sum + run[k], 0) + prior) / (runs.length + 1),
  );
}

/** Share of label a in a cell where labels a and b take up more than half; NaN elsewhere. */
function contest(cell: readonly number[], a: number, b: number): number {
  const both = cell[a] + cell[b];
  return both > 0.5 ? cell[a] / both : Number.NaN;
}

interface Passage {
  /** On the scale of the axis. */
  readonly place: number;
  /** Distance between the cells on either side. */
  readonly step: number;
  /** The cell before it. */
  readonly before: number;
}

/** Where the share of label a comes to `level` or leaves it. */
function passages(
  cells: readonly (readonly number[])[],
  places: readonly number[],
  [a, b]: readonly [number, number],
  level: number,
): Passage[] {
  const excess = cells.map((cell) => contest(cell, a, b) - level);
  return excess.slice(1).flatMap((next, i) => {
    const here = excess[i];
    if (Number.isNaN(here + next) || here >= 0 === next >= 0) return [];
    const step = places[i + 1] - places[i];
    return [{ place: places[i] + (step * here) / (here - next), step, before: i }];
  });
}

/**
 * Crossings among passages. An odd number of them leads from one label to the other: the middle one stands for all, for
 * with few seeds the others are chance. Of an even number each is a crossing.
 */
const crossingsAmong = (all: readonly Passage[]) => (all.length % 2 === 1 ? [all[(all.length - 1) / 2]] : all);

/** Maps made of seeds drawn with replacement: the same draw in all cells that have the same seeds. */
function resampler(most: number, labels: number, resamples: number) {
  const random = createRandomSource(1, 'phase boundaries');
  const draws = Array.from({ length: resamples }, () => Array.from({ length: most }, () => random.uniform()));
  const jitter = Array.from({ length: resamples }, () => random.uniform() - 0.5);
  return {
    jitter,
    cells: (line: readonly Sample[], k: number) =>
      line.map(({ seeds }) => {
        const drawn = seeds.map((_, i) => seeds[Math.floor(draws[k][i] * seeds.length)]);
        return shares(drawn, labels);
      }),
  };
}

/**
 * Along every numeric axis and on every line of the grid, for every two labels: where the share of the first among the
 * two, p_a/(p_a + p_b), passes through `level` between neighbouring cells in which the two labels take up more than
 * half. Interpolated in the logarithm of the axis where its values are positive. Of an odd number of such places on a
 * line the middle one is taken.
 *
 * The band holds 68 % of the crossings of `resamples` maps made of seeds drawn with replacement (a whole seed at once,
 * for seeds are shared between cells), each moved at random by up to half the distance between the two cells: what lies
 * between them was not computed. With seeds that all agree the band is a third of a cell to either side. A cell in which
 * no run has a label is passed over: a crossing there lies between its neighbours, with a band twice as wide.
 *
 * @param cells runs of one setting each
 */
export function boundariesOf(
  cells: readonly (readonly Judged[])[],
  axes: readonly Axis[],
  labels: readonly string[],
  { level = 0.5, resamples = 400 }: BoundaryOptions = {},
): Boundary[] {
  const samples = cells
    .map((cell): Sample => {
      const labelled = cell.filter(({ verdict }) => verdict.label !== undefined);
      return {
        axes: cell[0].run.axes as Sample['axes'],
        seeds: labelled.map(({ verdict }) => labels.map((label) => verdict.probabilities[label])),
      };
    })
    .filter(({ seeds }) => seeds.length > 0);
  const most = Math.max(0, ...samples.map(({ seeds }) => seeds.length));
  const maps = resampler(most, labels.length, resamples);

  const crossingsOn = (line: Line<Sample>, pair: readonly [number, number], scale: Scale): Crossing[] => {
    const places = line.values.map(scale.to);
    const measured = line.cells.map(({ seeds }) => shares(seeds, labels.length));
    const central = crossingsAmong(passages(measured, places, pair, level));
    if (central.length === 0) return [];
    const near = central.map((): number[] => []);
    for (let k = 0; k < resamples; k++) {
      const resampled = crossingsAmong(passages(maps.cells(line.cells, k), places, pair, level));
      central.forEach(({ place }, c) => {
        if (resampled.length === 0) return;
        const distance = (other: Passage) => Math.abs(other.place - place);
        const nearest = resampled.reduce((best, other) => (distance(other) < distance(best) ? other : best));
        near[c].push(nearest.place + maps.jitter[k] * nearest.step);
      });
    }
    return central.map(({ place, before }, c) => {
      const ascending = sorted(near[c]);
      return {
        at: line.at,
        value: scale.from(place),
        // Maps with another number of crossings may have none near this one: the band holds it in any case.
        low: scale.from(Math.min(place, quantile(ascending, LOWER_TAIL))),
        high: scale.from(Math.max(place, quantile(ascending, 1 - LOWER_TAIL))),
        found: near[c].length / resamples,
        n: Math.min(line.cells[before].seeds.length, line.cells[before + 1].seeds.length),
      };
    });
  };

  return crossableAxes(axes).flatMap((axis) => {
    const scale = scaleOf(axis.values as readonly number[]);
    const lines = linesAlong(samples, axis, axes);
    return labels.flatMap((_, b) =>
      labels.slice(0, b).flatMap((first, a): Boundary[] => {
        const crossings = lines.flatMap((line) => crossingsOn(line, [a, b], scale));
        return crossings.length === 0 ? [] : [{ between: [first, labels[b]], along: axis.name, level, crossings }];
      }),
    );
  });
}
