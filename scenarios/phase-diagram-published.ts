// The published protocol of arXiv:2509.01349, exactly: 100 000 epochs and 100 seeds a cell, weights saved at the
// published epochs. Hundreds of core-hours; `eigenflow run` prints its estimate and starts with --yes only.
import { defineScenario } from 'eigenflow';
import { paperPlugins, phaseMaps, publishedAxes, publishedNetwork, publishedObservers } from './published.js';

/** Slot 1 is after epoch 1, slot k after epoch 5000 (k - 1) + 1, as the published code saves them. */
const savedEpochs = [0, 1, ...Array.from({ length: 19 }, (_, k) => 5000 * (k + 1) + 1)];

export default defineScenario({
  ...publishedNetwork,
  plugins: paperPlugins,
  title: 'Phase diagram of a tanh teacher-student network, published protocol',
  epochs: 100_000,
  // The published runs stop when a mini-batch loss exceeds 100.
  limits: { loss: 100 },
  observers: publishedObservers(savedEpochs),
  classifier: { use: 'outcome' },
  sweep: { axes: publishedAxes, seeds: 100 },
  figures: phaseMaps('published protocol: 100 000 epochs'),
});
