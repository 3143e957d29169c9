// Optimiser: implicit steps, with the gradient where the step ends.
import { defineOptimiser, EigenflowError, integer, number, type Objective, partsByRate, type Vector } from 'eigenflow';
import { addScaled, createInverseSecant } from './inverse-secant.js';
import { learningRate } from './parameters.js';

/** Trial lengths along one direction. */
const TRIALS = 8;
/** Rounding has the last word when the residual has not been halved in so many directions. */
const PATIENCE = 20;
/** And is small compared with the weights. */
const SMALL = 1e-8;
/** A length is good when the slope along the direction has fallen to this part of what it was. */
const GOOD = 0.5;

/**
 * The backward scheme of Euler, on the batch of this step:
 *
 *     theta' = theta - learningRate (g(theta') + weightDecay theta')
 *
 * where explicit descent has g(theta): theta' is a stationary point of loss + |theta' - theta|^2/(2 learningRate). On a
 * quadratic of curvature h a deviation is divided by 1 + learningRate h, stable at any rate. Stationary variance under
 * independent noise of variance s^2 in the gradient: learningRate s^2/(h (2 + learningRate h)) (derived). Where the
 * loss is not convex, learningRate times the most negative curvature must stay above -1, or the point is not unique.
 *
 * Solved by quasi-Newton steps (L-BFGS, doi:10.1007/BF01589116, ten pairs) from theta, with gradients alone, so that
 * noise in them is the same at every evaluation. The residual theta' - theta + learningRate g(theta') is brought below
 * `tolerance` times what it was at theta. Several evaluations a step: as many as the problem is stiff. The loss that is
 * told is that at theta. Learning time advances by the learning rate. T = learning rate / batch size for slow
 * directions only; `descent` is not said. Gradients are not clipped: steps are bounded by the term in |theta' -
 * theta|^2.
 *
 * Throws EigenflowError `parameter` when the residual is not small after `evaluations`, and `component` for a model
 * with factors of the learning rate.
 */
export const implicit = defineOptimiser({
  name: 'implicit',
  summary: 'Implicit descent: the gradient is taken where the step ends',
  params: {
    learningRate,
    weightDecay: number({
      doc: 'coefficient of the penalty weightDecay/2 |theta|^2, whose gradient is added to that of the loss',
      unit: '1',
      default: 0,
      min: 0,
      schedulable: true,
    }),
    tolerance: number({ doc: 'residual, relative to that of no step', unit: '1', default: 1e-10, above: 0, below: 1 }),
    evaluations: integer({ doc: 'the most evaluations in one step', unit: '1', default: 1000, min: 2 }),
  },
  cite: ['arXiv:2303.01767', 'doi:10.1007/BF01589116'],
  create(params, { arena, kernels, model }) {
    if (partsByRate(model, 'proportional').some(({ factor }) => factor !== 1)) {
      const message = 'implicit has one rate for all weights; use a model without factors of the learning rate';
      throw new EigenflowError('component', 'optimiser', message);
    }
    const { size } = model;
    const [start, here, residual, trial, trialResidual, direction] = Array.from({ length: 6 }, () =>
      arena.vector(size),
    );
    const [loss, square, slope] = [arena.vector(1), arena.vector(1), arena.vector(1)];
    const inverse = createInverseSecant(size, { arena, kernels });
    // Lengths along a direction, in typed arrays because numbers that functions share would be boxed.
    const [low, high, length, lowSlope] = Array.from({ length: 4 }, () => arena.vector(1));
    const [best, waited, goal, negligible] = Array.from({ length: 4 }, () => arena.vector(1));

    /** out = place - start + rate (gradient at place). */
    const residualAt = (objective: Objective, place: Vector, out: Vector) => {
      objective.evaluate(place);
      const { learningRate, weightDecay } = params;
      const { gradient } = objective;
      for (let i = 0; i < size; i++) {
        out[i] = place[i] - start[i] + learningRate * (gradient[i] + weightDecay * place[i]);
      }
    };
    /** From `here` along the direction, to where the slope has fallen to a part of what it was. @returns evaluations */
    const search = (objective: Objective): number => {
      kernels.dot(direction, residual, size, slope);
      const enough = GOOD * Math.abs(slope[0]);
      low[0] = 0;
      high[0] = Number.POSITIVE_INFINITY;
      length[0] = 1;
      lowSlope[0] = slope[0];
      let tried = 0;
      while (tried < TRIALS) {
        kernels.copy(here, size, trial);
        addScaled(length, direction, trial);
        residualAt(objective, trial, trialResidual);
        tried += 1;
        kernels.dot(direction, trialResidual, size, slope);
        if (!(Math.abs(slope[0]) > enough)) break;
        // To where a straight line through both slopes is 0, or on beyond the longest so far.
        const straight = low[0] + ((length[0] - low[0]) * lowSlope[0]) / (lowSlope[0] - slope[0]);
        if (slope[0] > 0) {
          high[0] = length[0];
          const inside = straight > low[0] && straight < high[0];
          length[0] = inside ? straight : (low[0] + high[0]) / 2;
        } else {
          low[0] = length[0];
          lowSlope[0] = slope[0];
          length[0] = high[0] === Number.POSITIVE_INFINITY ? 4 * length[0] : (low[0] + high[0]) / 2;
        }
      }
      return tried;
    };

    return {
      state: [],
      stepSize: () => params.learningRate,
      modeStep(curvature, _at, matrix, noise) {
        if (params.weightDecay !== 0) return false;
        matrix[0] = 1 / (1 + params.learningRate * curvature);
        noise[0] = -params.learningRate * matrix[0];
        return true;
      },
      step(theta, objective, _state, at) {
        kernels.copy(theta, size, start);
        kernels.copy(theta, size, here);
        inverse.clear();
        residualAt(objective, here, residual);
        kernels.copy(objective.value, 1, loss);
        let evaluations = 1;
        kernels.sumSquares(start, size, negligible);
        negligible[0] *= SMALL * SMALL;
        kernels.sumSquares(residual, size, square);
        goal[0] = square[0] * params.tolerance * params.tolerance;
        best[0] = square[0];
        waited[0] = 0;
        // Written so that NaN ends the search.
        while (square[0] > goal[0] && !(waited[0] > PATIENCE && square[0] < negligible[0])) {
          inverse.apply(residual, direction);
          kernels.scale(-1, direction, size);
          evaluations += search(objective);
          inverse.add(here, residual, trial, trialResidual);
          kernels.copy(trial, size, here);
          kernels.copy(trialResidual, size, residual);
          kernels.sumSquares(residual, size, square);
          waited[0] = square[0] < best[0] / 4 ? 0 : waited[0] + 1;
          best[0] = Math.min(best[0], square[0]);
          if (evaluations > params.evaluations) refuseResidual(at.step, evaluations, params.tolerance);
        }
        // What is not finite is handed on: the run then ends by itself.
        if (!Number.isFinite(square[0])) kernels.axpy(1, residual, size, here);
        kernels.copy(here, size, theta);
        kernels.copy(loss, 1, objective.value);
      },
    };
  },
});

function refuseResidual(step: number, evaluations: number, tolerance: number): never {
  throw new EigenflowError(
    'parameter',
    'optimiser.learningRate',
    `the implicit equation of step ${step} is not solved to ${tolerance} after ${evaluations} evaluations: use a ` +
      'smaller learning rate, a larger tolerance, or more evaluations',
  );
}
