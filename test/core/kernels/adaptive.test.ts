// Updates with a step for each weight, and the norms of whole gradients, against plain loops.
import { describe, expect, test } from 'vitest';
import type { Vector } from '../../../core/kernels/kernels.js';
import { createBench, largestError } from './support.js';

const lengths = [0, 1, 2, 3, 4, 5, 7, 8, 9, 512, 515];
const { kernels, vector } = createBench(16);
const SIZE = 520;
const [theta, gradient, mean, square, largest, out] = Array.from({ length: 6 }, () => vector(SIZE));
const sign = (x: number) => (x > 0 ? 1 : x < 0 ? -1 : x);

/** Averages of squares are not negative. */
function prepare(n: number) {
  [theta, gradient, mean, square, largest, out].forEach((values, i) => {
    kernels.normals(1 + i, n, 0, 0, 0, SIZE, values);
  });
  for (const values of [square, largest]) for (let i = 0; i < SIZE; i++) values[i] **= 2;
  const [t, g, m, v, u] = [theta, gradient, mean, square, largest].map((values) => values.slice());
  return { t, g, m, v, u };
}

/** The first n numbers are as expected, within some units in the last place; the others as they were. */
function expectWritten(found: Vector, before: Float64Array, n: number, expected: (i: number) => number): void {
  const wanted = Float64Array.from({ length: n }, (_, i) => expected(i));
  expect(largestError(found.subarray(0, n), wanted)).toBeLessThan(4e-15);
  expect(found.slice(n)).toEqual(before.slice(n));
}

describe.each(lengths)('%d weights', (n) => {
  test.each([
    [0, 0],
    [0.3, 0],
    [0, 0.2],
  ])('adamStep, decay %d in the gradient and %d of the weights', (l2, decoupled) => {
    const [rate, b1, b2, epsilon, first, second] = [0.1, 0.9, 0.75, 1e-3, 0.5, 0.25];
    for (const withLargest of [false, true]) {
      const { t, g, m, v, u } = prepare(n);
      const top = withLargest ? largest : null;
      kernels.adamStep(theta, gradient, mean, square, top, n, rate, b1, b2, epsilon, first, second, l2, decoupled);
      const full = g.map((x, i) => x + l2 * t[i]);
      const newMean = m.map((x, i) => b1 * x + (1 - b1) * full[i]);
      const newSquare = v.map((x, i) => b2 * x + (1 - b2) * full[i] ** 2);
      const under = newSquare.map((x, i) => (withLargest ? Math.max(x, u[i]) : x));
      expectWritten(mean, m, n, (i) => newMean[i]);
      expectWritten(square, v, n, (i) => newSquare[i]);
      expectWritten(largest, u, withLargest ? n : 0, (i) => under[i]);
      expectWritten(theta, t, n, (i) => {
        const shrunk = t[i] * (1 - rate * decoupled);
        return shrunk - (rate * (newMean[i] / first)) / (Math.sqrt(under[i] / second) + epsilon);
      });
    }
  });

  test.each([0, 0.3])('rmspropStep, decay %d', (l2) => {
    const [rate, a, momentum, epsilon] = [0.1, 0.75, 0.5, 1e-3];
    for (const centered of [false, true]) {
      for (const moving of [false, true]) {
        const { t, g, m, v, u } = prepare(n);
        const velocity = moving ? largest : null;
        const average = centered ? mean : null;
        kernels.rmspropStep(theta, gradient, square, average, velocity, n, rate, a, momentum, epsilon, l2);
        const full = g.map((x, i) => x + l2 * t[i]);
        const newMean = m.map((x, i) => a * x + (1 - a) * full[i]);
        const newSquare = v.map((x, i) => a * x + (1 - a) * full[i] ** 2);
        const spread = newSquare.map((x, i) => (centered ? Math.max(0, x - newMean[i] ** 2) : x));
        const scaled = full.map((x, i) => x / (Math.sqrt(spread[i]) + epsilon));
        const moved = scaled.map((x, i) => (moving ? momentum * u[i] + x : x));
        // Where little is left of a difference, its root amplifies the rounding of it.
        const exact = (i: number) => !centered || spread[i] > 1e-3 * newSquare[i] || spread[i] === 0;
        expectWritten(square, v, n, (i) => newSquare[i]);
        expectWritten(mean, m, centered ? n : 0, (i) => newMean[i]);
        for (let i = 0; i < n; i++) {
          if (!exact(i)) continue;
          const expected = t[i] - rate * moved[i];
          expect(Math.abs(theta[i] - expected)).toBeLessThan(1e-12 * Math.max(1, Math.abs(expected)));
        }
        expect(theta.slice(n)).toEqual(t.slice(n));
      }
    }
  });

  test.each([0, 0.3])('adagradStep, decay %d', (l2) => {
    const { t, g, v } = prepare(n);
    kernels.adagradStep(theta, gradient, square, n, 0.1, 1.5, 0.25, 1e-3, l2);
    const full = g.map((x, i) => x + l2 * t[i]);
    expectWritten(square, v, n, (i) => v[i] + full[i] ** 2);
    expectWritten(theta, t, n, (i) => {
      return t[i] - ((0.1 / 1.5) * full[i]) / (Math.sqrt(v[i] + full[i] ** 2 + 0.25) + 1e-3);
    });
  });

  test.each([0, 0.2])('signStep, decay %d', (decoupled) => {
    for (const averaging of [false, true]) {
      const { t, g, m } = prepare(n);
      kernels.signStep(theta, gradient, averaging ? mean : null, n, 0.1, 0.9, 0.75, decoupled);
      expectWritten(mean, m, averaging ? n : 0, (i) => 0.75 * m[i] + 0.25 * g[i]);
      expectWritten(theta, t, n, (i) => {
        const c = averaging ? 0.9 * m[i] + (1 - 0.9) * g[i] : g[i];
        return t[i] * (1 - 0.1 * decoupled) - 0.1 * sign(c);
      });
    }
  });

  test('clipNorm, normalise and ascend', () => {
    const { t, g, m } = prepare(n);
    const norm = Math.sqrt(g.slice(0, n).reduce((sum, x) => sum + x * x, 0));
    for (const limit of [norm / 3, 2 * norm + 1]) {
      kernels.clipNorm(gradient, n, limit, mean);
      expectWritten(mean, m, n, (i) => g[i] * Math.min(1, limit / (norm + 1e-6)));
    }
    kernels.normalise(gradient, n, 1e-7, mean);
    expectWritten(mean, m, n, (i) => g[i] / Math.max(norm, 1e-7));
    kernels.normalise(gradient, n, 1e9, mean);
    expectWritten(mean, m, n, (i) => g[i] / 1e9);
    kernels.ascend(theta, gradient, n, 0.05, mean);
    expectWritten(mean, m, n, (i) => t[i] + (0.05 * g[i]) / (norm + 1e-12));
  });
});

describe('what is special', () => {
  const fill = (values: Vector, numbers: readonly number[]) => values.set(numbers);

  test('a gradient that is exactly 0 leaves the weight, and with epsilon 0 makes NaN of it alone', () => {
    for (const epsilon of [1e-8, 0]) {
      for (const values of [mean, square]) values.fill(0);
      fill(theta, [1, 2, 3, 4, 5]);
      fill(gradient, [0, 1, 1, 1, 0]);
      kernels.adamStep(theta, gradient, mean, square, null, 5, 0.1, 0.9, 0.999, epsilon, 0.1, 1e-3, 0, 0);
      expect([theta[0], theta[4]]).toEqual(epsilon > 0 ? [1, 5] : [Number.NaN, Number.NaN]);
      // The first step is rate x sign of the gradient, whatever becomes of the neighbours.
      for (const [i, start] of [2, 3, 4].entries()) expect(theta[i + 1]).toBeCloseTo(start - 0.1, 7);
    }
  });

  test('gradients far from 1 do not disturb their neighbours', () => {
    for (const large of [1e-160, 1e-100, 1e100, 1e150]) {
      square.fill(0);
      fill(theta, [0, 0, 0, 0]);
      fill(gradient, [large, 1, large, -large]);
      kernels.adagradStep(theta, gradient, square, 4, 0.5, 1, 0, 0, 0);
      const expected = large === 1e-160 ? undefined : [-0.5, -0.5, -0.5, 0.5];
      if (expected) expect(largestError(theta.subarray(0, 4), expected)).toBeLessThan(1e-15);
      expect(theta[1]).toBeCloseTo(-0.5, 14);
    }
  });

  test('the sign of 0 is 0 and that of NaN is NaN', () => {
    fill(theta, [1, 1, 1, 1, 1]);
    fill(gradient, [0, -0, Number.NaN, 1e-300, -1e-320]);
    kernels.signStep(theta, gradient, null, 5, 0.5, 0, 0, 0);
    expect([...theta.subarray(0, 5)]).toEqual([1, 1, Number.NaN, 0.5, 1.5]);
  });

  test('NaN in the largest square stays, from either side', () => {
    fill(theta, [1, 1]);
    fill(gradient, [Number.NaN, 1]);
    for (const values of [mean, square]) values.fill(0);
    fill(largest, [1, 1]);
    const step = () => kernels.adamStep(theta, gradient, mean, square, largest, 2, 0.1, 0.9, 0.9, 1e-8, 0.5, 0.5, 0, 0);
    step();
    fill(gradient, [1, 1]);
    step();
    expect([Number.isNaN(theta[0]), Number.isNaN(largest[0]), Number.isNaN(theta[1])]).toEqual([true, true, false]);
  });

  test('a centered square below 0 counts as 0', () => {
    fill(square, [1, 1, 1]);
    fill(mean, [1 + 1e-15, 1 + 1e-15, 1 + 1e-15]);
    fill(theta, [0, 0, 0]);
    fill(gradient, [1 + 1e-15, 1 + 1e-15, 1 + 1e-15]);
    kernels.rmspropStep(theta, gradient, square, mean, null, 3, 0.1, 1 - 1e-12, 0, 1, 0);
    expect(largestError(theta.subarray(0, 3), [-0.1, -0.1, -0.1])).toBeLessThan(1e-6);
  });

  test('clipping: zero stays zero, infinity becomes NaN and the rest 0, NaN is everywhere', () => {
    const clipped = (numbers: readonly number[]) => {
      fill(gradient, numbers);
      kernels.clipNorm(gradient, numbers.length, 1, out);
      return [...out.subarray(0, numbers.length)];
    };
    expect(clipped([0, 0, 0])).toEqual([0, 0, 0]);
    expect(clipped([1, Number.POSITIVE_INFINITY, 2])).toEqual([0, Number.NaN, 0]);
    expect(clipped([1, Number.NaN, 2])).toEqual([Number.NaN, Number.NaN, Number.NaN]);
    // A norm that is just the limit is already shortened: 1/(1 + 1e-6).
    expect(clipped([1])[0]).toBe(1 / (1 + 1e-6));
  });
});
