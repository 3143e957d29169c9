// Settings near the edges of the map of 10 000 epochs, to test the probabilities that `eigenflow advise` states where they
// matter: eight settings that are not on its grid, each on twelve networks with data and initial weights that no other run
// has. They were chosen before the edges of the map had twenty instances.
import { defineScenario } from 'eigenflow';
import { longTraining } from './long-training.js';
import { settingsOf } from './short-training.js';

export default defineScenario({
  ...longTraining,
  title: 'Settings near the edges of the map of 10 000 epochs, on networks that it has not seen',
  // Not the seed of the map: other teachers, other data, other initial weights.
  seed: 20251129,
  sweep: {
    zip: [
      settingsOf([
        [0.25, [1.6]],
        [0.5, [1.3]],
        [1, [1.75, 2.2]],
        [3, [2.5]],
        [6, [1.2]],
        [10, [0.2]],
        [12, [0.6]],
      ]),
    ],
    seeds: 12,
    independent: true,
  },
});
