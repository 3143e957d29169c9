// Observer: does the step resolve the curvature? The largest eigenvalue of the Hessian against the step size.
import { defineObserver } from '../../core/contracts/component.js';
import type { Evaluation } from '../../core/contracts/observer.js';
import type { Vector } from '../../core/contracts/vector.js';
import { createFullBatch } from '../../core/engine/full-batch.js';
import { integer, number } from '../../core/parameters/schema.js';
import { requireFiniteData } from './finite-data.js';

/** Cube root of the rounding error of a double, which balances rounding against the truncation of a central difference. */
const RELATIVE_STEP = 6e-6;

/**
 * With H the Hessian of the loss over the whole data set at the weights as they stand, channels
 *
 *     sharpness           largest eigenvalue of H
 *     stepTimesSharpness  that times the size of the last step; NaN before the first one
 *     residual            |H v - sharpness v| / |sharpness|, v the unit vector that was found
 *
 * Euler-Maruyama for Langevin noise asks for stepTimesSharpness <= 0.1 or so; plain gradient descent is unstable
 * above 2. Power iteration with H v from two gradients at theta +- h v, h = 6e-6 (1 + root mean square of theta); should
 * it find a negative eigenvalue, it starts again with H shifted up by that. It stops when the
 * residual falls below `tolerance`, after 2 x `iterations` gradients at most. Some eigenvalue of H then lies within
 * residual |sharpness| of it, and the error of the largest one is of second order in the residual unless two nearly
 * coincide, where it makes no difference. The start vector is the same in all runs.
 *
 * Throws EigenflowError `scenario` for one-pass data.
 */
export const stepStability = defineObserver({
  name: 'step-stability',
  summary: 'Largest eigenvalue of the Hessian of the full loss, and its product with the step size',
  params: {
    iterations: integer({ doc: 'most power iterations', unit: '1', default: 200, min: 1 }),
    tolerance: number({ doc: 'relative residual at which the iteration stops', unit: '1', default: 1e-3, above: 0 }),
  },
  cite: ['arXiv:2103.00065'],
  create(params, { arena, common, kernels }) {
    let gradientAt: (theta: Vector) => Evaluation;
    let start: Vector;
    let direction: Vector;
    let image: Vector;
    let moved: Vector;
    let slot: Vector;
    let size = 0;

    const norm = (x: Vector) => {
      kernels.sumSquares(x, size, slot);
      return Math.sqrt(slot[0]);
    };
    const product = (a: Vector, b: Vector) => {
      kernels.dot(a, b, size, slot);
      return slot[0];
    };
    /** image = H direction. */
    const applyHessian = (theta: Vector, h: number) => {
      kernels.copy(theta, size, moved);
      kernels.axpy(h, direction, size, moved);
      kernels.copy(gradientAt(moved).gradient, size, image);
      kernels.copy(theta, size, moved);
      kernels.axpy(-h, direction, size, moved);
      kernels.axpy(-1, gradientAt(moved).gradient, size, image);
      kernels.scale(1 / (2 * h), image, size);
    };

    /** Eigenvalue of largest modulus of H - shift, with its relative residual. */
    const dominant = (theta: Vector, h: number, shift: number) => {
      kernels.copy(start, size, direction);
      kernels.scale(1 / norm(direction), direction, size);
      for (let k = 1; ; k++) {
        applyHessian(theta, h);
        kernels.axpy(-shift, direction, size, image);
        const value = product(direction, image);
        const length = norm(image);
        // |image - value direction|^2, the direction being a unit vector.
        const residual = Math.sqrt(Math.max(0, length * length - value * value)) / Math.abs(value);
        if (residual <= params.tolerance || k === params.iterations || !(length > 0)) return { value, residual };
        kernels.copy(image, size, direction);
        kernels.scale(1 / length, direction, size);
      }
    };

    return {
      attach({ model, loss }) {
        requireFiniteData(model, 'step-stability');
        size = model.size;
        gradientAt = createFullBatch(model, loss, arena, kernels);
        [start, direction, image, moved] = Array.from({ length: 4 }, () => arena.vector(size));
        slot = arena.vector(1);
        common.normals(0, start);
        const scalar = { shape: [], dims: [], unit: '1' };
        return {
          sharpness: { ...scalar, doc: 'largest eigenvalue of the Hessian of the loss over the whole data set' },
          stepTimesSharpness: { ...scalar, doc: 'sharpness times the size of the last step' },
          residual: { ...scalar, doc: 'relative residual of the eigenvector found' },
        };
      },
      observe({ theta, clock }, out) {
        const h = RELATIVE_STEP * (1 + norm(theta) / Math.sqrt(size));
        let { value, residual } = dominant(theta, h, 0);
        if (value < 0) {
          const shift = value;
          const shifted = dominant(theta, h, shift);
          value = shifted.value + shift;
          residual = (shifted.residual * shifted.value) / Math.abs(value);
        }
        out.sharpness[0] = value;
        out.residual[0] = residual;
        out.stepTimesSharpness[0] = clock.stepSize > 0 ? clock.stepSize * value : Number.NaN;
      },
    };
  },
});
