// What theory says of the relative distance of the input weights as the width grows, RD ~ m^S.
//
// In the normalised flow kappa' a_k^2 - |w_k|^2/kappa' does not change, and at the end kappa m a w ~ 1, a and w being what
// was added to the weights. Where the output weights hardly move, w ~ m^(gamma - 1). Where they move and the input weights
// do not, a ~ m^(gamma - 1), and w follows from the conserved difference, w ~ kappa'^2 max(a, a^2). Where both have grown
// they are balanced, w ~ kappa' a and w ~ m^((gamma - 1 - gamma')/2). Derived; in accordance with the regimes of
// arXiv:2007.07497; for gamma >= 1/2, or where the network starts as 0.

export type Regime = 'linear' | 'critical' | 'condensed';

/** S of RD ~ m^S. */
export function slope(gamma: number, gammaPrime: number): number {
  const excess = gamma - 1;
  if (gammaPrime <= 0) return excess <= -gammaPrime ? excess : (excess - gammaPrime) / 2;
  if (excess <= 0) return excess - 2 * gammaPrime;
  return excess <= gammaPrime ? 2 * (excess - gammaPrime) : (excess - gammaPrime) / 2;
}

export function regime(gamma: number, gammaPrime: number): Regime {
  const beyond = gamma - boundary(gammaPrime);
  if (beyond === 0) return 'critical';
  return beyond < 0 ? 'linear' : 'condensed';
}

/** gamma on the boundary. */
export const boundary = (gammaPrime: number) => 1 + Math.max(0, gammaPrime);

/** Points of the diagram at which slopes are compared, [gamma, gamma']. */
export const POINTS: readonly (readonly [number, number])[] = [
  [0.5, 0],
  [0.75, 0],
  [1, 0],
  [1.25, 0],
  [1.5, 0],
  [1.75, 0],
  [0.5, 0.5],
  [1.5, 1],
  [1.5, 0.5],
  [1.5, 0.25],
  [1, -0.5],
  [1.5, -0.5],
];

/**
 * RD at gamma = 1/2, gamma' = 0 by width: geometric means over two seeds of a program in NumPy with the same data and
 * an antisymmetric start, at a loss of 1e-4, within 10 %.
 */
export const REFERENCE_DISTANCES: ReadonlyMap<number, number> = new Map([
  [100, 0.097],
  [300, 0.0556],
  [1000, 0.0296],
  [3000, 0.0169],
  [10_000, 0.0094],
]);

/** x with the constant 1, and y, of the three points of arXiv:2007.07497. */
export const THREE_POINTS = {
  x: [
    [-0.5, 1],
    [0, 1],
    [0.5, 1],
  ],
  y: [-0.5, 0, 1],
} as const;

/**
 * Directions (in radians) into which units turn first when the network starts near 0: the extrema on the unit circle of
 * G(w) = sum_n y_n relu(w . x_n), to which a unit with a > 0 (maximum), or with a < 0 (minimum), is driven (derived).
 * By search on a grid of `steps` angles; where G is constant units stay.
 */
export function firstDirections(steps = 36_000): { readonly maximum: number; readonly minimum: number } {
  const { x, y } = THREE_POINTS;
  const values = Array.from({ length: steps }, (_, i) => {
    const angle = -Math.PI + (2 * Math.PI * i) / steps;
    const [w, b] = [Math.cos(angle), Math.sin(angle)];
    return { angle, value: x.reduce((sum, [u, one], n) => sum + y[n] * Math.max(0, w * u + b * one), 0) };
  });
  const best = (sign: 1 | -1) => values.reduce((a, c) => (sign * c.value > sign * a.value ? c : a)).angle;
  return { maximum: best(1), minimum: best(-1) };
}
