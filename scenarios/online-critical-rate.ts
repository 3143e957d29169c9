// Up to which learning rate does a committee stay with a teacher that it has found? From a start 0.5 % beside it, one cell
// for every number of units and rate; the line is where the theory puts the loss of stability.
import { defineScenario } from 'eigenflow';

const INPUTS = 200;
const UNITS = [1, 2, 3, 4, 5];

const identity = (n: number) => Array.from({ length: n * n }, (_, i) => Number(i % (n + 1) === 0));

export default defineScenario({
  title: 'Critical learning rate of a committee',
  plugins: ['online-learning', 'sgd'],
  seed: 1,
  steps: 60 * INPUTS,
  model: { use: 'soft-committee', inputs: INPUTS, studentOverlaps: [1.01] },
  loss: { use: 'half-mean-square' },
  noise: { use: 'minibatch', batchSize: 1, order: 'iid' },
  optimiser: { use: 'sgd', learningRate: 1 },
  observers: {
    overlaps: { use: 'committee-overlaps', when: { at: [0, 'end'] } },
    theory: { use: 'online-theory', when: { at: [0] } },
  },
  sweep: {
    zip: [{ 'model.students': UNITS, 'model.teachers': UNITS, 'model.mixedOverlaps': UNITS.map(identity) }],
    axes: { 'optimiser.learningRate': { geometric: [0.5, 8], count: 13 } },
    seeds: 2,
  },
  figures: [
    {
      kind: 'heat-map',
      name: 'critical-rate',
      title: 'Error after a start beside the teacher',
      value: 'overlaps.generalisationError',
      x: { axis: 'model.students', label: 'units K = M', scale: 'linear' },
      y: { axis: 'optimiser.learningRate', label: 'learning rate', scale: 'log' },
      color: 'log',
      limits: [1e-8, 1],
      contours: { value: 'theory.rateOverCritical', levels: [1], label: 'theory: rate / critical rate =' },
    },
  ],
});
