// The phase map that ships with eigenflow: the grid of arXiv:2509.01349 at a tenth of the published number of epochs.
// Weights are stored, so that every order parameter and every criterion can be computed from the results.
import { defineScenario } from 'eigenflow';
import { pathObservers, phaseMaps, publishedAxes, publishedNetwork } from './published.js';

export default defineScenario({
  ...publishedNetwork,
  title: 'Phase map of a tanh teacher-student network, 10 000 epochs',
  description: 'Five seeds a cell at a tenth of the published number of epochs; slow cells still move at the end.',
  // One set of test inputs for all runs, as arXiv:2509.01349 has it.
  model: { ...publishedNetwork.model, testInputs: 'common' },
  epochs: 10_000,
  observers: pathObservers([0, 1, 10, 100, 1000, 3000, 'end']),
  classifier: { use: 'outcome' },
  sweep: { axes: publishedAxes, seeds: 5 },
  figures: phaseMaps('10 000 epochs, 5 seeds a cell; the published maps have 100 000 epochs and 100 seeds'),
});
