// Observer: does the mean square of a small deviation grow? Curvature and gradient noise together against the step.
import { type Channel, type Descent, defineObserver, requireFiniteData } from 'eigenflow';
import { createLanczos, noiseWeight, requireDescent, stableLimit } from 'eigenflow/theory';
import { curvatureParameters } from './curvature.js';
import { createGaussNewton, type GaussNewton } from './gauss-newton.js';

/**
 * Near a minimum where every sample is fitted, a step of SGD multiplies a deviation by 1 - eps (1/B) sum_n H_n, with
 * H_n = J_n^T L_n J_n the Gauss-Newton matrix of a sample (J_n Jacobian of the outputs, L_n second derivative of its
 * loss; |J_n|^2 at the place of H_n^2 for one output and a squared loss). With eps the size of the coming step, T its
 * temperature, 1/B = T/eps, w the weight decay, and averages over all samples:
 *
 *     curvature         lambda = largest eigenvalue of E[H_n]
 *     kappa4            largest eigenvalue of E[H_n^2], over lambda
 *     gradientDescent   2 eps (lambda + w)/limit                             plain descent: eps (lambda + w)
 *     langevin          T (kappa4 - lambda) lambda/(lambda + w) noiseWeight  plain descent without decay: T (kappa4 - lambda)
 *     meanSquare        gradientDescent + langevin      plain descent without decay: eps (1 - 1/B) lambda + T kappa4
 *     margin            1 - meanSquare / 2
 *
 * `limit` and `noiseWeight` are those of the optimiser, with momentum or without (core/theory/curvature/descent.ts). Each of the
 * three must be below 2: for descent without noise, for the continuous Langevin equation, which knows no step size, and for
 * SGD with independent batches in mean square (derived): what the step does and what the noise does. The learning rate at
 * which `meanSquare` is 2 lies below the exact critical one, by 1 to 8 % on average over small two-layer networks (N = 8
 * for each batch size, docs/phases.md). An estimate from the top directions: exact where the top eigenvectors of both matrices agree and the deviation lies along them, and a
 * statement on the linearised map alone. Away from a minimum it says what would hold if the outputs of the present
 * weights were the targets.
 *
 * `meanSquare`, `langevin` and `margin` are NaN where the optimiser plans no step or the noise has no temperature.
 *
 * Throws EigenflowError `scenario` for one-pass data, `component` when the model lacks sample gradients or exact products
 * with its Hessian, the loss its second derivative, or the optimiser does not say how steps follow from gradients.
 */
export const stabilityMargin = defineObserver({
  name: 'stability-margin',
  summary: 'Mean-square stability of SGD: curvature and gradient noise against the step',
  params: curvatureParameters,
  cite: ['arXiv:2103.00065'],
  create(params, { arena, common, kernels }) {
    let matrices: GaussNewton;
    let descent: Descent;
    let topOf: ReturnType<typeof createLanczos>;
    return {
      attach({ model, loss, descent: law }): Record<string, Channel> {
        requireFiniteData(model, 'stability-margin');
        descent = requireDescent(law, 'stability-margin');
        matrices = createGaussNewton(model, loss, 'stability-margin', arena, kernels);
        const draw = (counter: number, out: Float64Array) => common.normals(counter, out);
        topOf = createLanczos(model.size, { ...params, count: 1 }, draw, arena, kernels);
        const scalar = { shape: [], dims: [], unit: '1' };
        return {
          curvature: { ...scalar, doc: 'lambda, largest eigenvalue of the mean Gauss-Newton matrix' },
          kappa4: { ...scalar, doc: 'largest eigenvalue of the mean squared Gauss-Newton matrix, over lambda' },
          gradientDescent: {
            ...scalar,
            doc: 'step x curvature over half of what is stable; descent is stable below 2',
          },
          meanSquare: {
            ...scalar,
            doc: 'sum of gradientDescent and langevin; SGD is stable in mean square below 2, or 1 to 8 % above it',
          },
          langevin: {
            ...scalar,
            doc: 'T (kappa4 - lambda), more with momentum; the Langevin equation is stable in mean square below 2',
          },
          margin: { ...scalar, doc: '1 - meanSquare / 2; 0 at the edge of mean-square stability' },
        };
      },
      observe({ theta, plannedStep, temperature }, out) {
        matrices.prepare(theta);
        const [lambda] = topOf((direction, product) => matrices.first(theta, direction, product)).values;
        const [square] = topOf((direction, product) => matrices.second(theta, direction, product)).values;
        const kappa4 = square / lambda;
        const total = lambda + descent.weightDecay;
        const stepTimesCurvature = plannedStep * total;
        const gradientDescent = (2 / stableLimit(descent)) * stepTimesCurvature;
        const noise = temperature * (kappa4 - lambda) * (lambda / total);
        const langevin = noise * noiseWeight(descent, stepTimesCurvature);
        out.curvature[0] = lambda;
        out.kappa4[0] = kappa4;
        out.gradientDescent[0] = gradientDescent;
        out.langevin[0] = langevin;
        out.meanSquare[0] = gradientDescent + langevin;
        out.margin[0] = 1 - (gradientDescent + langevin) / 2;
      },
    };
  },
});
