import { describe, expect, test } from 'vitest';
import { createBench, largestError } from './support.js';

const lengths = [0, 1, 2, 3, 7, 8, 9, 15, 16, 17, 31, 32, 33, 512, 513];
const bench = createBench(16);
const { kernels } = bench;
const [theta, gradient, velocity] = [bench.vector(600), bench.vector(600), bench.vector(600)];

describe.each([
  [0, 'without weight decay'],
  [0.1, 'with weight decay'],
])('decay %d', (decay, words) => {
  const rate = 0.3;
  const momentum = 0.9;
  const prepare = (n: number) => {
    kernels.normals(1, n, 0, 0, 0, 600, theta);
    kernels.normals(2, n, 0, 0, 0, 600, gradient);
    kernels.normals(3, n, 0, 0, 0, 600, velocity);
    return { t: theta.slice(), g: gradient.slice(), v: velocity.slice() };
  };

  test.each(lengths)(`sgdStep, %d elements, ${words}`, (n) => {
    const { t, g } = prepare(n);
    kernels.sgdStep(theta, gradient, n, rate, decay);
    const expected = t.map((x, i) => (i < n ? x - rate * (g[i] + decay * x) : x));
    expect(largestError(theta, expected)).toBeLessThan(1e-15);
    expect(theta.slice(n)).toEqual(t.slice(n));
  });

  test.each(lengths)(`momentumStep and nesterovStep, %d elements, ${words}`, (n) => {
    for (const nesterov of [false, true]) {
      const { t, g, v } = prepare(n);
      if (nesterov) kernels.nesterovStep(theta, gradient, velocity, n, rate, momentum, decay);
      else kernels.momentumStep(theta, gradient, velocity, n, rate, momentum, decay);
      const full = g.map((x, i) => x + decay * t[i]);
      const moved = v.map((x, i) => (i < n ? momentum * x + full[i] : x));
      const expected = t.map((x, i) => {
        if (i >= n) return x;
        return x - rate * (nesterov ? full[i] + momentum * moved[i] : moved[i]);
      });
      expect(largestError(velocity, moved)).toBeLessThan(1e-15);
      expect(largestError(theta, expected)).toBeLessThan(1e-15);
      expect(theta.slice(n)).toEqual(t.slice(n));
      expect(velocity.slice(n)).toEqual(v.slice(n));
    }
  });
});

test('without decay an infinite parameter does not turn into NaN', () => {
  theta.set([Infinity, 1]);
  gradient.set([1, 1]);
  kernels.sgdStep(theta, gradient, 2, 0.5, 0);
  expect([...theta.subarray(0, 2)]).toEqual([Infinity, 0.5]);
});

describe('halfMeanSquare', () => {
  test.each([1, 2, 3, 4, 7])('is the plain mean, with a weighted gradient, for width %d', (width) => {
    const slot = bench.vector(1);
    const [out, target, weights, slope] = [bench.vector(100), bench.vector(100), bench.vector(13), bench.vector(100)];
    for (const n of [1, 2, 4, 13]) {
      kernels.normals(4, n, 0, 0, 0, 100, out);
      kernels.normals(5, n, 0, 0, 0, 100, target);
      kernels.normals(6, n, 0, 0, 0, 13, weights);
      slope.fill(NaN);
      kernels.halfMeanSquare(out, target, weights, n, width, slope, slot);
      let sum = 0;
      for (let i = 0; i < n * width; i++) sum += (out[i] - target[i]) ** 2;
      expect(Math.abs(slot[0] / (sum / 2 / n) - 1)).toBeLessThan(1e-14);
      const expected = Array.from(
        { length: n * width },
        (_, i) => weights[Math.floor(i / width)] * (out[i] - target[i]),
      );
      expect([...slope.subarray(0, n * width)]).toEqual(expected);
      expect(slope[n * width]).toBeNaN();
      kernels.halfMeanSquare(out, target, weights, n, width, out, slot);
      expect([...out.subarray(0, n * width)]).toEqual(expected);
    }
  });

  test('reports NaN and Infinity', () => {
    const slot = bench.vector(1);
    const [out, target, weights] = [bench.vector(3), bench.vector(3), bench.vector(3)];
    weights.fill(1 / 3);
    out.set([1, NaN, 2]);
    kernels.halfMeanSquare(out, target, weights, 3, 1, out, slot);
    expect(slot[0]).toBeNaN();
    out.set([1, 1e200, 2]);
    kernels.halfMeanSquare(out, target, weights, 3, 1, out, slot);
    expect(slot[0]).toBe(Infinity);
  });
});
