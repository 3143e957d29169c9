import { describe, expect, test } from 'vitest';
import { type ActivationName, activationCode } from '../../../core/kernels/kernels.js';
import { createBench, largestError } from './support.js';

const names = Object.keys(activationCode) as ActivationName[];

describe.each(names)('%s', (name) => {
  const code = activationCode[name];
  const bench = createBench(16);
  const { kernels } = bench;
  const n = 4003;
  const [z, value, upstream, out] = [bench.vector(n), bench.vector(n), bench.vector(n), bench.vector(n)];

  test('has the derivative that finite differences show', () => {
    const h = 1e-5;
    const [plus, minus] = [bench.vector(n), bench.vector(n)];
    for (let i = 0; i < n; i++) {
      // Not at zero, where relu has no derivative.
      z[i] = (i - n / 2) * 0.002 + 0.0003;
      plus[i] = z[i] + h;
      minus[i] = z[i] - h;
      upstream[i] = 1 + (i % 5);
    }
    kernels.activate(code, z, n, value);
    kernels.activate(code, plus, n, plus);
    kernels.activate(code, minus, n, minus);
    kernels.activationGradient(code, z, value, n, upstream, out);
    const expected = plus.map((p, i) => (upstream[i] * (p - minus[i])) / (2 * h));
    expect(largestError(out, expected)).toBeLessThan(5e-9);
  });

  test('may work in place, at any length', () => {
    for (const length of [0, 1, 2, 3, 4, 5, 7, 8, 9, 63, 64, 65, 66, 127, 128, 129, 131]) {
      kernels.normals(3, length, 0, 0, 0, n, z);
      kernels.normals(4, length, 0, 0, 0, n, upstream);
      value.fill(NaN);
      kernels.activate(code, z, length, value);
      expect(value[length]).toBeNaN();
      out.fill(NaN);
      kernels.activationGradient(code, z, value, length, upstream, out);
      expect(out[length]).toBeNaN();
      const expected = out.slice(0, length);
      const target = upstream.slice();
      kernels.activationGradient(code, z, value, length, upstream, upstream);
      expect(upstream.slice(0, length)).toEqual(expected);
      upstream.set(target);
      kernels.activate(code, z, length, z);
      expect(z.slice(0, length)).toEqual(value.slice(0, length));
    }
  });

  test('shows NaN instead of hiding it', () => {
    z.set([NaN, 1, 2]);
    kernels.activate(code, z, 3, value);
    expect(value[0]).toBeNaN();
    expect(value[1]).not.toBeNaN();
    upstream.set([1, 1, NaN]);
    kernels.activationGradient(code, z, value, 3, upstream, out);
    expect(out[2]).toBeNaN();
    expect(out[1]).not.toBeNaN();
  });
});

test('relu is zero with derivative zero at zero and below', () => {
  const bench = createBench(4);
  const [z, value, one, out] = [bench.vector(5), bench.vector(5), bench.vector(5), bench.vector(5)];
  z.set([-2, -0, 0, 5e-324, 3]);
  one.fill(1);
  bench.kernels.activate(activationCode.relu, z, 5, value);
  expect([...value]).toEqual([0, 0, 0, 5e-324, 3]);
  bench.kernels.activationGradient(activationCode.relu, z, value, 5, one, out);
  expect([...out]).toEqual([0, 0, 0, 1, 1]);
});
