// The averages against numbers computed by an independent program (Gauss-Hermite quadrature over four fields).
import { describe, expect, test } from 'vitest';
import { createIntegrals } from '../../../plugins/online-learning/theory/integrals.js';
import { integralDeviations, REFERENCE } from '../../validate/online-reference.js';

describe('closed forms', () => {
  for (const activation of ['erf', 'relu'] as const) {
    test(`${activation} agrees with the table to 1e-12`, () => {
      const deviations = integralDeviations(activation);
      expect(deviations.length).toBe(activation === 'erf' ? 15 : 30);
      for (const { name, deviation } of deviations) expect(Math.abs(deviation), name).toBeLessThan(1e-12);
    });

    test(`${activation} is symmetric in its slopes and in its values`, () => {
      for (const { C } of REFERENCE.integrals_erf) {
        const { slopeSlopeValueValue: I4 } = createIntegrals(activation, 4);
        const flat = Float64Array.from(C.flat());
        for (const [i, k, a, b] of [
          [0, 1, 2, 3],
          [0, 0, 1, 2],
          [1, 2, 1, 3],
          [3, 0, 2, 2],
          [0, 1, 0, 1],
        ]) {
          const value = I4(flat, i, k, a, b);
          expect(I4(flat, k, i, a, b)).toBeCloseTo(value, 13);
          expect(I4(flat, i, k, b, a)).toBeCloseTo(value, 13);
        }
      }
    });
  }

  test('<g"(a) g(c)> is the derivative of <g(a) g(c)> twice along the variance of a', () => {
    // d<g(a) g(c)>/dC_aa = 1/2 <g"(a) g(c)>
    const h = 1e-5;
    for (const activation of ['erf', 'relu', 'identity'] as const) {
      const integrals = createIntegrals(activation, 2);
      for (const [aa, ac, cc] of [
        [0.7, 0.2, 0.9],
        [1.3, -0.4, 0.5],
      ]) {
        const at = (variance: number) => integrals.valueValue(Float64Array.of(variance, ac, ac, cc), 0, 1);
        const slope = (at(aa + h) - at(aa - h)) / (2 * h);
        expect(integrals.curvatureValue(Float64Array.of(aa, ac, ac, cc), 0, 1)).toBeCloseTo(2 * slope, 8);
      }
    }
  });

  test("<g'(a) b g(c)> is what Stein's lemma makes of it: the mean gradient of large batches is right", () => {
    // <g'_a x_b g_c> = <g'_a g'_c> C_bc + <g"_a g_c> C_ab, for all places.
    for (const activation of ['erf', 'relu', 'identity'] as const) {
      const { slopeFieldValue, slopeSlope, curvatureValue } = createIntegrals(activation, 4);
      for (const { C } of REFERENCE.integrals_erf) {
        const flat = Float64Array.from(C.flat());
        for (let place = 0; place < 64; place++) {
          const [a, b, c] = [place >> 4, (place >> 2) & 3, place & 3];
          const expected = slopeSlope(flat, a, c) * C[b][c] + curvatureValue(flat, a, c) * C[a][b];
          expect(slopeFieldValue(flat, a, b, c)).toBeCloseTo(expected, 13);
        }
      }
    }
  });

  test('fields that are one up to rounding give numbers', () => {
    const C = Float64Array.of(1, 1, 0.3, 0.3, 1, 1, 0.3, 0.3, 0.3, 0.3, 1, 1 + 2e-16, 0.3, 0.3, 1 + 2e-16, 1);
    const { slopeSlopeValueValue: I4 } = createIntegrals('relu', 4);
    expect(I4(C, 0, 1, 2, 3)).toBeCloseTo(I4(C, 0, 0, 2, 2), 6);
  });
});
