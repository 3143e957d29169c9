// Observer: the largest eigenvalues of the Hessian of the full loss, and whether the step resolves them.
import { defineObserver, integer, observer, requireFiniteData, scalar, vector } from 'eigenflow';
import { createHessian, createLanczos, stableLimit } from 'eigenflow/theory';
import { curvatureParameters } from './curvature.js';

/**
 * With H the Hessian of the loss over the whole data set at the weights as they stand, and eps the size of the coming
 * step:
 *
 *     eigenvalues         [count]  of H, the largest ones, descending
 *     residuals           [count]  |H v - eigenvalue v| of the unit eigenvectors found
 *     sharpness                    the largest eigenvalue
 *     stepTimesSharpness           eps sharpness; plain gradient descent on a quadratic form is unstable above 2
 *     margin                       1 - eps (sharpness + weight decay) / limit: 1 without curvature, 0 at the edge
 *
 * `limit` is 2, and another with momentum (`stableLimit` in core/theory/curvature/descent.ts); the margin is NaN where
 * the optimiser does not say how its steps follow from gradients.
 *
 * By the method of Lanczos (core/theory/curvature/lanczos.ts) on products H v: exact where model and loss can, else
 * differences of two gradients. Some eigenvalue lies within its residual of the value found; the error is of second
 * order in the residual unless two nearly coincide. Euler-Maruyama for Langevin noise asks for eps sharpness <= 0.1 or
 * so. Full-batch training comes to rest near margin 0 (arXiv:2103.00065); minibatch noise destabilises before:
 * `stability-margin`.
 *
 * Throws EigenflowError `scenario` for one-pass data.
 */
export const sharpness = defineObserver({
  name: 'sharpness',
  summary: 'Largest eigenvalues of the Hessian of the full loss, and the margin of the step against them',
  params: {
    count: integer({ doc: 'how many of the largest eigenvalues', unit: '1', default: 1, min: 1 }),
    ...curvatureParameters,
  },
  cite: ['doi:10.6028/jres.045.026', 'doi:10.1162/neco.1994.6.1.147', 'arXiv:2103.00065'],
  create(params, environment) {
    const { arena, common, kernels, run } = environment;
    const { model, loss, theta, descent } = run;
    const { count } = params;
    requireFiniteData(model, 'sharpness');
    const hessian = createHessian(model, loss, environment);
    const topOf = createLanczos(model.size, params, (counter, out) => common.normals(counter, out), arena, kernels);
    return observer({
      channels: {
        eigenvalues: vector(
          'eigenvalue',
          count,
          '1',
          'largest eigenvalues of the Hessian of the loss over the whole data set',
        ),
        residuals: vector('eigenvalue', count, '1', 'norm of H v - eigenvalue v for the unit eigenvectors found'),
        sharpness: scalar('1', 'largest eigenvalue of the Hessian'),
        stepTimesSharpness: scalar('1', 'size of the coming step times the sharpness'),
        margin: scalar('1', '1 without curvature, 0 at the edge of stability of descent without noise'),
      },
      observe(frame) {
        const { values, residuals } = topOf((direction, product) => hessian(theta, direction, product));
        const step = run.nextStepSize;
        frame.eigenvalues.set(values);
        frame.residuals.set(residuals);
        frame.sharpness[0] = values[0];
        frame.stepTimesSharpness[0] = step * values[0];
        if (descent) frame.margin[0] = 1 - (step * (values[0] + descent.weightDecay)) / stableLimit(descent);
      },
    });
  },
});
