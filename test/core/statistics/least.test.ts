// The place of a minimum: exact for parabolas on any places, and nothing where it lies outside or cannot be known.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { leastAt } from '../../../core/statistics/least.js';

describe('the place where a function is least', () => {
  it('of a parabola is exact, however far apart the places are', () => {
    const places = [-3, -1, 0.5, 2, 7];
    const number = fc.double({ min: -0.9, max: 1.9, noNaN: true });
    const curvature = fc.double({ min: 0.1, max: 10, noNaN: true });
    fc.assert(
      fc.property(number, curvature, (centre, c) => {
        expect(
          leastAt(
            places,
            places.map((x) => c * (x - centre) ** 2 - 4),
          ),
        ).toBeCloseTo(centre, 9);
      }),
    );
  });

  it('of x - log x is 1: the parabola is off by the third power of the step', () => {
    const error = (step: number) => {
      const places = Array.from({ length: 9 }, (_, i) => 1 + (i - 4.3) * step);
      return Math.abs(
        leastAt(
          places,
          places.map((x) => x - Math.log(x)),
        ) - 1,
      );
    };
    expect(error(0.1)).toBeLessThan(0.005);
    expect(error(0.1) / error(0.05)).toBeGreaterThan(3);
  });

  it('lies between the middles of the intervals beside the least height', () => {
    const height = fc.double({ min: -1e3, max: 1e3, noNaN: true });
    fc.assert(
      fc.property(fc.array(height, { minLength: 5, maxLength: 5 }), (heights) => {
        const places = [0, 1, 3, 4, 9];
        const found = leastAt(places, heights);
        const at = heights.indexOf(Math.min(...heights));
        const isInside = at > 0 && at < 4;
        expect(Number.isNaN(found)).toBe(!isInside);
        if (!isInside) return;
        expect(found).toBeGreaterThanOrEqual((places[at - 1] + places[at]) / 2);
        expect(found).toBeLessThanOrEqual((places[at] + places[at + 1]) / 2);
      }),
    );
  });

  it.each([
    ['the least height is the first', [1, 2, 3], Number.NaN],
    ['the least height is the last', [3, 2, 1], Number.NaN],
    ['no height is finite', [Number.NaN, Number.POSITIVE_INFINITY, Number.NaN], Number.NaN],
    ['there are none', [], Number.NaN],
    ['all but the first diverge', [1, Number.NaN, Number.NaN], Number.NaN],
    ['it stands beside divergence: the place itself', [2, 1, Number.POSITIVE_INFINITY], 2],
    ['a gap stands before it: the place itself', [Number.NaN, 1, 5], 2],
    ['two heights are the least: their middle', [4, 1, 1, 4], 3],
    ['all heights are the same: the end of the axis', [1, 1, 1], Number.NaN],
  ])('where %s', (_what, heights, expected) => {
    expect(leastAt([1, 2, 4, 8].slice(0, heights.length), heights)).toBe(expected);
  });
});
