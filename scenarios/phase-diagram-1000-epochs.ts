// Phase diagram at 1000 epochs: about one hundredth of the published budget, minutes to an hour of computing.
import { defineScenario } from 'eigenflow';
import { endObservers, phaseMaps, publishedAxes, publishedNetwork } from './published.js';

export default defineScenario({
  ...publishedNetwork,
  title: 'Phase diagram of a tanh teacher-student network after 1000 epochs',
  epochs: 1000,
  observers: endObservers,
  classifier: { use: 'outcome' },
  sweep: { axes: publishedAxes, seeds: 12 },
  figures: phaseMaps('1000 epochs; the published maps have 100 000'),
});
