// Observer: the largest eigenvalues of the Hessian of the full loss, and whether the step resolves them.
import { defineObserver, integer, observer, requireFiniteData, scalar, vector } from 'eigenflow';
import { createHessian, createLanczos, stableLimit } from 'eigenflow/theory';
import { curvatureParameters } from './curvature.js';
import { createMetric, metricOf } from './metric.js';

/**
 * With H the Hessian of the loss over the whole data set at the weights as they stand, and eps the size of the coming
 * step:
 *
 *     eigenvalues         [count]  of H, the largest ones, descending
 *     residuals           [count]  |H v - eigenvalue v| of the unit eigenvectors found
 *     sharpness                    the largest eigenvalue
 *     stepTimesSharpness           eps sharpness; plain gradient descent on a quadratic form is unstable above 2
 *     preconditioned               the largest eigenvalue of P^(1/2) H P^(1/2), P the diagonal by which the optimiser
 *                                  multiplies gradients; the sharpness itself where P is 1
 *     margin                       1 - eps (preconditioned + weight decay) / limit: 1 without curvature, 0 at the edge
 *
 * `limit` is 2, and another with momentum (`stableLimit` in core/theory/curvature/descent.ts). Optimisers that
 * precondition (adam and others) say P and a limit of their own, for P held as it is (arXiv:2207.14484): 38 for adam
 * with beta1 = 0.9. Weight decay that such an optimiser adds to gradients is not in H here. NaN before the first
 * step, where there is no P yet, and throughout for optimisers without one: what sign-SGD, Lion and Muon do to a
 * gradient follows its direction at once, and no curvature is a limit to them.
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
  cite: ['doi:10.6028/jres.045.026', 'doi:10.1162/neco.1994.6.1.147', 'arXiv:2103.00065', 'arXiv:2207.14484'],
  create(params, environment) {
    const { arena, common, kernels, run } = environment;
    const { model, loss, theta, descent } = run;
    const { count } = params;
    requireFiniteData(model, 'sharpness');
    const hessian = createHessian(model, loss, environment);
    const topOf = createLanczos(model.size, params, (counter, out) => common.normals(counter, out), arena, kernels);
    const inMetric = descent ? undefined : createMetric(model.size, arena);
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
        preconditioned: scalar('1', `largest eigenvalue of P^(1/2) H P^(1/2), ${metricOf(descent)}`, {
          label: 'preconditioned sharpness',
        }),
        margin: scalar(
          '1',
          '1 without curvature, 0 at the edge of stability without noise; NaN where there is no limit',
        ),
      },
      observe(frame) {
        const { values, residuals } = topOf((direction, product) => hessian(theta, direction, product));
        const step = run.nextStepSize;
        frame.eigenvalues.set(values);
        frame.residuals.set(residuals);
        frame.sharpness[0] = values[0];
        frame.stepTimesSharpness[0] = step * values[0];
        if (descent) {
          frame.preconditioned[0] = values[0];
          frame.margin[0] = 1 - (step * (values[0] + descent.weightDecay)) / stableLimit(descent);
        } else if (inMetric && run.preconditioner(inMetric.diagonal)) {
          const product = inMetric.of((direction, image) => hessian(theta, direction, image));
          frame.preconditioned[0] = topOf(product).values[0];
          frame.margin[0] = 1 - (step * frame.preconditioned[0]) / run.stableLimit;
        }
      },
    });
  },
});
