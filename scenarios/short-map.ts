// Phase map after 1000 epochs, batch size 4: a coarse grid over all phases, to which every classifier can be applied.
import { defineScenario } from 'eigenflow';
import { shortTraining } from './short-training.js';

export default defineScenario({
  ...shortTraining,
  title: 'Phase map of a tanh teacher-student network, 1000 epochs',
  sweep: {
    axes: {
      'model.initialWidth': [0.125, 0.5, 2, 8, 32, 128],
      'optimiser.learningRate': [0.125, 0.5, 1, 2, 4, 8, 16, 64],
    },
    seeds: 2,
  },
});
