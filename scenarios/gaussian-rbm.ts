// A Gaussian restricted Boltzmann machine learns a scalar field on a ring of 10 sites (arXiv:2407.16427): six levels, four
// of them degenerate pairs that split by repulsion, mean spacing 2.507 sqrt(T (mu^2 - kappa)) at small T = learning
// rate/chains.
import { defineScenario } from 'eigenflow';

/** Learning rate and number of chains: scans of each around the first. */
const settings = [
  [0.1, 16],
  ...[4, 8, 32, 64].map((chains) => [0.1, chains]),
  ...[0.01, 0.02, 0.04, 0.06, 0.08].map((learningRate) => [learningRate, 16]),
];

export default defineScenario({
  title: 'Levels of a Gaussian restricted Boltzmann machine',
  description:
    'The published scans of learning rate and number of chains, 100 000 updates each, with 3 seeds where the paper has ' +
    '500. levels holds the singular values s of W; the levels of the precision matrix are mu^2 - s^2.',
  plugins: ['solvable', 'sgd', 'spectral-statistics'],
  seed: 20240716,
  steps: 100_000,
  model: { use: 'gaussian-rbm' },
  loss: { use: 'mean-output' },
  noise: { use: 'persistent-chains' },
  optimiser: { use: 'sgd', learningRate: 0.1 },
  observers: {
    levels: { use: 'singular-values', block: 'W', when: { points: 101 } },
    // The four pairs, from the largest level of W^T W down, in windows of 40 frames.
    spacing: { use: 'level-spacing', block: 'W', pairs: [1, 3, 5, 7], frames: 40, when: { every: 500 } },
    density: { use: 'spectral-density', block: 'W', low: 0, high: 6, bins: 120, frames: 40, when: { every: 500 } },
  },
  sweep: {
    zip: [
      {
        'optimiser.learningRate': settings.map(([learningRate]) => learningRate),
        'noise.chains': settings.map(([, chains]) => chains),
      },
    ],
    seeds: 3,
  },
  figures: [
    {
      kind: 'flow',
      name: 'levels',
      title: 'Ten singular values find the levels of the field',
      value: 'levels.values',
      x: 'step',
      panels: 'optimiser.learningRate',
      where: { 'noise.chains': 16 },
      valueLabel: 'singular value',
    },
  ],
});
