// x^y: the nearest double, by whole numbers of any length, and the same bits in every engine.
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { power } from '../../../core/kernels/elementary.js';

/** A positive double as numerator 2^shift, exactly. */
function exactly(x: number): { numerator: bigint; shift: number } {
  const [bits] = new BigUint64Array(Float64Array.of(x).buffer);
  const exponent = Number(bits >> 52n);
  const fraction = bits & 0xfffffffffffffn;
  return exponent === 0
    ? { numerator: fraction, shift: -1074 }
    : { numerator: fraction | 0x10000000000000n, shift: exponent - 1075 };
}

/** Whether x^n < y^m, x and y being numerator 2^shift. */
function isBelow(x: ReturnType<typeof exactly>, n: number, y: ReturnType<typeof exactly>, m: number): boolean {
  const shift = n * x.shift - m * y.shift;
  const left = (x.numerator ** BigInt(n)) << BigInt(Math.max(shift, 0));
  return left < (y.numerator ** BigInt(m)) << BigInt(Math.max(-shift, 0));
}

/** Whether no double lies closer to base^(p/q) than `value`: it is compared with the midpoints to its neighbours. */
function isNearest(value: number, base: number, p: number, q: number): boolean {
  const { numerator, shift } = exactly(value);
  const midpoint = (offset: bigint) => ({ numerator: 2n * numerator + offset, shift: shift - 1 });
  const root = exactly(base);
  return isBelow(midpoint(-1n), q, root, p) && isBelow(root, p, midpoint(1n), q);
}

const spread = (i: number) => (i * 0.6180339887498949) % 1;

describe('power', () => {
  it('is the nearest double of base^(p/q), compared with the midpoints to its neighbours as whole numbers', () => {
    const base = fc.double({ min: 1e-7, max: 1e7, noNaN: true });
    const whole = fc.integer({ min: 1, max: 40 });
    fc.assert(
      // Dyadic q, so that the exponent p/q is a double.
      fc.property(base, whole, fc.constantFrom(1, 2, 4, 8, 16, 32), (x, p, q) => isNearest(power(x, p / q), x, p, q)),
      { numRuns: 2000 },
    );
  });

  it('powers of ten are their decimal notation', () => {
    for (let n = -307; n <= 308; n++) expect(power(10, n), `1e${n}`).toBe(Number(`1e${n}`));
  });

  it('whole powers of powers of two are exact', () => {
    for (let n = 0, whole = 1; n <= 1023; n++, whole *= 2) expect(power(2, n), `2^${n}`).toBe(whole);
    for (let n = 0, part = 1; n <= 1074; n++, part /= 2) expect(power(2, -n), `2^-${n}`).toBe(part);
    for (let n = -200; n <= 200; n++) expect(power(0.125, n)).toBe(power(2, -3 * n));
  });

  it('squares, square roots and inverses are those that IEEE 754 fixes', () => {
    const number = fc.double({ min: 1e-150, max: 1e150, noNaN: true });
    fc.assert(fc.property(number, (x) => power(x, 2) === x * x && power(x, -1) === 1 / x));
    fc.assert(fc.property(number, (x) => power(x, 0.5) === Math.sqrt(x) && power(x, 1) === x));
  });

  it('is within two units in the last place of what the engine has, over the whole range', () => {
    const positive = fc.double({ min: 0, noNaN: true, noDefaultInfinity: true });
    const exponent = fc.oneof(
      fc.double({ min: -3, max: 3, noNaN: true }),
      fc.double({ min: -1100, max: 1100, noNaN: true }),
    );
    const units = (a: number, b: number) => {
      const [one, other] = new BigInt64Array(Float64Array.of(a, b).buffer);
      return Math.abs(Number(one - other));
    };
    fc.assert(
      fc.property(positive, exponent, (x, y) => units(power(x, y), x ** y) <= 2),
      { numRuns: 2000 },
    );
  });

  it('has the special values of ECMAScript', () => {
    const bases = [0, -0, 1, -1, 4, -4, 0.25, -0.25, Infinity, -Infinity, NaN];
    const exponents = [0, -0, 1, -1, 2, 3, -3, 0.5, -0.5, 1e308, -1e308, 5e-324, 1024, -1075, Infinity, -Infinity, NaN];
    for (const x of bases) for (const y of exponents) expect(power(x, y), `${x} ** ${y}`).toBe(x ** y);
  });

  it('has the same bits in every engine', () => {
    const values = Float64Array.from({ length: 20_000 }, (_, i) => power(spread(i) * 10, spread(i * 7 + 1) * 20 - 10));
    const digest = createHash('sha256').update(new Uint8Array(values.buffer)).digest('hex');
    expect(digest).toBe('b0b83544d081cf94aa7d8440ac1c4a159aedb5d7571818ac622a279788a87162');
  });
});
