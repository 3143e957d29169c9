// The linear scaling rule: learning rate and batch size are rescaled together, at the same temperature T = learning rate /
// batch size and for the same learning time. While the step is small only T matters and the levels agree; once learning
// rate x sharpness reaches 2 (at batches of 32 here, or before) they leave.
import { defineScenario } from 'eigenflow';
import { publishedNetwork } from './published.js';

const temperature = 1 / 64;
const batchSizes = [1, 2, 4, 8, 16, 32, 64];

export default defineScenario({
  ...publishedNetwork,
  plugins: [...publishedNetwork.plugins, 'stability'],
  title: 'Linear scaling rule at T = 1/64',
  description:
    'Seed k has the same teacher, data and first weights in every cell. Fresh batches, because the theory assumes that ' +
    'steps are independent.',
  time: 64,
  model: { ...publishedNetwork.model, initialWidth: 0.5 },
  noise: { use: 'minibatch', batchSize: 1, order: 'iid' },
  optimiser: { use: 'sgd', learningRate: temperature },
  observers: {
    spectrum: { use: 'gram-spectrum', block: 'W', when: { points: 33 } },
    stability: { use: 'sharpness', when: 'end' },
    loss: { use: 'full-loss', when: 'end' },
  },
  sweep: {
    zip: [
      {
        'optimiser.learningRate': batchSizes.map((batchSize) => temperature * batchSize),
        'noise.batchSize': batchSizes,
      },
    ],
    seeds: 16,
  },
  figures: [
    {
      kind: 'panels',
      name: 'scaling',
      title: 'Batch size and learning rate rescaled together, T = 1/64',
      columns: 2,
      note: 'Median and 16 to 84 % of seeds at learning time 64.',
      panels: [
        {
          kind: 'line',
          title: 'largest level of W Wᵀ',
          value: 'spectrum.levels',
          element: [0],
          x: { axis: 'noise.batchSize', label: 'batch size', scale: 'log' },
          yScale: 'log',
        },
        {
          kind: 'line',
          title: 'step x sharpness',
          value: 'stability.stepTimesSharpness',
          x: { axis: 'noise.batchSize', label: 'batch size', scale: 'log' },
          yScale: 'log',
          guides: [{ y: 2, label: 'unstable' }],
        },
      ],
    },
    {
      kind: 'flow',
      name: 'levels',
      title: 'Levels at T = 1/64, from batches of 1 to batches of 64',
      value: 'spectrum.levels',
      x: 'time',
      panels: 'noise.batchSize',
      yScale: 'log',
      valueLabel: 'level of W Wᵀ',
    },
  ],
});
