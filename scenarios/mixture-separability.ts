// Where a perceptron fits all of its training set: training error over samples per dimension and noise of two Gaussian
// clusters, with the line up to which theory calls them separable.
import { defineScenario } from 'eigenflow';

const plane = {
  x: { axis: 'model.samplesPerDimension', label: 'α, samples per dimension' },
  y: { axis: 'model.noiseVariance', label: 'Δ, variance of the clusters' },
} as const;

export default defineScenario({
  title: 'Separability of two Gaussian clusters',
  description:
    'PREVIEW: dimension 60, four training sets a cell, 3000 steps. The passage sharpens with the dimension; close to the ' +
    'line descent needs longer to find a plane.',
  plugins: ['gaussian-mixture', 'network', 'sgd'],
  seed: 1,
  steps: 3000,
  model: { use: 'gaussian-mixture', dimension: 60 },
  loss: { use: 'logistic' },
  noise: { use: 'full-batch' },
  optimiser: { use: 'nesterov', learningRate: 0.02, momentum: 0.98 },
  observers: {
    end: { use: 'perceptron-errors', when: 'end' },
    load: { use: 'separation-load', when: 'end' },
  },
  sweep: {
    axes: {
      'model.samplesPerDimension': { geometric: [1, 16], count: 9 },
      'model.noiseVariance': { geometric: [0.25, 4], count: 7 },
    },
    seeds: 4,
  },
  classifier: { use: 'interpolating' },
  figures: [
    {
      kind: 'heat-map',
      name: 'mixture-separability',
      title: 'Fraction of training sets that are fitted without an error',
      value: { labels: ['interpolating'] },
      ...plane,
      contours: { value: 'load.load', levels: [1], label: 'α/α_{sep}' },
    },
  ],
});
