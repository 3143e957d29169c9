// Up to how many samples per dimension two Gaussian clusters can be told apart without a training error.
import { elementary } from 'eigenflow';
import { normalCdf } from 'eigenflow/theory';
import type { PerceptronLaw } from './law.js';

/** E max(z - k, 0)^2 of a standard normal z: (1 + k^2) P(z > k) - k times the density at k. */
function excess(k: number): number {
  const density = elementary.exp((-k * k) / 2) / Math.sqrt(2 * Math.PI);
  return (1 + k * k) * normalCdf(-k) - k * density;
}

/** Golden section; the bracket shrinks to 1e-13 of its length. */
function minimum(f: (x: number) => number, from: number, to: number): number {
  const part = (Math.sqrt(5) - 1) / 2;
  let [a, b] = [from, to];
  let [x, y] = [b - part * (b - a), a + part * (b - a)];
  let [fx, fy] = [f(x), f(y)];
  for (let i = 0; i < 62; i++) {
    if (fx < fy) {
      [b, y, fy] = [y, x, fx];
      x = b - part * (b - a);
      fx = f(x);
    } else {
      [a, x, fx] = [x, y, fy];
      y = a + part * (b - a);
      fy = f(y);
    }
  }
  return Math.min(fx, fy);
}

/**
 * alpha_sep: with fewer samples per dimension a hyperplane through the origin separates two clusters with centres +-v/sqrt(d)
 * and variance Delta in almost every draw of a large dimension, with more in almost none.
 *
 *     1/alpha_sep = min_m (1 + m^2) E max(z - k, 0)^2,     k = m/sqrt(Delta (1 + m^2)),     z standard normal
 *
 * 2 without a signal (Delta to infinity), which is Cover's limit. Derived; in arXiv:2002.11544 and, for logistic models,
 * arXiv:1804.09753.
 *
 * @param noiseVariance Delta, above 0; may be infinite
 */
export function separableUpTo(noiseVariance: number): number {
  const perDeviation = 1 / Math.sqrt(noiseVariance);
  // With t = m/sqrt(1 + m^2), from 0 to 1: k = t/sqrt(Delta), and 1 + m^2 = 1/(1 - t^2).
  return 1 / minimum((t) => excess(t * perDeviation) / (1 - t * t), 0, 1);
}

/** Which mixtures `separableUpTo` speaks of. */
export const isTwoClusters = ({ clusters, activationName }: Pick<PerceptronLaw, 'clusters' | 'activationName'>) =>
  clusters.length === 2 && activationName === 'linear';
