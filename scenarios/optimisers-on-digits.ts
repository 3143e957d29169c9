// Where a network learns to read digits under four optimisers: learning rate against initial width.
import { defineScenario, type PlotDeclaration } from 'eigenflow';
import { digits, digitsObservers } from './digits.js';

const OPTIMISERS = { sgd: 'SGD', momentum: 'momentum 0.9', adam: 'Adam', muon: 'Muon' };

const panelOf = ([name, title]: [string, string]): PlotDeclaration => ({
  kind: 'phase-map',
  title,
  x: { axis: 'model.initialWidth', label: 'σ_W' },
  y: { axis: 'optimiser.learningRate', label: 'learning rate' },
  where: { 'optimiser.use': name },
});

export default defineScenario({
  ...digits,
  plugins: [...digits.plugins, 'optimisers'],
  title: 'Digits under four optimisers',
  description: 'The same images, first weights and batches under every optimiser; 512 images, 20 epochs.',
  // Without biases all that is trained are matrices: nothing of a network under Muon is left to another optimiser.
  model: { ...digits.model, bias: false },
  observers: digitsObservers,
  sweep: {
    axes: {
      'optimiser.use': Object.keys(OPTIMISERS),
      'model.initialWidth': { geometric: [1 / 32, 32], count: 11 },
      'optimiser.learningRate': { geometric: [2 ** -14, 4], count: 9 },
    },
    seeds: 3,
  },
  figures: [
    {
      kind: 'panels',
      name: 'boundaries',
      title: 'Where a network learns to read digits, by optimiser',
      panels: Object.entries(OPTIMISERS).map(panelOf),
    },
    {
      kind: 'line',
      name: 'rates',
      title: 'Test accuracy on digits at σ_W = 1',
      value: 'accuracy.test',
      x: { axis: 'optimiser.learningRate', label: 'learning rate' },
      series: { axis: 'optimiser.use', label: 'optimiser' },
      limits: [0, 1],
      where: { 'model.initialWidth': 1 },
    },
  ],
});
