// Ten cells of the published phase diagram at the published length, ten seeds each: what can be compared number by
// number with arXiv:2509.01349. About a hundred core-minutes.
import { defineScenario } from 'eigenflow';
import { pathObservers, publishedNetwork } from './published.js';

/** Initial width and T of cells in all three regimes. */
const cells = [
  // Ordered.
  [1 / 8, 1 / 32],
  [1 / 8, 1 / 8],
  [1 / 2, 1 / 8],
  [1, 1 / 16],
  // Jammed.
  [32, 1 / 32],
  [128, 1 / 8],
  [256, 1 / 16],
  // Paramagnetic.
  [1 / 8, 2],
  [1 / 8, 8],
  [1, 16],
];

export default defineScenario({
  ...publishedNetwork,
  title: 'Cells of the published phase diagram at the published length',
  // The last state that the published code stores.
  epochs: 95_001,
  limits: { loss: 100 },
  observers: pathObservers([0, 1, 1001, 5001, 20_001, 50_001, 95_001]),
  sweep: {
    zip: [
      {
        'model.initialWidth': cells.map(([width]) => width),
        'optimiser.learningRate': cells.map(([, temperature]) => 4 * temperature),
      },
    ],
    seeds: 10,
  },
});
