// Preview of the phase diagram of arXiv:2509.01349: the full 12 x 12 grid at a small part of the published budget.
import { defineScenario } from 'eigenflow';
import { paperObservers, paperPlugins, phaseMaps, publishedAxes, publishedNetwork } from './published.js';

export default defineScenario({
  ...publishedNetwork,
  plugins: paperPlugins,
  title: 'Phase diagram of a tanh teacher-student network (preview)',
  description:
    'PREVIEW: 30 epochs and 2 seeds a cell, where the published maps have 100 000 epochs and 100 seeds. ' +
    'The three regimes are there; boundaries and levels of the loss still move.',
  epochs: 30,
  observers: paperObservers(30),
  classifier: { use: 'outcome' },
  sweep: { axes: publishedAxes, seeds: 2 },
  figures: phaseMaps('PREVIEW: 30 epochs; the published maps have 100 000'),
});
