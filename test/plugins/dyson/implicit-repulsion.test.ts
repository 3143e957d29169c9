// The equation of the implicit step: one ordered root, found from anywhere.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Arena } from '../../../core/contracts/environment.js';
import { createRepulsionSolver } from '../../../plugins/dyson/implicit-repulsion.js';

const arena: Arena = {
  vector: (length) => new Float64Array(length),
  indices: (length) => new Int32Array(length),
};

/** With `wall`, behind which there are images, where it is given. */
function solve(free: readonly number[], strength: (i: number, j: number) => number, wall?: number): Float64Array {
  const n = free.length;
  const c = new Float64Array(n * n);
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) if (i !== j) c[i * n + j] = strength(i, j);
  const y = new Float64Array(n);
  createRepulsionSolver(n, arena, wall !== undefined)(Float64Array.from(free), c, y, Float64Array.of(wall ?? 0));
  return y;
}

/** |y_i - sum_j c_ij / (y_i - y_j) - b_i| in units of what rounding of the levels makes of it; largest over i. */
function residual(y: Float64Array, free: readonly number[], strength: (i: number, j: number) => number): number {
  const size = Math.max(...y.map(Math.abs), ...free.map(Math.abs));
  let worst = 0;
  for (let i = 0; i < y.length; i++) {
    let sum = y[i] - free[i];
    let unit = size + 1e-280;
    for (let j = 0; j < y.length; j++) {
      if (j === i) continue;
      const push = strength(i, j) / (y[i] - y[j]);
      sum -= push;
      unit += Math.abs(push) + (Math.abs(push) * size) / Math.abs(y[i] - y[j]);
    }
    worst = Math.max(worst, Math.abs(sum) / (unit * Number.EPSILON));
  }
  return worst;
}

const level = fc.double({ min: -10, max: 10, noNaN: true });

describe('createRepulsionSolver', () => {
  test('two levels: y_2 - y_1 = (b + sqrt(b^2 + 8 c)) / 2', () => {
    for (const gap of [-7, -1, -1e-3, 0, 1e-6, 0.5, 30]) {
      for (const c of [1e-12, 1e-4, 1, 50]) {
        const y = solve([2 - gap / 2, 2 + gap / 2], () => c);
        // The larger of the two roots, written without cancellation.
        const far = (Math.abs(gap) + Math.sqrt(gap * gap + 8 * c)) / 2;
        const expected = gap > 0 ? far : (2 * c) / far;
        expect(Math.abs(y[1] - y[0] - expected)).toBeLessThan(1e-14 * expected + 1e-14);
        expect(y[0] + y[1]).toBeCloseTo(4, 12);
      }
    }
  });

  test('the equilibrium of equal charges: zeros of the Hermite polynomial of degree 3', () => {
    const y = solve([0, 0, 0], () => 1);
    expect(y[0]).toBeCloseTo(-Math.sqrt(1.5), 12);
    expect(y[1]).toBeCloseTo(0, 12);
    expect(y[2]).toBeCloseTo(Math.sqrt(1.5), 12);
  });

  test('always an ordered root, whatever the order and the distances of the free levels', () => {
    const problem = fc.record({
      free: fc.array(level, { minLength: 1, maxLength: 16 }),
      exponent: fc.double({ min: -9, max: 2, noNaN: true }),
      unequal: fc.double({ min: 0, max: 3, noNaN: true }),
    });
    fc.assert(
      fc.property(problem, ({ free, exponent, unequal }) => {
        const strength = (i: number, j: number) => 10 ** exponent * (1 + unequal * ((i + j) % 3));
        const y = solve(free, strength);
        for (let i = 1; i < y.length; i++) expect(y[i]).toBeGreaterThan(y[i - 1]);
        expect(residual(y, free, strength)).toBeLessThan(100);
      }),
      { numRuns: 500 },
    );
  });

  test('the root is unique: shifting, scaling and mirroring the problem does so to the solution', () => {
    fc.assert(
      fc.property(fc.array(level, { minLength: 2, maxLength: 8 }), (free) => {
        const y = solve(free, () => 0.3);
        const moved = solve(free.map((b) => 5 - 2 * b).reverse(), () => 1.2);
        for (let i = 0; i < free.length; i++) expect(moved[free.length - 1 - i]).toBeCloseTo(5 - 2 * y[i], 8);
      }),
      { numRuns: 200 },
    );
  });

  test('levels that do not repel go where they go', () => {
    expect([...solve([3, 1, 2], () => 0)].sort()).toEqual([1, 2, 3]);
    const y = solve([3, 1, 2], (i, j) => (i + j === 1 ? 0.5 : 0));
    expect(y[1]).toBeGreaterThan(y[0]);
    expect(y[2]).toBe(2);
  });

  test('NaN gives NaN, without end or error', () => {
    expect(solve([0, Number.NaN, 1], () => 1).some(Number.isNaN)).toBe(true);
    expect(solve([0, Number.POSITIVE_INFINITY], () => 1).some((y) => !Number.isFinite(y))).toBe(true);
  });

  // The mirrored levels -y_n .. y_n repel each other by the same law without any wall: that of level i from its own image
  // is 2 w / (y_i + y_i) = w / y_i.
  test('images and wall: the positive half of the solution for levels and their mirror images', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 5, noNaN: true }), { minLength: 1, maxLength: 6 }),
        fc.double({ min: 1e-6, max: 2, noNaN: true }),
        fc.double({ min: 1e-6, max: 2, noNaN: true }),
        (free, c, wall) => {
          const ascending = [...free].sort((a, b) => a - b);
          const n = free.length;
          const mirrored = [...ascending.map((x) => -x).reverse(), ...ascending];
          const both = solve(mirrored, (i, j) => (i + j === 2 * n - 1 ? 2 * wall : c));
          solve(ascending, () => c, wall).forEach((y, i) => {
            expect(Math.abs(y - both[n + i])).toBeLessThan(1e-9);
          });
        },
      ),
      { numRuns: 200 },
    );
  });

  test('one level before a wall: y = (b + sqrt(b^2 + 4 w)) / 2', () => {
    for (const b of [-3, -1e-3, 0, 0.5, 20]) {
      for (const w of [1e-10, 0.1, 3]) {
        const far = (Math.abs(b) + Math.sqrt(b * b + 4 * w)) / 2;
        const expected = b > 0 ? far : w / far;
        expect(Math.abs(solve([b], () => 0, w)[0] - expected)).toBeLessThan(1e-13 * (expected + Math.abs(b)));
      }
    }
  });

  test('without a wall the lowest level may pass through 0, by less than the next one is away from it', () => {
    const y = solve([-0.8, 1], () => 0.01, 0);
    expect(y[0]).toBeLessThan(0);
    expect(y[1]).toBeGreaterThan(-y[0]);
  });
});
