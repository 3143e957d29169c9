// Fisher's exact test of two fractions.
import { exp } from '../kernels/elementary.js';
import { logGamma } from './beta.js';

const logChoose = (n: number, k: number) => logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1);

/** Tables as improbable as the one at hand are counted in, whatever the rounding. */
const TIE = 1 + 1e-7;

/**
 * Two-sided probability of two fractions as far apart, were they those of one law: the sum of the hypergeometric
 * probabilities P(k) = C(n, k) C(m, s - k) / C(n + m, s), s = a + b, over all k with P(k) <= P(a) (Fisher 1935; Irwin
 * 1935).
 *
 * @param a out of n in the first sample
 * @param b out of m in the second
 * @throws RangeError unless 0 <= a <= n and 0 <= b <= m, all whole
 */
export function fisherExactPValue([a, n]: readonly [number, number], [b, m]: readonly [number, number]): number {
  if (![a, b, n - a, m - b].every((count) => Number.isSafeInteger(count) && count >= 0)) {
    throw new RangeError(`${a} of ${n} and ${b} of ${m} are no counts`);
  }
  const all = a + b;
  const whole = logChoose(n + m, all);
  const probability = (k: number) => exp(logChoose(n, k) + logChoose(m, all - k) - whole);
  const most = probability(a) * TIE;
  let [far, sum] = [0, 0];
  for (let k = Math.max(0, all - m); k <= Math.min(n, all); k++) {
    const p = probability(k);
    sum += p;
    if (p <= most) far += p;
  }
  // Over their sum, which is 1 but for rounding, so that fractions which cannot differ have p = 1.
  return far / sum;
}
