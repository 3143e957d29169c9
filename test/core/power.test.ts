// x^y: against whole numbers in exact arithmetic, against the engine, and to the bits that Node 20 and 22 have had.
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { power } from '../../core/power.js';

/** Distance of two doubles of the same sign in units of the last place. */
function ulps(a: number, b: number): number {
  const [one, other] = new BigInt64Array(Float64Array.of(a, b).buffer);
  return Math.abs(Number(one - other));
}

/** SHA-256 of twenty thousand powers by the engine of Node 20 and 22. */
const BITS = 'c95e98d83132a1fa609f07cfb47a2a90f8a1f0079f9bfa2923b61e2f4784c789';

/** Evenly spread over [0, 1), the same every time. */
const spread = (i: number) => (i * 0.6180339887498949) % 1;

describe('power', () => {
  it('whole powers of whole numbers are within an ulp of the exact ones', () => {
    for (let base = 2; base <= 50; base++) {
      for (let n = 1; n <= 150; n++) {
        expect(ulps(power(base, n), Number(BigInt(base) ** BigInt(n))), `${base}^${n}`).toBeLessThanOrEqual(1);
      }
    }
  });

  it('powers of ten are within an ulp of their decimal notation', () => {
    for (let n = -323; n <= 308; n++) expect(ulps(power(10, n), Number(`1e${n}`)), `1e${n}`).toBeLessThanOrEqual(1);
  });

  it('whole powers of powers of two are exact', () => {
    for (let n = 0, whole = 1; n <= 1023; n++, whole *= 2) expect(power(2, n), `2^${n}`).toBe(whole);
    for (let n = 0, part = 1; n <= 1074; n++, part /= 2) expect(power(2, -n), `2^-${n}`).toBe(part);
    for (let n = -200; n <= 200; n++) expect(power(0.125, n)).toBe(power(2, -3 * n));
  });

  it('squares and square roots are exact', () => {
    const number = fc.double({ min: 0, noNaN: true });
    fc.assert(fc.property(number, (x) => power(x, 2) === x * x && power(x, 0.5) === Math.sqrt(x)));
  });

  it('is within two ulp of that of the engine', () => {
    const positive = fc.double({ min: 0, noNaN: true, noDefaultInfinity: true });
    const exponent = fc.oneof(
      fc.double({ min: -3, max: 3, noNaN: true }),
      fc.double({ min: -1100, max: 1100, noNaN: true }),
    );
    fc.assert(
      fc.property(positive, exponent, (x, y) => ulps(power(x, y), x ** y) <= 2),
      { numRuns: 2000 },
    );
  });

  it('has the special values of ECMAScript', () => {
    const bases = [0, -0, 1, -1, 4, -4, 0.25, -0.25, Infinity, -Infinity, NaN];
    const exponents = [0, -0, 1, -1, 2, 3, -3, 0.5, -0.5, 1e308, -1e308, 5e-324, 1024, -1075, Infinity, -Infinity, NaN];
    for (const x of bases) for (const y of exponents) expect(power(x, y), `${x} ** ${y}`).toBe(x ** y);
  });

  it('has the same bits in every engine', () => {
    expect(power(10, -5)).toBe(0.000009999999999999999);
    expect(power(10, 1 / 3)).toBe(2.154434690031884);
    const values = Float64Array.from({ length: 20_000 }, (_, i) => power(spread(i) * 10, spread(i * 7 + 1) * 20 - 10));
    const bytes = new Uint8Array(values.buffer);
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(BITS);
  });
});
