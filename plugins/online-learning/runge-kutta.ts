// Optimiser: an integrator for models whose parameters obey an equation of their own.
import { defineOptimiser, EigenflowError, number } from 'eigenflow';

/**
 * The classical scheme of fourth order for d theta / d time = F(theta), F the `flow` of the model. The objective is evaluated
 * once a step, for the loss that the engine watches; loss and noise have no influence on the motion.
 *
 * Throws EigenflowError `scenario` for a model without a flow.
 */
export const rungeKutta = defineOptimiser({
  name: 'runge-kutta',
  summary: 'Runge-Kutta scheme of fourth order for a model whose parameters obey a differential equation',
  params: { stepSize: number({ doc: 'step in learning time', unit: '1', above: 0 }) },
  cite: [],
  create({ stepSize }, { model, arena }) {
    const { flow, size } = model;
    if (!flow) {
      throw new EigenflowError(
        'scenario',
        'optimiser.use',
        '"runge-kutta" follows the equation of a model that has one, such as "committee-flow"; this model has none. Use ' +
          'an optimiser such as "sgd"',
      );
    }
    const [first, second, third, fourth, middle] = [0, 1, 2, 3, 4].map(() => arena.vector(size));
    return {
      state: [],
      stepSize: () => stepSize,
      step(theta, objective, _state, at) {
        objective.evaluate(theta);
        const h = at.stepSize;
        flow.derivative(theta, first);
        for (let i = 0; i < size; i++) middle[i] = theta[i] + (h / 2) * first[i];
        flow.derivative(middle, second);
        for (let i = 0; i < size; i++) middle[i] = theta[i] + (h / 2) * second[i];
        flow.derivative(middle, third);
        for (let i = 0; i < size; i++) middle[i] = theta[i] + h * third[i];
        flow.derivative(middle, fourth);
        for (let i = 0; i < size; i++) {
          theta[i] += (h / 6) * (first[i] + 2 * (second[i] + third[i]) + fourth[i]);
        }
      },
    };
  },
});
