// Phases of a network that learns to read digits: initial width against the temperature T = learning rate / batch size.
import { defineScenario } from 'eigenflow';
import { digits, digitsObservers } from './digits.js';

const axes = {
  x: { axis: 'model.initialWidth', inverse: true, label: '1/σ_W' },
  y: { axis: 'optimiser.learningRate', divideBy: 'noise.batchSize', label: 'T' },
};

export default defineScenario({
  ...digits,
  title: 'Phases of a network that reads digits',
  description:
    'PREVIEW: 512 images for training, 20 epochs, 6 seeds. A run has learned when 80 % of the test images that were named ' +
    'wrongly at the start are named rightly at the end.',
  observers: {
    ...digitsObservers,
    levels: { use: 'gram-spectrum', block: 'W1', when: { at: [0, 'end'] } },
  },
  sweep: {
    axes: {
      'model.initialWidth': { geometric: [1 / 32, 64], count: 12 },
      'optimiser.learningRate': { geometric: [1 / 256, 32], count: 14 },
    },
    seeds: 6,
  },
  figures: [
    { kind: 'phase-map', name: 'phases', ...axes },
    {
      kind: 'heat-map',
      name: 'accuracy',
      title: 'Test accuracy on digits',
      value: 'accuracy.test',
      limits: [0, 1],
      contours: { value: { labels: ['learned'] }, levels: [0.5], label: 'learned: ' },
      ...axes,
    },
    {
      kind: 'heat-map',
      name: 'largest-level',
      title: 'Largest level of W1 W1ᵀ on digits',
      value: 'levels.levels',
      element: [0],
      color: 'log',
      contours: { value: { labels: ['learned'] }, levels: [0.5], label: 'learned: ' },
      ...axes,
    },
  ],
});
