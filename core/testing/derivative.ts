// Derivatives by finite differences, to hold analytic gradients against.
import type { Vector } from '../contracts/vector.js';

/**
 * Derivative of `value` at `at` along `direction` by the five-point formula, with error O(step^4). `at` is moved and
 * put back bit for bit.
 */
export function directionalDerivative(value: () => number, at: Vector, direction: Vector, step: number): number {
  const origin = at.slice();
  const shifted = (multiple: number) => {
    for (let i = 0; i < at.length; i++) at[i] = origin[i] + multiple * step * direction[i];
    return value();
  };
  const near = shifted(1) - shifted(-1);
  const far = shifted(2) - shifted(-2);
  at.set(origin);
  return (8 * near - far) / (12 * step);
}

/** Root mean square, or 1 when everything is zero: a length scale for finite differences. */
export function typicalSize(values: Vector): number {
  const meanSquare = values.reduce((sum, x) => sum + x * x, 0) / values.length;
  return Math.sqrt(meanSquare) || 1;
}

export function norm(values: Vector): number {
  return Math.sqrt(values.reduce((sum, x) => sum + x * x, 0));
}

export function dot(a: Vector, b: Vector): number {
  return a.reduce((sum, x, i) => sum + x * b[i], 0);
}
