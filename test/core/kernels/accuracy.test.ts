import { describe, expect, test } from 'vitest';
import { createBench, readTable } from './support.js';

const LIMITS = { exp: 2, log: 2, sin: 2, cos: 2, erf: 2, tanh: 4 } as const;
type Name = keyof typeof LIMITS;
const names = Object.keys(LIMITS) as Name[];

const bits = new DataView(new ArrayBuffer(8));

/** The unit in the last place, exactly, from the bits of x. */
function unit(x: number): number {
  bits.setFloat64(0, x);
  const exponent = (bits.getUint16(0) >> 4) & 0x7ff;
  return 2 ** (Math.max(1, Math.min(exponent, 2046)) - 1075);
}

describe.each(names)('%s', (name) => {
  const table = readTable(`${name}.f64`);
  const n = table.length / 3;
  const bench = createBench();
  const x = bench.vector(n);
  const out = bench.vector(n);
  for (let i = 0; i < n; i++) x[i] = table[3 * i];
  const f = bench.kernels[name];

  test(`is within ${LIMITS[name]} units in the last place of 70-digit values`, () => {
    f(x, n, out);
    let worst = 0;
    let at = 0;
    for (let i = 0; i < n; i++) {
      const [, rounded, rest] = table.subarray(3 * i, 3 * i + 3);
      const error = out[i] === rounded ? Math.abs(rest) : Math.abs((out[i] - rounded) / unit(rounded) - rest);
      if (!(error <= worst)) [worst, at] = [error, x[i]];
    }
    expect(worst, `worst at ${at}`).toBeLessThan(LIMITS[name]);
  });

  test('gives the same bits at any position and length, and in place', () => {
    f(x, n, out);
    const whole = out.slice();
    for (const length of [1, 2, 3, 63, 64, 65, 66, 127]) {
      for (const from of [0, 1, 7, 501]) {
        out.fill(NaN);
        f(x.subarray(from, from + length), length, out);
        expect(out.slice(0, length)).toEqual(whole.slice(from, from + length));
        expect(out[length]).toBeNaN();
      }
    }
    out.set(x);
    f(out, n, out);
    expect(out.slice()).toEqual(whole);
  });
});

describe('special values', () => {
  const bench = createBench(4);
  const x = bench.vector(2);
  const out = bench.vector(2);
  const cases: [Name, number, number][] = [
    ['exp', 0, 1],
    ['exp', -0, 1],
    ['exp', Infinity, Infinity],
    ['exp', -Infinity, 0],
    ['exp', 1e300, Infinity],
    ['exp', -1e300, 0],
    ['exp', 5e-324, 1],
    ['exp', NaN, NaN],
    ['log', 1, 0],
    ['log', 0, -Infinity],
    ['log', -0, -Infinity],
    ['log', -5e-324, NaN],
    ['log', -Infinity, NaN],
    ['log', Infinity, Infinity],
    ['log', NaN, NaN],
    ['sin', 0, 0],
    ['sin', -0, -0],
    ['sin', 5e-324, 5e-324],
    ['sin', -5e-324, -5e-324],
    ['sin', Infinity, NaN],
    ['sin', -Infinity, NaN],
    ['sin', NaN, NaN],
    ['cos', 0, 1],
    ['cos', -0, 1],
    ['cos', 5e-324, 1],
    ['cos', Infinity, NaN],
    ['cos', -Infinity, NaN],
    ['cos', NaN, NaN],
    ['tanh', 0, 0],
    ['tanh', -0, -0],
    ['tanh', 5e-324, 5e-324],
    ['tanh', -2.5e-308, -2.5e-308],
    ['tanh', 1e-9, 1e-9],
    ['tanh', 1e300, 1],
    ['tanh', Infinity, 1],
    ['tanh', -Infinity, -1],
    ['tanh', NaN, NaN],
    ['erf', 0, 0],
    ['erf', -0, -0],
    ['erf', 5e-324, 5e-324],
    ['erf', 1e300, 1],
    ['erf', Infinity, 1],
    ['erf', -Infinity, -1],
    ['erf', NaN, NaN],
  ];
  // Both lanes: the other one holds an ordinary number, which must not change anything.
  test.each(cases)('%s(%d) is %d', (name, argument, expected) => {
    for (const lane of [0, 1]) {
      x.fill(0.7);
      bench.kernels[name](x, 2, out);
      const ordinary = out[1 - lane];
      x[lane] = argument;
      bench.kernels[name](x, 2, out);
      expect(out[lane]).toBe(expected);
      expect(out[1 - lane]).toBe(ordinary);
    }
  });

  test.each(['sin', 'tanh', 'erf'] as const)('%s is odd, bit for bit', (name) => {
    const n = 4001;
    const odd = createBench(8);
    const [plus, minus, a, b] = [odd.vector(n), odd.vector(n), odd.vector(n), odd.vector(n)];
    for (let i = 0; i < n; i++) {
      plus[i] = 0.00501 * i;
      minus[i] = -plus[i];
    }
    odd.kernels[name](plus, n, a);
    odd.kernels[name](minus, n, b);
    for (let i = 0; i < n; i++) expect(b[i]).toBe(-a[i]);
  });
});
