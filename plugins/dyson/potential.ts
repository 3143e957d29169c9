// Potentials in which each level moves by itself.
import type { Vector } from 'eigenflow';

export interface Potential {
  /** sum_i U(x_i) into out[position]. */
  energy(levels: Vector, out: Vector, position: number): void;
  /** U'(x_i), as many as there are levels. */
  slope(levels: Vector, out: Vector): void;
}

/** U(x) = stiffness/2 (x - centre)^2. */
export function harmonicPotential(stiffness: number, centre: number): Potential {
  return {
    energy(levels, out, position) {
      let sum = 0;
      for (let i = 0; i < levels.length; i++) sum += (levels[i] - centre) * (levels[i] - centre);
      out[position] = (stiffness / 2) * sum;
    },
    slope(levels, out) {
      for (let i = 0; i < levels.length; i++) out[i] = stiffness * (levels[i] - centre);
    },
  };
}

/** U(x) = coefficients[0] + coefficients[1] x + coefficients[2] x^2 + ... */
export function polynomialPotential(coefficients: readonly number[]): Potential {
  const value = Float64Array.from(coefficients);
  const derivative = value.map((coefficient, k) => k * coefficient).subarray(1);
  return {
    energy(levels, out, position) {
      let sum = 0;
      for (let i = 0; i < levels.length; i++) {
        let u = 0;
        for (let k = value.length - 1; k >= 0; k--) u = u * levels[i] + value[k];
        sum += u;
      }
      out[position] = sum;
    },
    slope(levels, out) {
      for (let i = 0; i < levels.length; i++) {
        let u = 0;
        for (let k = derivative.length - 1; k >= 0; k--) u = u * levels[i] + derivative[k];
        out[i] = u;
      }
    },
  };
}
