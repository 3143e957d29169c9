// Classifier: linear, critical or condensed, by how the distance from the start grows with the width.
import {
  type Axis,
  defineClassifier,
  elementary,
  mapPhases,
  number,
  type RunRecord,
  text,
  type Verdict,
} from 'eigenflow';
import { studentTwoSided } from 'eigenflow/theory';

const LABELS = ['linear', 'critical', 'condensed'] as const;
const CHANNEL = 'relative-distance.atTolerance';

/** Like `Map.groupBy`, which Node 20 has not. */
function groupBy<T, K>(items: readonly T[], keyOf: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
}

/** ln RD of one run against the ln of its width. */
interface Point {
  readonly x: number;
  readonly y: number;
}

/** A straight line through the widths of one seed. */
interface Line {
  readonly slope: number;
  readonly points: number;
  /** Sum of (x - mean x)^2. */
  readonly extent: number;
  /** Sum of squared residuals. */
  readonly residue: number;
}

const NO_LINE: Line = { slope: Number.NaN, points: 0, extent: 0, residue: 0 };

/** Least squares; NO_LINE for fewer than two different widths. */
function lineThrough(points: readonly Point[]): Line {
  const n = points.length;
  const meanOf = (pick: (point: Point) => number) => points.reduce((sum, point) => sum + pick(point), 0) / n;
  const [x, y] = [meanOf((point) => point.x), meanOf((point) => point.y)];
  const extent = points.reduce((sum, point) => sum + (point.x - x) ** 2, 0);
  if (!(extent > 0)) return NO_LINE;
  const slope = points.reduce((sum, point) => sum + (point.x - x) * (point.y - y), 0) / extent;
  const residue = points.reduce((sum, point) => sum + (point.y - y - slope * (point.x - x)) ** 2, 0);
  return { slope, points: n, extent, residue };
}

function pointOf(run: RunRecord, width: string): Point | undefined {
  const series = run.series(CHANNEL);
  const at = run.parameter(width);
  if (!series || series.data.length === 0 || typeof at !== 'number' || !(at > 0)) return undefined;
  const distance = series.data[series.data.length - 1];
  if (run.status === 'diverged' || run.status === 'failed' || !(distance > 0 && distance < Infinity)) return undefined;
  return { x: elementary.log(at), y: elementary.log(distance) };
}

/** P(T > t) for Student's law. */
const chanceAbove = (t: number, degrees: number) => {
  const tail = studentTwoSided(t, degrees) / 2;
  return t > 0 ? tail : 1 - tail;
};

/** Of all seeds of one setting. */
interface Scatter {
  /** Standard deviation of ln RD about the lines. */
  readonly deviation: number;
  readonly degrees: number;
}

function verdictOf({ slope, extent, points }: Line, { deviation, degrees }: Scatter, tolerance: number): Verdict {
  const error = degrees > 0 && extent > 0 ? deviation / Math.sqrt(extent) : Number.NaN;
  const evidence = { slope, slopeError: error, widths: points };
  if (Number.isNaN(slope) || Number.isNaN(error)) {
    return { label: undefined, probabilities: { linear: NaN, critical: NaN, condensed: NaN }, evidence };
  }
  const above = (limit: number) => (error > 0 ? chanceAbove((limit - slope) / error, degrees) : Number(slope > limit));
  const condensed = above(tolerance);
  const linear = 1 - above(-tolerance);
  const probabilities = { linear, critical: Math.max(0, 1 - linear - condensed), condensed };
  const label = LABELS.reduce((a, b) => (probabilities[b] > probabilities[a] ? b : a));
  return { label, probabilities, evidence };
}

/**
 * The regimes of arXiv:2007.07497 by the slope S = d ln RD/d ln m of the relative distance at the end of training (see
 * `relative-distance`) against the width m: as m grows the input weights of a network
 *
 *     linear      stay where they start, S < 0
 *     critical    go as far as they were long, S = 0
 *     condensed   go infinitely far, S > 0
 *
 * For each setting and seed S is fitted by least squares over the widths. The scatter about the lines, taken from all
 * seeds of the setting together, gives its error, and Student's law the probabilities that S lies below -tolerance,
 * above tolerance, or between. The fit takes the line as straight: that slopes still change with the width is in the
 * error only as far as it bends the line.
 *
 * All widths of a seed have one verdict. A run whose loss did not come below the tolerance of the observer has none and
 * does not count; no run has one where no seed of the setting has three widths that count.
 */
export const condensation = defineClassifier({
  name: 'condensation',
  summary: 'Linear, critical or condensed, by the slope of the distance from the start against the width',
  params: {
    width: text({ doc: 'path of the parameter that is the width, a sweep axis', default: 'model.width' }),
    tolerance: number({
      doc: 'slopes of this size count as 0; the least step of slopes on the map should be larger than twice this',
      unit: '1',
      default: 0.06,
      above: 0,
    }),
  },
  cite: ['arXiv:2007.07497'],
  create({ width, tolerance }) {
    /** What a run has in common with all widths of its setting. */
    const settingOf = (run: RunRecord, axes: readonly Axis[]): string => {
      const group = axes.find(({ name }) => name === width)?.group;
      const moving = new Set(axes.filter((axis) => axis.group === group).map(({ name }) => name));
      const kept = Object.entries(run.axes).filter(([name]) => !moving.has(name));
      return JSON.stringify(kept.sort(([a], [b]) => (a < b ? -1 : 1)));
    };
    const judge = (setting: readonly RunRecord[]): ((run: RunRecord) => Verdict) => {
      const fits = new Map(
        [...groupBy(setting, ({ seed }) => seed)].map(([seed, runs]) => {
          const points = runs.flatMap((run) => pointOf(run, width) ?? []);
          // Copies would make the scatter look better known than it is.
          return [seed, { line: lineThrough(points), counts: runs.some(({ copyOf }) => copyOf === undefined) }];
        }),
      );
      const counted = [...fits.values()].filter(({ counts }) => counts).map(({ line }) => line);
      const degrees = counted.reduce((sum, { points }) => sum + Math.max(0, points - 2), 0);
      const residue = counted.reduce((sum, line) => sum + line.residue, 0);
      const scatter = { deviation: Math.sqrt(residue / degrees), degrees };
      return (run) => {
        const line = pointOf(run, width) && fits.get(run.seed)?.line;
        return verdictOf(line ?? NO_LINE, scatter, tolerance);
      };
    };
    return {
      scope: 'sweep',
      labels: LABELS,
      needs: [CHANNEL],
      classify(runs, axes) {
        const judges = new Map(
          [...groupBy(runs, (run) => settingOf(run, axes))].map(([setting, members]) => [setting, judge(members)]),
        );
        const verdicts = runs.map((run) => (judges.get(settingOf(run, axes)) as (run: RunRecord) => Verdict)(run));
        return mapPhases(runs, verdicts, axes, { labels: LABELS });
      },
    };
  },
});
