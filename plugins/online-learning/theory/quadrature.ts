// Points for the one integral that is left over: from 0 to 1, through t = sin u, which takes square-root ends away.
import { elementary } from 'eigenflow';

const POINTS = 40;

/** Node and weight of Gauss and Legendre on (-1, 1), number i of POINTS: Newton's method on the recurrence. */
function gaussLegendre(i: number): readonly [node: number, weight: number] {
  let x = elementary.cos((Math.PI * (i + 0.75)) / (POINTS + 0.5));
  let slope = 1;
  for (let round = 0; round < 8; round++) {
    let [before, value] = [1, x];
    for (let k = 2; k <= POINTS; k++) [before, value] = [value, ((2 * k - 1) * x * value - (k - 1) * before) / k];
    slope = (POINTS * (x * value - before)) / (x * x - 1);
    x -= value / slope;
  }
  return [x, 2 / ((1 - x * x) * slope * slope)];
}

const points = Array.from({ length: POINTS }, (_, i) => {
  const [node, weight] = gaussLegendre(i);
  const angle = (Math.PI / 4) * (node + 1);
  return { t: elementary.sin(angle), weight: (Math.PI / 4) * weight * elementary.cos(angle) };
});

/** Values of t in (0, 1). */
export const NODES = Float64Array.from(points, ({ t }) => t);
/** With sum_q WEIGHTS[q] f(NODES[q]) the integral of f from 0 to 1. */
export const WEIGHTS = Float64Array.from(points, ({ weight }) => weight);
