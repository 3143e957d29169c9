// A closed level equation along a path of states: means, slopes where replicas have parted, and the arrays of a model.
import { describe, expect, it } from 'vitest';
import type { LevelCoefficients } from '../../../../core/theory/level-equation/coefficients.js';
import { pathArrays, surrogatePath } from '../../../../core/theory/level-equation/path.js';

/** Two levels, descending, at `shift` from 2 and 1, with a drift of slope -3 about them. */
const frame = (shift: number): LevelCoefficients => ({
  levels: [2 + shift, 1 - shift / 2],
  meanMatrix: [10 - 3 * shift, 0, 0, 5 + (3 * shift) / 2],
  variance: [8, 4, 4, 2],
  levelCovariance: [8, 1, 1, 2],
  traceDrift: [0.2, 0.1],
  meanGradientSquares: [0, 0],
});

/** Three replicas that start together and part. */
const replicas = [-1, 0, 1].map((side) => [frame(0), frame(0.1 * side), frame(0.2 * side)]);

describe('a path', () => {
  it('holds the means of the ensemble in ascending order, frozen or not', () => {
    for (const drift of ['frozen', 'linearised'] as const) {
      const states = surrogatePath(replicas, drift);
      expect(states).toHaveLength(3);
      for (const state of states) {
        expect(state.reference[0]).toBeCloseTo(1, 12);
        expect(state.reference[1]).toBeCloseTo(2, 12);
        expect(state.drift[1]).toBeCloseTo(10, 12);
        expect([...state.offDiagonalVariance]).toEqual([0, 4, 4, 0]);
        expect([...state.diagonalCovariance]).toEqual([2, 1, 1, 8]);
      }
    }
    expect([...surrogatePath(replicas, 'frozen')[2].driftSlope]).toEqual([0, 0, 0, 0]);
  });

  it('takes the force on a displaced level from the ensemble, before replicas part from the first later frame', () => {
    const [start, first, second] = surrogatePath(replicas, 'linearised');
    // Levels move along one line, so only the force along it can be known: -3 times the displacement.
    const force = ({ driftSlope: k }: typeof start, i: number) => k[2 * i] * -0.05 + k[2 * i + 1] * 0.1;
    for (const state of [first, second]) {
      expect(force(state, 1)).toBeCloseTo(-0.3, 2);
      expect(force(state, 0)).toBeCloseTo(0.15, 2);
    }
    expect(start.driftSlope).toEqual(first.driftSlope);
  });

  it('needs replicas that part', () => {
    expect(() => surrogatePath([[frame(0)], [frame(0)]], 'linearised')).toThrow(
      'the levels of all replicas are the same',
    );
  });

  it('becomes arrays whose first axis are the frames', () => {
    const arrays = pathArrays([0, 1, 4], surrogatePath(replicas, 'linearised'));
    expect([...arrays.keys()]).toEqual(['time', 'reference', 'K', 'k', 'V', 'Q', 'D']);
    expect(arrays.get('time')?.data).toEqual(Float64Array.of(0, 1, 4));
    expect(arrays.get('reference')?.shape).toEqual([3, 2]);
    for (const name of ['k', 'V', 'Q']) {
      expect(arrays.get(name)?.shape).toEqual([3, 2, 2]);
      expect(arrays.get(name)?.data).toHaveLength(12);
    }
  });
});
