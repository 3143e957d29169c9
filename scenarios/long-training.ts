// What the parts of the shipped map that add instances at 10 000 epochs have in common: the network and the instances of
// scenarios/phase-map.ts, with what its labels rest on at the start and at the end.
import type { Scenario } from 'eigenflow';
import { pathObservers, publishedNetwork } from './published.js';

export const longTraining = {
  ...publishedNetwork,
  // One set of test inputs for all runs, as arXiv:2509.01349 has it.
  model: { ...publishedNetwork.model, testInputs: 'common' },
  epochs: 10_000,
  observers: {
    ...pathObservers([0, 'end']),
    saturated: { use: 'saturated-fraction', when: { at: [0, 'end'] } },
    span: { use: 'span-growth', block: 'W', when: { at: [0, 'end'] } },
  },
  classifier: { use: 'order-parameters' },
} satisfies Partial<Scenario>;
