// Boxes one double at each step, 12 to 16 bytes: an array of mixed content holds numbers as objects. The measurement
// must see it.
import { defineOptimiser, definePlugin } from '../../../core/contracts/component.js';
import { printBytesOf } from '../scenario.js';

const boxing = defineOptimiser({
  name: 'boxing',
  summary: 'Gradient descent that boxes a double',
  params: {},
  cite: [],
  create: (_params, { kernels }) => {
    const kept: (number | string)[] = ['mixed', 'content'];
    return {
      state: [],
      stepSize: () => 1e-3,
      step(theta, objective, _state, at) {
        objective.evaluate(theta);
        kernels.axpy(-1e-3, objective.gradient, theta.length, theta);
        kept[at.step % 2] = at.step + 0.5;
      },
    };
  },
});

await printBytesOf(
  {
    model: { use: 'teacher-student' },
    loss: { use: 'half-mean-square' },
    noise: { use: 'minibatch', batchSize: 4, order: 'cyclic' },
    optimiser: { use: 'boxing' },
  },
  100_000,
  [definePlugin({ name: 'control', version: '0.0.0', components: [boxing] })],
);
