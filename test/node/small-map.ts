// A small network on few samples with what the classifier `outcome` needs: a phase map of it takes a second.
import type { Scenario } from '../../core/scenario/scenario.js';

/** Without a sweep. */
export const smallMap = {
  title: 'Small map',
  plugins: ['teacher-student', 'sgd', 'training', 'spectrum', 'phases'],
  seed: 3,
  epochs: 20,
  model: { use: 'teacher-student', hidden: 8, features: 4, samples: 40 },
  loss: { use: 'half-mean-square' },
  noise: { use: 'minibatch', batchSize: 4, order: 'cyclic' },
  optimiser: { use: 'sgd', learningRate: 1 },
  observers: {
    loss: { use: 'full-loss', when: { at: [0, 'end'] } },
    spectrum: { use: 'gram-spectrum', block: 'W', when: { at: [0, 'end'] } },
    overlap: { use: 'overlap', when: { at: [0, 'end'] } },
  },
  classifier: { use: 'outcome' },
} satisfies Scenario;
