// Observer: does the mean square of a small deviation grow? Curvature and gradient noise together against the step.
import { defineObserver, EigenflowError, observer, requireFiniteData, scalar, type Vector } from 'eigenflow';
import { createLanczos, noiseWeight, stableLimit } from 'eigenflow/theory';
import { curvatureParameters } from './curvature.js';
import { createGaussNewton } from './gauss-newton.js';
import { createMetric } from './metric.js';

/**
 * Near a minimum where every sample is fitted, a step of SGD multiplies a deviation by 1 - eps (1/B) sum_n H_n, with
 * H_n = J_n^T L_n J_n the Gauss-Newton matrix of a sample (J_n Jacobian of the outputs, L_n second derivative of its
 * loss; |J_n|^2 at the place of H_n^2 for one output and a squared loss). With eps the size of the coming step, T its
 * temperature, 1/B = T/eps, w the weight decay, and averages over all samples:
 *
 *     curvature         lambda = largest eigenvalue of E[H_n]
 *     kappa4            largest eigenvalue of E[H_n^2], over lambda
 *     gradientDescent   2 eps (lambda + w)/limit                             plain descent: eps (lambda + w)
 *     langevin          T (kappa4 - lambda) lambda/(lambda + w) noiseWeight  plain, without decay: T (kappa4 - lambda)
 *     meanSquare        gradientDescent + langevin      plain descent without decay: eps (1 - 1/B) lambda + T kappa4
 *     margin            1 - meanSquare / 2
 *
 * `limit` and `noiseWeight` are those of the optimiser, with momentum or without (core/theory/curvature/descent.ts).
 * Each of the three must be below 2: for descent without noise, for the continuous Langevin equation, which knows no
 * step size, and for SGD with independent batches in mean square (derived): what the step does and what the noise does.
 * The learning rate at which `meanSquare` is 2 lies below the exact critical one, by 1 to 8 % on average over small
 * two-layer networks (N = 8 for each batch size, docs/phases.md). An estimate from the top directions: exact where the
 * top eigenvectors of both matrices agree and the deviation lies along them, and a statement on the linearised map
 * alone. Away from a minimum it says what would hold if the outputs of the present weights were the targets.
 *
 * With an optimiser that preconditions (adam and others) H_n is P^(1/2) H_n P^(1/2) throughout, P its diagonal held
 * as it is, and `limit` its own; its average of gradients is a heavy ball of a smaller step, so that momentum drops
 * out of `langevin` (derived), where T stands for step over batch size and is no temperature of anything. P itself
 * follows the noise, which this leaves out. Before the first step there is no P, and all is NaN. Sign-SGD, Lion and
 * Muon are refused: what they do to a gradient follows its direction at once, and no curvature is a limit to them.
 *
 * `meanSquare`, `langevin` and `margin` are NaN where the noise has no temperature.
 *
 * Throws EigenflowError `scenario` for one-pass data, `component` when the model lacks sample gradients or exact
 * products with its Hessian, the loss its second derivative, or the optimiser does not say how steps follow from
 * gradients.
 */
export const stabilityMargin = defineObserver({
  name: 'stability-margin',
  summary: 'Mean-square stability of SGD: curvature and gradient noise against the step',
  params: curvatureParameters,
  cite: ['arXiv:2103.00065'],
  create(params, environment) {
    const { arena, common, kernels, run } = environment;
    const { model, loss, theta } = run;
    requireFiniteData(model, 'stability-margin');
    // Whether there is a preconditioner is known without a step: who has none has no limit in its metric either.
    const { descent } = run;
    if (!descent && Number.isNaN(run.stableLimit)) {
      throw new EigenflowError(
        'component',
        'observers',
        'stability-margin holds for descent and for optimisers that say by which diagonal they multiply gradients; this ' +
          'one says neither. After a sign or an orthogonalisation (sign-sgd, lion, muon) a step does not shrink with its ' +
          'gradient, so that no curvature is a limit; observe lyapunov-exponent or loss-fluctuation instead',
      );
    }
    const metric = descent ? undefined : createMetric(model.size, arena);
    const matrices = createGaussNewton(model, loss, 'stability-margin', environment);
    const draw = (counter: number, out: Vector) => common.normals(counter, out);
    const topOf = createLanczos(model.size, { ...params, count: 1 }, draw, arena, kernels);
    return observer({
      channels: {
        curvature: scalar('1', 'lambda, largest eigenvalue of the mean Gauss-Newton matrix'),
        kappa4: scalar('1', 'largest eigenvalue of the mean squared Gauss-Newton matrix, over lambda'),
        gradientDescent: scalar('1', 'step x curvature over half of what is stable; descent is stable below 2'),
        meanSquare: scalar(
          '1',
          'sum of gradientDescent and langevin; SGD is stable in mean square below 2, or 1 to 8 % above it',
        ),
        langevin: scalar(
          '1',
          'T (kappa4 - lambda), more with momentum; the Langevin equation is stable in mean square below 2',
        ),
        margin: scalar('1', '1 - meanSquare / 2; 0 at the edge of mean-square stability'),
      },
      observe(frame) {
        if (metric && !run.preconditioner(metric.diagonal)) return;
        // Before the first step there is no preconditioner.
        if (metric?.diagonal.some(Number.isNaN)) return;
        matrices.prepare(theta, metric?.diagonal);
        const seen = (product: (direction: Vector, out: Vector) => void) => (metric ? metric.of(product) : product);
        const [lambda] = topOf(seen((direction, product) => matrices.first(theta, direction, product))).values;
        const [square] = topOf(seen((direction, product) => matrices.second(theta, direction, product))).values;
        const kappa4 = square / lambda;
        const total = lambda + (descent?.weightDecay ?? 0);
        const stepTimesCurvature = run.nextStepSize * total;
        const limit = descent ? stableLimit(descent) : run.stableLimit;
        const gradientDescent = (2 / limit) * stepTimesCurvature;
        const noise = run.temperature * (kappa4 - lambda) * (lambda / total);
        // An average of gradients weighs their noise as plain descent does.
        const langevin = noise * (descent ? noiseWeight(descent, stepTimesCurvature) : 1);
        frame.curvature[0] = lambda;
        frame.kappa4[0] = kappa4;
        frame.gradientDescent[0] = gradientDescent;
        frame.langevin[0] = langevin;
        frame.meanSquare[0] = gradientDescent + langevin;
        frame.margin[0] = 1 - (gradientDescent + langevin) / 2;
      },
    });
  },
});
