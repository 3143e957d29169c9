// How weights wander about a minimum once the loss has stopped to fall: their mean square displacement at three
// momenta, with the law of discrete steps. Straight at first, then by friction, then bound.
import { defineScenario } from 'eigenflow';

/** Steps that the slowest mode takes to forget its start at momentum 0, four times over. */
const FORGOTTEN = 8000;
/** Steps after the start of the displacement. */
const lags = [1, 2, 3, 5, 7, 10, 15, 20, 30, 50, 70, 100, 150, 200, 300, 500, 700, 1000, 1500, 2000, 3000];

export default defineScenario({
  title: 'Mean square displacement about a minimum',
  description:
    'A quadratic loss of 20 modes, curvatures i^-1.5, noise of the shape of the Hessian: residuals of variance 1/4 in ' +
    'batches of 32 (arXiv:2107.09133). 200 copies in each run.',
  plugins: ['solvable', 'sgd', 'limiting-dynamics'],
  seed: 1,
  steps: FORGOTTEN + 3000,
  model: { use: 'quadratic', modes: 20, decay: 1.5, copies: 200 },
  loss: { use: 'half-mean-square' },
  noise: { use: 'gaussian-gradient', variance: 0.25, batchSize: 32 },
  optimiser: { use: 'momentum', learningRate: 0.05, momentum: 0.9 },
  observers: {
    displacement: {
      use: 'mean-square-displacement',
      origin: FORGOTTEN,
      when: { at: lags.map((lag) => FORGOTTEN + lag) },
    },
    velocity: { use: 'velocity-norm', window: 1000, when: 'end' },
    space: { use: 'phase-space', count: 4, window: 1000, when: 'end' },
    balance: { use: 'fluctuation-dissipation', window: 1000, when: 'end' },
  },
  sweep: { axes: { 'optimiser.momentum': [0, 0.9, 0.99] }, seeds: 2 },
  classifier: { use: 'diffusion-regime' },
  figures: [
    {
      kind: 'flow',
      name: 'mean-square-displacement',
      title: 'Mean square displacement in the stationary state',
      value: 'displacement.displacement',
      theory: 'displacement.exact',
      theoryLabel: 'stationary state of discrete steps',
      x: 'step',
      since: FORGOTTEN,
      xScale: 'log',
      yScale: 'log',
      cellAxes: [{ axis: 'optimiser.momentum', label: 'momentum' }],
      note: 'Mean of 200 copies side by side. A slope of 2 is straight motion, of 1 Brownian, of 0 bound.',
    },
  ],
});
