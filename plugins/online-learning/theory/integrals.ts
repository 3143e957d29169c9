// Averages over jointly normal fields that the equations of motion are made of, for the activations that have them in
// closed form.
import { clampedAsin, type Integrals, type TheoryActivation } from './averages.js';
import { createReluIntegrals } from './relu-integrals.js';

/**
 * Closed forms of Saad and Solla (1995, doi:10.1103/PhysRevLett.74.4337 and doi:10.1103/PhysRevE.52.4225) as
 * implemented with arXiv:1906.08632; `curvatureValue` derived. For g(x) = erf(x/sqrt 2).
 */
function erfIntegrals(n: number): Integrals {
  const first = 2 / Math.PI;
  return {
    valueValue: (C, a, b) => first * clampedAsin(C[a * n + b] / Math.sqrt((1 + C[a * n + a]) * (1 + C[b * n + b]))),
    slopeSlope: (C, a, b) => first / Math.sqrt((1 + C[a * n + a]) * (1 + C[b * n + b]) - C[a * n + b] * C[a * n + b]),
    slopeFieldValue(C, a, b, c) {
      const [own, ac] = [1 + C[a * n + a], C[a * n + c]];
      const determinant = own * (1 + C[c * n + c]) - ac * ac;
      return (first * (C[b * n + c] * own - C[a * n + b] * ac)) / (own * Math.sqrt(determinant));
    },
    slopeSlopeValueValue(C, a, b, c, d) {
      const own = 1 + C[a * n + a];
      const other = 1 + C[b * n + b];
      const ab = C[a * n + b];
      const ac = C[a * n + c];
      const ad = C[a * n + d];
      const bc = C[b * n + c];
      const bd = C[b * n + d];
      const outer = own * other - ab * ab;
      const middle = outer * C[c * n + d] - bc * bd * own - ac * ad * other + ab * ac * bd + ab * ad * bc;
      const left = outer * (1 + C[c * n + c]) - bc * bc * own - ac * ac * other + 2 * ab * ac * bc;
      const right = outer * (1 + C[d * n + d]) - bd * bd * own - ad * ad * other + 2 * ab * ad * bd;
      return (first * first * clampedAsin(middle / Math.sqrt(left * right))) / Math.sqrt(outer);
    },
    curvatureValue(C, a, c) {
      const [own, ac] = [1 + C[a * n + a], C[a * n + c]];
      return (-first * ac) / (own * Math.sqrt(own * (1 + C[c * n + c]) - ac * ac));
    },
  };
}

const identityIntegrals = (n: number): Integrals => ({
  valueValue: (C, a, b) => C[a * n + b],
  slopeSlope: () => 1,
  slopeFieldValue: (C, _a, b, c) => C[b * n + c],
  slopeSlopeValueValue: (C, _a, _b, c, d) => C[c * n + d],
  curvatureValue: () => 0,
});

/** @param n number of fields */
export function createIntegrals(activation: TheoryActivation, n: number): Integrals {
  if (activation === 'erf') return erfIntegrals(n);
  return activation === 'relu' ? createReluIntegrals(n) : identityIntegrals(n);
}
