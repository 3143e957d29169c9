// The response function of a linear flow with a random matrix of many degrees of freedom.
import { elementary } from 'eigenflow';

/**
 * R(t) for dh/dt = -(M + shift) h with M of the elliptic ensemble, entries of variance 1/N: the solution of
 *
 *     dR/dt = -shift R + symmetry int_0^t R(t - s) R(s) ds,     R(0) = 1.
 *
 * With x = 2 sqrt(|symmetry|) t it is exp(-shift t) times 2 I_1(x)/x for a positive symmetry, 2 J_1(x)/x for a negative
 * one and 1 for none: the mean of exp(x cos a) or cos(x cos a) over the semicircle, which the rule of midpoints finds
 * to rounding, because the integrand is periodic and smooth.
 *
 * Source: arXiv:2601.01010 for the equation at symmetry 1; its solution and the others are derived.
 */
export function responseLaw(time: number, symmetry: number, shift: number): number {
  const x = 2 * Math.sqrt(Math.abs(symmetry)) * time;
  const points = 32 + Math.ceil(2 * x);
  let sum = 0;
  for (let i = 0; i < points; i++) {
    const angle = ((i + 0.5) * Math.PI) / points;
    const [place, weight] = [x * elementary.cos(angle), elementary.sin(angle) ** 2];
    sum +=
      weight *
      (symmetry >= 0 ? elementary.exp(place - shift * time) : elementary.cos(place) * elementary.exp(-shift * time));
  }
  return (2 * sum) / points;
}
