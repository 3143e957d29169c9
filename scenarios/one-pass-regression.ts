// The largest stable learning rate of one-pass SGD, against the batch size: the mean squared error changes by an exact
// factor in every step, which is 1 at eta = 2/(1 + (N + 1)/B).
import { defineScenario } from 'eigenflow';

const INPUTS = 50;
const BATCHES = [1, 5, 25, 100];
const criticalRate = (batch: number) => 2 / (1 + (INPUTS + 1) / batch);

export default defineScenario({
  title: 'One-pass SGD on linear regression',
  plugins: ['disordered-dynamics', 'sgd'],
  seed: 1,
  steps: 100,
  model: { use: 'random-design-regression', inputs: INPUTS, samples: 'endless', labelNoise: 0 },
  loss: { use: 'half-mean-square' },
  noise: { use: 'minibatch', order: 'cyclic' },
  optimiser: { use: 'sgd' },
  observers: { error: { use: 'one-pass-error', when: { at: [0, 'end'] } } },
  classifier: { use: 'one-pass-stability' },
  sweep: {
    axes: {
      'noise.batchSize': BATCHES,
      'optimiser.learningRate': { geometric: [0.01, 2], count: 20 },
    },
    seeds: 8,
  },
  figures: [
    {
      kind: 'panels',
      name: 'one-pass-regression',
      title: 'One-pass SGD, 50 inputs',
      panels: [
        {
          kind: 'line',
          title: 'fraction of runs whose error has grown',
          value: { labels: ['unstable'] },
          x: { axis: 'optimiser.learningRate', scale: 'log' },
          series: { axis: 'noise.batchSize', label: 'B' },
          guides: BATCHES.map((batch) => ({
            x: criticalRate(batch),
            label: `2/(1 + 51/${batch}) = ${criticalRate(batch).toPrecision(3)}`,
          })),
        },
      ],
    },
  ],
});
