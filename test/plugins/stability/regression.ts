// Linear regression with given inputs: every map that training makes of it is affine, so that growth rates, curvatures
// and margins have closed forms.
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { defineModel } from '../../../core/contracts/component.js';
import type { Prop } from '../../../core/testing/stage.js';

type Rows = readonly (readonly number[])[];

/** Output theta . x_n, target y_n. For one output with the loss `half-mean-square`. */
export function regression(inputs: Rows, targets: readonly number[], initial: readonly number[]): Prop {
  const size = inputs[0].length;
  const component = defineModel({
    name: 'regression',
    summary: 'Linear regression',
    params: {},
    cite: [],
    create: () => ({
      layout: [{ name: 'w', rows: 1, cols: size, offset: 0 }],
      size,
      outputs: 1,
      samples: inputs.length,
      initialise: (theta) => theta.set(initial),
      open: () => ({
        forward(theta, batch, n, out) {
          for (let s = 0; s < n; s++) out[s] = inputs[batch[s]].reduce((sum, x, i) => sum + x * theta[i], 0);
        },
        targets(batch, n, out) {
          for (let s = 0; s < n; s++) out[s] = targets[batch[s]];
        },
        backward(_theta, batch, n, dOut, gradient) {
          gradient.fill(0);
          for (let s = 0; s < n; s++) {
            for (let i = 0; i < size; i++) gradient[i] += dOut[s] * inputs[batch[s]][i];
          }
        },
        hessianVector: {
          outputs(_theta, direction, batch, n, out) {
            for (let s = 0; s < n; s++) out[s] = inputs[batch[s]].reduce((sum, x, i) => sum + x * direction[i], 0);
          },
          gradient(_theta, _direction, batch, n, _dOut, dOutChange, out) {
            out.fill(0);
            for (let s = 0; s < n; s++) {
              for (let i = 0; i < size; i++) out[i] += dOutChange[s] * inputs[batch[s]][i];
            }
          },
        },
        sampleGradients: {
          factors(_theta, batch, n, dOut, _block, left, right) {
            for (let s = 0; s < n; s++) {
              left[s] = dOut[s];
              for (let i = 0; i < size; i++) right[s * size + i] = inputs[batch[s]][i];
            }
          },
        },
      }),
    }),
  });
  return { component };
}

/** Second moments of these inputs: the Hessian of their mean loss. */
export function moments(inputs: Rows): Matrix {
  const X = new Matrix(inputs.map((row) => [...row]));
  return X.transpose().mmul(X).div(inputs.length);
}

/** Largest modulus of an eigenvalue. */
export function spectralRadius(matrix: Matrix): number {
  const { realEigenvalues, imaginaryEigenvalues } = new EigenvalueDecomposition(matrix);
  return Math.max(...realEigenvalues.map((value, i) => Math.hypot(value, imaginaryEigenvalues[i])));
}
