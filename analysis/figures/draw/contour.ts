// Level curves over the cells of a map, by marching squares between cell centres: linear in the position on a linear
// axis and in its logarithm on a log axis.
import { power } from '../../../core/kernels/elementary.js';
import type { MapAxis } from './map-axis.js';

export type Polyline = readonly (readonly [number, number])[];

/** A point of a curve lies on an edge of the grid, which names it. */
interface Crossing {
  readonly edge: string;
  readonly point: readonly [number, number];
}

/**
 * Pieces of the curve on which the value passes through `level`, in the units of the axes. A square of four centres of
 * which one has no number has no curve. In a saddle the mean of the four corners decides which of them are connected.
 *
 * @param valueAt of a column and a row; NaN where there is none
 */
export function contourLines(
  { positions: xs, scale: xScale }: MapAxis,
  { positions: ys, scale: yScale }: MapAxis,
  valueAt: (column: number, row: number) => number,
  level: number,
): Polyline[] {
  const between = (a: number, b: number, part: number, log: boolean) =>
    log ? a * power(b / a, part) : a + part * (b - a);

  const crossing = (c0: number, r0: number, c1: number, r1: number): Crossing | undefined => {
    const [v0, v1] = [valueAt(c0, r0), valueAt(c1, r1)];
    if (v0 < level === v1 < level) return undefined;
    const part = (level - v0) / (v1 - v0);
    const x = c0 === c1 ? xs[c0] : between(xs[c0], xs[c1], part, xScale === 'log');
    const y = r0 === r1 ? ys[r0] : between(ys[r0], ys[r1], part, yScale === 'log');
    return { edge: `${c0} ${r0} ${c1} ${r1}`, point: [x, y] };
  };

  const segments: [Crossing, Crossing][] = [];
  for (let c = 0; c + 1 < xs.length; c++) {
    for (let r = 0; r + 1 < ys.length; r++) {
      const corners = [valueAt(c, r), valueAt(c + 1, r), valueAt(c + 1, r + 1), valueAt(c, r + 1)];
      if (!corners.every(Number.isFinite)) continue;
      const sides = [
        crossing(c, r, c + 1, r),
        crossing(c + 1, r, c + 1, r + 1),
        crossing(c, r + 1, c + 1, r + 1),
        crossing(c, r, c, r + 1),
      ];
      const met = sides.filter((side) => side !== undefined);
      if (met.length === 2) segments.push([met[0], met[1]]);
      if (met.length < 4) continue;
      const centre = corners.reduce((sum, value) => sum + value / 4, 0);
      const [bottom, right, top, left] = met;
      const joined = centre < level === corners[0] < level;
      segments.push(
        ...(joined
          ? ([
              [bottom, right],
              [top, left],
            ] as const)
          : ([
              [bottom, left],
              [right, top],
            ] as const)
        ).map(([a, b]): [Crossing, Crossing] => [a, b]),
      );
    }
  }
  return join(segments);
}

/** Chains segments that share a crossing; the order follows that of the squares. */
function join(segments: readonly (readonly [Crossing, Crossing])[]): Polyline[] {
  const at = new Map<string, number[]>();
  segments.forEach((segment, i) => {
    for (const { edge } of segment) at.set(edge, [...(at.get(edge) ?? []), i]);
  });
  const used = new Set<number>();
  const follow = (start: Crossing): Crossing[] => {
    const chain: Crossing[] = [];
    let end = start;
    for (;;) {
      const { edge } = end;
      const next = (at.get(edge) ?? []).find((i) => !used.has(i));
      if (next === undefined) return chain;
      used.add(next);
      const [a, b] = segments[next];
      end = a.edge === edge ? b : a;
      chain.push(end);
    }
  };
  const lines: Polyline[] = [];
  segments.forEach(([a, b], i) => {
    if (used.has(i)) return;
    used.add(i);
    const line = [...follow(a).reverse(), a, b, ...follow(b)];
    lines.push(line.map(({ point }) => point));
  });
  return lines;
}
