// Twenty instances of the settings at which the phase after 1000 epochs is open at initial width 1 and batch size 4, half
// an octave of the learning rate apart. The first instances are those of the other maps.
import { defineScenario } from 'eigenflow';
import { settingsOf, shortTraining } from './short-training.js';

export default defineScenario({
  ...shortTraining,
  title: 'Edges of the phase map after 1000 epochs, 20 instances',
  sweep: {
    zip: [settingsOf([[1, [2, 2.828, 4, 5.657]]])],
    seeds: 20,
  },
});
