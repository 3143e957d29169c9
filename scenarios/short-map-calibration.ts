// Settings near the edges of the short map, to test the probabilities that `eigenflow advise` states where they matter:
// eight settings, each on twelve networks with data and initial weights that no other run has.
import { defineScenario } from 'eigenflow';
import { shortTraining } from './short-training.js';

const settings: readonly (readonly [batchSize: number, width: number, rate: number])[] = [
  [4, 1, 1.3],
  [4, 1, 1.75],
  [4, 1, 3],
  [4, 0.3, 1.4],
  [4, 4, 3],
  [4, 10, 1],
  [16, 1.5, 2.5],
  [64, 1.5, 5],
];

export default defineScenario({
  ...shortTraining,
  title: 'Settings near the edges of the short map, on networks that it has not seen',
  // Not the seed of the map: other teachers, other data, other initial weights.
  seed: 20251128,
  sweep: {
    zip: [
      {
        'noise.batchSize': settings.map(([batchSize]) => batchSize),
        'model.initialWidth': settings.map(([, width]) => width),
        'optimiser.learningRate': settings.map(([, , rate]) => rate),
      },
    ],
    seeds: 12,
    independent: true,
  },
});
