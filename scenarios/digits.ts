// What the scenarios on the digits have in common: a network small enough for a map of some minutes.
import type { Scenario } from 'eigenflow';

export const digits = {
  plugins: ['network', 'sgd', 'training', 'spectrum', 'phases'],
  seed: 1,
  epochs: 20,
  // Every seed has training and test images of its own, so that the scatter over seeds holds that of the choice.
  model: { use: 'network', data: 'digits', samples: 512, hidden: [32, 32], activation: 'tanh' },
  loss: { use: 'cross-entropy' },
  noise: { use: 'minibatch', batchSize: 4, order: 'reshuffled' },
  optimiser: { use: 'sgd', learningRate: 0.1 },
  classifier: { use: 'learned', by: 'test' },
} satisfies Partial<Scenario>;

/** What `learned` needs, at the start and at the end. */
export const digitsObservers = {
  loss: { use: 'full-loss', when: { at: [0, 'end'] } },
  rest: { use: 'loss-fluctuation', when: { at: 'end' } },
  accuracy: { use: 'accuracy', when: { at: [0, 'end'] } },
} satisfies Scenario['observers'];
