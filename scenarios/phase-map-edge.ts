// Twenty instances of the settings of scenarios/phase-map.ts that its five instances leave open: where the map of five put
// the probability of the ordered phase between 0.05 and 0.95. The first five instances are the same.
import { defineScenario } from 'eigenflow';
import { longTraining } from './long-training.js';
import { settingsOf } from './short-training.js';

export default defineScenario({
  ...longTraining,
  title: 'Edges of the phase map after 10 000 epochs, 20 instances',
  sweep: {
    zip: [
      settingsOf([
        [1, [2, 4]],
        [0.125, [2]],
        [0.25, [2]],
        [0.5, [2]],
        [2, [2, 4]],
        [4, [2, 4]],
        [8, [0.125, 0.25, 0.5, 1, 2, 4]],
        [16, [0.125, 0.25, 0.5, 1, 2, 4]],
        [32, [0.5, 1, 2, 4]],
        // Open still after these.
        [0.125, [1]],
        [0.25, [1]],
        [0.5, [1]],
        [1, [1]],
        [16, [8]],
        [32, [0.125, 0.25, 8]],
        [64, [2, 4]],
      ]),
    ],
    seeds: 20,
  },
});
