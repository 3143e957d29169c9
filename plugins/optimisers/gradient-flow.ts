// Optimiser: gradient flow, by the classical Runge-Kutta scheme of fourth order.
import {
  clip,
  clippedGradient,
  defineOptimiser,
  EigenflowError,
  flag,
  type Objective,
  partsByRate,
  type Vector,
} from 'eigenflow';
import { gradientDecay, learningRate } from './parameters.js';

/** Step times curvature above which the flow is not followed: the error of a step is then one in a hundred. */
const LARGEST_STEP = 1;
/** Share of the weights below which a step is rounding: what changes from stage to stage says nothing then. */
const AT_REST = 1e-12;

/**
 * d theta/dt = -(g(theta) + weightDecay theta) from t to t + learningRate, g the gradient on the batch of this step:
 *
 *     k1 = g(theta), k2 = g(theta - r k1/2), k3 = g(theta - r k2/2), k4 = g(theta - r k3)
 *     theta <- theta - r (k1 + 2 k2 + 2 k3 + k4)/6,     r the learning rate
 *
 * All four on one batch, or the order would be lost: with minibatches it is the flow on each batch in turn. Four
 * evaluations, so about four times the time of `sgd`; the loss that is told is the first. On a quadratic a step is
 * stable below learningRate times curvature = 2.785293563405282, the real root of z^3/24 - z^2/6 + z/2 - 1, but follows
 * the flow only far below.
 *
 * `stepCheck` looks at 2 |k3 - k2|/|k2 - k1|, which on a quadratic is the rate times a curvature (Collatz 1960, The
 * numerical treatment of differential equations), and throws EigenflowError `parameter` where it is above 1, with a
 * rate that would do; not where the run is at rest, and rounding is all that changes. Without it the step is kernel calls alone. Noise of minibatches has the variance that the flow
 * gives it, (s^2/h^2) tanh(learningRate h/2), and T = learning rate / batch size (derived).
 */
export const gradientFlow = defineOptimiser({
  name: 'gradient-flow',
  summary: 'Gradient flow by the Runge-Kutta scheme of fourth order',
  params: {
    learningRate,
    stepCheck: flag({ doc: 'end the run where the step is too long to follow the flow', default: true }),
    weightDecay: gradientDecay,
    clip,
  },
  cite: ['https://en.wikipedia.org/wiki/Runge-Kutta_methods'],
  kernelsOnly: ({ stepCheck }) => !stepCheck,
  create(params, environment) {
    const { arena, kernels, model } = environment;
    const { size } = model;
    const { stepCheck } = params;
    const parts = partsByRate(model, 'proportional');
    const gradientOf = clippedGradient(params, environment);
    const [sum, slope, earlier, there] = [size, size, size, size].map((length) => arena.vector(length));
    const loss = arena.vector(1);
    const [before, after, square] = [arena.vector(1), arena.vector(1), arena.vector(1)];

    /** there = there - rate x direction, part by part: the learning rate as it is, so that it may follow a schedule. */
    const descend = (there: Vector, direction: Vector) => {
      for (let i = 0; i < parts.length; i++) {
        const { factor, length, of } = parts[i];
        kernels.sgdStep(of(there), of(direction), length, params.learningRate * factor, 0);
      }
    };
    const evaluate = (objective: Objective, place: Vector) => {
      objective.evaluate(place);
      kernels.copy(gradientOf(objective), size, slope);
      if (params.weightDecay !== 0) kernels.axpy(params.weightDecay, place, size, slope);
    };
    /** The squared change of the slope since it was kept, into a slot. */
    const changeInto = (slot: Vector) => {
      kernels.axpy(-1, slope, size, earlier);
      kernels.sumSquares(earlier, size, slot);
    };
    /** Whether the step, `sum`, is nothing beside the weights. */
    const isAtRest = (theta: Vector) => {
      kernels.sumSquares(sum, size, square);
      const moved = params.learningRate * Math.sqrt(square[0]);
      kernels.sumSquares(theta, size, square);
      return moved < AT_REST * Math.sqrt(square[0]);
    };
    /** Evaluates at theta minus the slope, or half of it, times the learning rate, and adds to the sum. */
    const stage = (theta: Vector, objective: Objective, half: boolean, weight: number) => {
      if (half) kernels.scale(0.5, slope, size);
      kernels.copy(theta, size, there);
      descend(there, slope);
      evaluate(objective, there);
      kernels.axpy(weight, slope, size, sum);
    };

    return {
      state: [],
      stepSize: () => params.learningRate,
      step(theta, objective, _state, at) {
        evaluate(objective, theta);
        kernels.copy(objective.value, 1, loss);
        kernels.copy(slope, size, sum);
        if (stepCheck) kernels.copy(slope, size, earlier);
        stage(theta, objective, true, 2);
        if (stepCheck) {
          changeInto(before);
          kernels.copy(slope, size, earlier);
        }
        stage(theta, objective, true, 2);
        if (stepCheck) changeInto(after);
        stage(theta, objective, false, 1);
        kernels.scale(1 / 6, sum, size);
        descend(theta, sum);
        kernels.copy(loss, 1, objective.value);
        // (2 |change|/|change before|)^2. NaN passes: the run then ends by itself.
        if (stepCheck && 4 * after[0] > LARGEST_STEP * LARGEST_STEP * before[0] && !isAtRest(theta)) {
          refuseStep(at.step, params.learningRate, 2 * Math.sqrt(after[0] / before[0]));
        }
      },
    };
  },
});

function refuseStep(step: number, rate: number, ratio: number): never {
  throw new EigenflowError(
    'parameter',
    'optimiser.learningRate',
    `the flow is not followed in step ${step}: learning rate times curvature along the path is ` +
      `${ratio.toPrecision(3)}, above ${LARGEST_STEP}; use at most ${((0.5 * rate) / ratio).toPrecision(2)}, or stepCheck: false`,
  );
}
