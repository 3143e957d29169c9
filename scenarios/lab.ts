// The map that the page of `eigenflow lab` opens with: the grid of arXiv:2509.01349 after 1000 epochs, small enough that any
// run of it is computed again in a second.
import { defineScenario } from 'eigenflow';
import { phaseMaps, publishedAxes, publishedMapAxes, publishedNetwork } from './published.js';

const when = { atEpochs: [0, 1, 3, 10, 30, 100, 300, 'end'] } as const;

export default defineScenario({
  ...publishedNetwork,
  title: 'Phases of a tanh teacher-student network after 1000 epochs',
  description: '1000 epochs and 5 seeds a cell, where the published maps have 100 000 epochs and 100 seeds.',
  epochs: 1000,
  observers: {
    loss: { use: 'full-loss', when },
    spectrum: { use: 'gram-spectrum', block: 'W', when },
    overlap: { use: 'overlap', when },
    alignment: { use: 'field-alignment', when },
    saturated: { use: 'saturated-fraction', when: 'end' },
    span: { use: 'span-growth', block: 'W', when: 'end' },
  },
  classifier: { use: 'order-parameters' },
  sweep: { axes: publishedAxes, seeds: 5 },
  figures: [
    { kind: 'phase-map', name: 'phases', title: 'Phases by order parameters', ...publishedMapAxes },
    ...phaseMaps('1000 epochs; the published maps have 100 000'),
  ],
});
