// The Volterra equation of the response of a random linear flow, by steps of Heun: a second way to the closed form.

/**
 * dR/dt = -shift R + symmetry int_0^t R(t - s) R(s) ds, R(0) = 1; the integral by the rule of trapezoids.
 *
 * @returns R at 0, h, ..., steps h
 */
export function solveVolterra(symmetry: number, shift: number, h: number, steps: number): Float64Array {
  const r = new Float64Array(steps + 1);
  r[0] = 1;
  const slope = (n: number) => {
    let sum = n === 0 ? 0 : r[0] * r[n];
    for (let k = 1; k < n; k++) sum += r[n - k] * r[k];
    return -shift * r[n] + symmetry * h * sum;
  };
  for (let n = 0; n < steps; n++) {
    const before = slope(n);
    r[n + 1] = r[n] + h * before;
    r[n + 1] = r[n] + (h / 2) * (before + slope(n + 1));
  }
  return r;
}
