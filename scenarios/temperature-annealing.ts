// Momentum that grows with the batch size so that the modes keep their frequency and the velocities their temperature,
// while the friction falls: an annealing rule of arXiv:2107.09133.
import { defineScenario } from 'eigenflow';

const learningRate = 0.05;
const momentum = 0.9;
const batchSize = 32;
/** Parts of the friction that are left, about. */
const parts = [1, 1 / 2, 1 / 4, 1 / 8];
const momenta = parts.map((part) => Math.sqrt(1 - part * (1 - momentum * momentum)));

export default defineScenario({
  title: 'Batch size and momentum together',
  description:
    'Batch size over a, momentum sqrt(1 - a (1 - b^2)), learning rate times (1 + b)/(1 + new momentum), for four a. A ' +
    'quadratic loss of 20 modes with noise of the shape of the Hessian, 200 copies in each run.',
  plugins: ['solvable', 'sgd', 'limiting-dynamics'],
  seed: 1,
  steps: 6000,
  model: { use: 'quadratic', modes: 20, decay: 1.5, copies: 200 },
  loss: { use: 'half-mean-square' },
  noise: { use: 'gaussian-gradient', variance: 0.25, batchSize },
  optimiser: { use: 'momentum', learningRate, momentum },
  observers: {
    velocity: { use: 'velocity-norm', window: 2000, when: 'end' },
    space: { use: 'phase-space', count: 20, window: 2000, when: 'end' },
  },
  sweep: {
    zip: [
      {
        'noise.batchSize': parts.map((part) => batchSize / part),
        'optimiser.momentum': momenta,
        'optimiser.learningRate': momenta.map((now) => (learningRate * (1 + momentum)) / (1 + now)),
      },
    ],
    seeds: 3,
  },
  classifier: { use: 'damping-regime', mode: 10 },
  figures: [
    {
      kind: 'panels',
      name: 'temperature-annealing',
      title: 'Velocities stay as hot while modes lose their friction',
      columns: 2,
      panels: [
        {
          kind: 'line',
          title: 'mean square of the velocity',
          value: 'velocity.square',
          statistic: 'mean',
          x: { axis: 'noise.batchSize', label: 'batch size', scale: 'log' },
          limits: [0, 0.12],
          yScale: 'linear',
          guides: [{ y: 0.0893, label: 'continuous limit' }],
        },
        {
          kind: 'line',
          title: 'damping of the stiffest mode',
          value: 'space.damping',
          element: [0],
          x: { axis: 'noise.batchSize', label: 'batch size', scale: 'log' },
          yScale: 'log',
        },
      ],
    },
  ],
});
