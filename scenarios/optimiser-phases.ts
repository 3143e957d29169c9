// Where the paramagnet begins under other optimisers: the phase diagram of arXiv:2509.01349 at equal effective learning
// rate. `npm run validate -- optimiser-phases` adds NAG-GS and implicit steps, more seeds, and the boundaries in one figure.
import { defineScenario, type PlotDeclaration, type Scenario } from 'eigenflow';
import { publishedNetwork } from './published.js';

const MOMENTUM = 0.9;

const ends = { at: [0, 'end'] } as const;

/** The published network for 30 epochs, with all that `order-parameters` asks for. */
export const shortRun = {
  ...publishedNetwork,
  plugins: [...publishedNetwork.plugins, 'optimisers', 'stability'],
  epochs: 30,
  observers: {
    spectrum: { use: 'gram-spectrum', block: 'W', when: ends },
    span: { use: 'span-growth', block: 'W', when: ends },
    saturated: { use: 'saturated-fraction', when: ends },
    overlap: { use: 'overlap', when: ends },
    alignment: { use: 'field-alignment', when: { at: 'end' } },
  },
  classifier: { use: 'order-parameters' },
} satisfies Partial<Scenario>;

export const initialWidths = [0.125, 0.5, 2, 8, 32];

/** What a learning rate has to be divided by to be that of plain descent; Adam has no such number. */
const OPTIMISERS = { sgd: 1, momentum: 1 - MOMENTUM, adam: undefined };

const panelOf = ([name, divideBy]: [string, number | undefined]): PlotDeclaration => ({
  kind: 'phase-map',
  title: name,
  x: { axis: 'model.initialWidth', label: 'σ_W' },
  y: {
    axis: 'optimiser.learningRate',
    divideBy,
    label: divideBy === undefined ? 'learning rate' : 'effective learning rate',
  },
  where: { 'optimiser.use': name },
});

export default defineScenario({
  ...shortRun,
  title: 'Phase diagram under three optimisers',
  description: 'PREVIEW: 30 epochs and 3 seeds a cell. Effective is learning rate / (1 - momentum).',
  sweep: {
    axes: {
      'optimiser.use': Object.keys(OPTIMISERS),
      'model.initialWidth': initialWidths,
      'optimiser.learningRate': { geometric: [2 ** -11, 64], count: 18 },
    },
    seeds: 3,
  },
  figures: [
    {
      kind: 'panels',
      name: 'phases',
      title: 'Phases of the published network after 30 epochs, by optimiser',
      panels: Object.entries(OPTIMISERS).map(panelOf),
    },
  ],
});
