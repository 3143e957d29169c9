// Order parameters of a committee under SGD against the exact equations of many inputs, in `eigenflow compare`: means
// of Q and R over 24 streams of samples, from one start. The equations have no noise, so that means alone are compared.
import { defineScenario } from 'eigenflow';

const INPUTS = 400;
const RATE = 1;

const model = {
  use: 'soft-committee',
  inputs: INPUTS,
  students: 2,
  teachers: 2,
  studentOverlaps: [0.5, 0.05, 0.05, 0.4],
  mixedOverlaps: [0.3, 0.1, 0.05, 0.25],
  labelNoise: 0.1,
};

const when = { points: 11 };

export default defineScenario({
  title: 'A committee against its equations of motion',
  plugins: ['online-learning', 'optimisers', 'sgd'],
  seed: 1,
  time: 10 * INPUTS * RATE,
  model,
  loss: { use: 'half-mean-square' },
  noise: { use: 'minibatch', batchSize: 1, order: 'iid' },
  optimiser: { use: 'sgd', learningRate: RATE },
  observers: { overlaps: { use: 'committee-overlaps', when } },
  compare: {
    levels: 'overlaps.orderParameters',
    match: 'by-place',
    top: 7,
    replicas: 24,
    surrogates: {
      equations: {
        model: { ...model, use: 'committee-flow', learningRate: RATE },
        loss: { use: 'mean-output' },
        noise: { use: 'full-batch' },
        optimiser: { use: 'gradient-flow', learningRate: INPUTS / 50 },
        observers: { overlaps: { use: 'flow-overlaps', when } },
      },
    },
  },
});
