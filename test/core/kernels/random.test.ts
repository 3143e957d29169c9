import { describe, expect, test } from 'vitest';
import { createBench } from './support.js';

const N = 400_000;

/** Kolmogorov's distance between a sample and a distribution function, times sqrt(n). */
function kolmogorov(sample: Float64Array, distribution: (x: number) => number): number {
  const sorted = sample.slice().sort();
  let worst = 0;
  for (let i = 0; i < sorted.length; i++) {
    const p = distribution(sorted[i]);
    worst = Math.max(worst, p - i / sorted.length, (i + 1) / sorted.length - p);
  }
  return worst * Math.sqrt(sorted.length);
}

describe('element i depends on key, counters and i alone', () => {
  const bench = createBench(64);
  const { kernels } = bench;
  const a = bench.vector(2000);
  const b = bench.vector(2000);
  test.each(['uniforms', 'normals'] as const)('%s: any length gives the same first elements', (name) => {
    kernels[name](1, 2, 3, 4, 5, 2000, a);
    for (const n of [...Array(40).keys(), 999, 1000, 1001]) {
      b.fill(NaN);
      kernels[name](1, 2, 3, 4, 5, n, b);
      expect(b.slice(0, n)).toEqual(a.slice(0, n));
      expect(b[n]).toBeNaN();
    }
  });
  test('integers: any length gives the same first elements', () => {
    const [p, q] = [bench.indices(2000), bench.indices(2000)];
    kernels.integers(4000, 1, 2, 3, 4, 5, 2000, p);
    for (const n of [...Array(20).keys(), 1001]) {
      q.fill(-1);
      kernels.integers(4000, 1, 2, 3, 4, 5, n, q);
      expect(q.slice(0, n)).toEqual(p.slice(0, n));
      expect(q[n]).toBe(-1);
    }
  });
  test('every word of key and counter matters', () => {
    const base = [1, 2, 3, 4, 5] as const;
    const seen = new Set<number>();
    for (let word = 0; word <= 5; word++) {
      const [k0, k1, c0, c1, c2] = base.map((value, i) => (i === word ? value + 1 : value));
      kernels.normals(k0, k1, c0, c1, c2, 4, a);
      for (const value of a.subarray(0, 4)) seen.add(value);
    }
    expect(seen.size).toBe(24);
  });
  test('keys and counters above 2^31 are taken modulo 2^32', () => {
    kernels.uniforms(0xfffffff0, 0x80000000, 0xffffffff, 1, 2, 8, a);
    kernels.uniforms(-16, -0x80000000, -1, 1, 2, 8, b);
    expect(b.slice(0, 8)).toEqual(a.slice(0, 8));
  });
});

describe.each([
  [11, 0],
  [12, 7],
  [13, 4_000_000_000],
])('with key %d and step %d', (key, step) => {
  const bench = createBench(220);
  const { kernels } = bench;
  const x = bench.vector(N);

  test('uniforms have the moments and the distribution of (0, 1)', () => {
    kernels.uniforms(key, 0, step, 0, 0, N, x);
    let [mean, square] = [0, 0];
    for (const u of x) {
      if (!(u > 0 && u < 1)) throw new Error(`${u} is outside (0, 1)`);
      mean += u - 0.5;
      square += (u - 0.5) ** 2 - 1 / 12;
    }
    expect(Math.abs(mean / N)).toBeLessThan(4 * Math.sqrt(1 / 12 / N));
    expect(Math.abs(square / N)).toBeLessThan(4 * Math.sqrt(1 / 180 / N));
    // 1.95 is exceeded once in a thousand.
    expect(kolmogorov(x, (u) => u)).toBeLessThan(1.95);
  });

  test('normals have the first six moments and the distribution of the normal law', () => {
    kernels.normals(key, 0, step, 0, 0, N, x);
    const moments = [0, 0, 0, 0, 0, 0, 0];
    for (const z of x) for (let p = 1; p <= 6; p++) moments[p] += z ** p / N;
    const expected = [1, 0, 1, 0, 3, 0, 15];
    // Variance of z^p: E z^(2p) - (E z^p)^2.
    const variance = [0, 1, 2, 15, 96, 945, 10170];
    for (let p = 1; p <= 6; p++) {
      expect(Math.abs(moments[p] - expected[p]), `moment ${p}`).toBeLessThan(4 * Math.sqrt(variance[p] / N));
    }
    const table = bench.vector(N);
    const scaled = x.slice().sort();
    for (let i = 0; i < N; i++) table[i] = scaled[i] / Math.SQRT2;
    kernels.erf(table, N, table);
    let i = 0;
    expect(kolmogorov(scaled, () => 0.5 + 0.5 * table[i++])).toBeLessThan(1.95);
  });

  test('neighbours, pairs of a block and neighbouring steps are uncorrelated', () => {
    kernels.normals(key, 0, step, 0, 0, N, x);
    const y = bench.vector(N);
    kernels.normals(key, 0, (step + 1) % 2 ** 32, 0, 0, N, y);
    const sums = { next: 0, block: 0, squares: 0, step: 0 };
    for (let i = 0; i + 8 < N; i++) {
      sums.next += x[i] * x[i + 1];
      sums.block += x[i] * x[i + 8];
      sums.squares += (x[i] ** 2 - 1) * (x[i ^ 1] ** 2 - 1);
      sums.step += x[i] * y[i];
    }
    const bar = 4 / Math.sqrt(N);
    expect(Math.abs(sums.next / N)).toBeLessThan(bar);
    expect(Math.abs(sums.block / N)).toBeLessThan(bar);
    expect(Math.abs(sums.step / N)).toBeLessThan(bar);
    expect(Math.abs(sums.squares / N)).toBeLessThan(2 * bar);
  });

  test('integers fall evenly on 0 .. bound - 1', () => {
    const k = bench.indices(N);
    const bound = 40;
    kernels.integers(bound, key, 0, step, 0, 0, N, k);
    const counts = new Array<number>(bound).fill(0);
    for (const value of k) counts[value]++;
    const chiSquare = counts.reduce((sum, count) => sum + (count - N / bound) ** 2 / (N / bound), 0);
    expect(counts).toHaveLength(bound);
    // 39 degrees of freedom: mean 39, 0.1 % points at about 17 and 73.
    expect(chiSquare).toBeGreaterThan(17);
    expect(chiSquare).toBeLessThan(73);
  });
});
