// Twenty instances of settings at which the phase after 1000 epochs is open at batch size 4: at other widths than
// scenarios/short-map-edge.ts, and below its rates. The first instances are those of the other maps.
import { defineScenario } from 'eigenflow';
import { settingsOf, shortTraining } from './short-training.js';

export default defineScenario({
  ...shortTraining,
  title: 'Edges of the phase map after 1000 epochs at other widths, 20 instances',
  sweep: {
    zip: [
      settingsOf([
        [1, [1.4]],
        [4, [2.828, 4]],
      ]),
    ],
    seeds: 20,
  },
});
