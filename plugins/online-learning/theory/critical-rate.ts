// The learning rate above which a perfect student is unstable.
import type { TheoryActivation } from './averages.js';

/** <g'^n> for a field of unit variance. */
function slopeMoments(activation: TheoryActivation): (n: number) => number {
  if (activation === 'identity') return () => 1;
  if (activation === 'relu') return () => 0.5;
  const square = 2 / Math.PI;
  // (2/pi)^(n/2) / sqrt(1 + n) for n = 1 .. 4.
  const powers = [1, Math.sqrt(square), square, square * Math.sqrt(square), square * square];
  return (n) => powers[n] / Math.sqrt(1 + n);
}

/**
 * Growth of the part of w - w* that is orthogonal to all teachers, about K = M, Q = R = T = 1, v = A = 1: its overlaps
 * on the diagonal, d, and off it, c, obey (d, c)' = matrix (d, c). Row-major, 2 x 2; derived.
 *
 * @param rate eta
 * @param batchSize divides the part of second order in eta
 */
export function perfectSolutionMatrix(
  activation: TheoryActivation,
  units: number,
  rate: number,
  batchSize = 1,
): readonly [number, number, number, number] {
  const m = slopeMoments(activation);
  const [m1, m2, m3, m4] = [m(1), m(2), m(3), m(4)];
  const square = m1 * m1;
  const others = units - 1;
  const diffusion = (rate * rate) / batchSize;
  return [
    -2 * rate * m2 + diffusion * (m4 + others * m2 * m2),
    others * (-2 * rate * square + diffusion * (2 * m3 * m1 + (units - 2) * square * m2)),
    -2 * rate * square + diffusion * (2 * m3 * m1 + (units - 2) * m2 * square),
    -2 * rate * (m2 + (units - 2) * square) +
      diffusion * (2 * m2 * m2 + 4 * (units - 2) * m2 * square + (units - 2) * (units - 3) * square * square),
  ];
}

/** The larger real part of the two eigenvalues. */
function growth([a, b, c, d]: readonly [number, number, number, number], units: number): number {
  // A single unit has no off-diagonal overlaps.
  if (units === 1) return a;
  const half = (a + d) / 2;
  const square = ((a - d) / 2) * ((a - d) / 2) + b * c;
  return square > 0 ? half + Math.sqrt(square) : half;
}

/**
 * eta_c: the perfect solution attracts below and repels above. For K = M orthogonal teachers of unit length and
 * read-outs of 1. Derived; for erf and one unit pi sqrt(5/3), for many sqrt(3) pi / K.
 */
export function criticalRate(activation: TheoryActivation, units: number, batchSize = 1): number {
  const isUnstable = (rate: number) => growth(perfectSolutionMatrix(activation, units, rate, batchSize), units) > 0;
  let [low, high] = [0, batchSize];
  while (!isUnstable(high)) [low, high] = [high, 2 * high];
  for (let round = 0; round < 60; round++) {
    const middle = (low + high) / 2;
    if (isUnstable(middle)) high = middle;
    else low = middle;
  }
  return (low + high) / 2;
}
