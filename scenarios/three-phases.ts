// Spectral flow in one cell of each regime of arXiv:2509.01349 (its figure 6): ordered, jammed and paramagnetic.
import { defineScenario } from 'eigenflow';
import { publishedNetwork } from './published.js';

export default defineScenario({
  ...publishedNetwork,
  title: 'Spectral flow in the three regimes',
  epochs: 1000,
  observers: {
    spectrum: { use: 'gram-spectrum', block: 'W', when: { perDecade: 12 } },
    loss: { use: 'full-loss', when: { perDecade: 4 } },
    overlap: { use: 'overlap', when: { perDecade: 4 } },
  },
  classifier: { use: 'outcome' },
  sweep: {
    // Ordered: T = 1/32 at 1/sigma_W = 8. Jammed: T = 1/32 at 1/sigma_W = 1/256. Paramagnetic: T = 4 at 1/sigma_W = 8.
    zip: [{ 'model.initialWidth': [0.125, 256, 0.125], 'optimiser.learningRate': [0.125, 0.125, 16] }],
    seeds: 3,
  },
  figures: [
    { kind: 'flow', name: 'spectral-flow', value: 'spectrum.levels', x: 'epoch', panels: 'cell', yScale: 'log' },
  ],
});
