// What the parts of the second shipped map have in common: the network and the instances of scenarios/phase-map.ts,
// trained for 1000 epochs, so that twenty instances and four batch sizes can be afforded.
import type { Scenario } from 'eigenflow';
import { pathObservers, publishedNetwork } from './published.js';

export const shortTraining = {
  ...publishedNetwork,
  // One set of test inputs for all runs, as arXiv:2509.01349 has it.
  model: { ...publishedNetwork.model, testInputs: 'common' },
  epochs: 1000,
  observers: {
    ...pathObservers([0, 1, 10, 100, 'end']),
    saturated: { use: 'saturated-fraction', when: { at: [0, 'end'] } },
    span: { use: 'span-growth', block: 'W', when: { at: [0, 'end'] } },
  },
  classifier: { use: 'order-parameters' },
} satisfies Partial<Scenario>;

/** Initial widths with the learning rates of each, as two axes that vary together. */
export function settingsOf(rates: readonly (readonly [width: number, rates: readonly number[]])[]) {
  const settings = rates.flatMap(([width, some]) => some.map((rate) => ({ width, rate })));
  return {
    'model.initialWidth': settings.map(({ width }) => width),
    'optimiser.learningRate': settings.map(({ rate }) => rate),
  };
}
