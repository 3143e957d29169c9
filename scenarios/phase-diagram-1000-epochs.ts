// Phase diagram at 1000 epochs: about one hundredth of the published budget, minutes to an hour of computing.
import { defineScenario } from 'eigenflow';
import { paperObservers, paperPlugins, phaseMaps, publishedAxes, publishedNetwork } from './published.js';

export default defineScenario({
  ...publishedNetwork,
  plugins: paperPlugins,
  title: 'Phase diagram of a tanh teacher-student network after 1000 epochs',
  epochs: 1000,
  observers: paperObservers(1000),
  classifier: { use: 'outcome' },
  sweep: { axes: publishedAxes, seeds: 12 },
  figures: phaseMaps('1000 epochs; the published maps have 100 000'),
});
