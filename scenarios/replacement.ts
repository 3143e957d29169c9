// What an epoch leaves of the noise when batches are drawn with and without replacement, and whether the stationary
// state is then an equilibrium.
import { defineScenario } from 'eigenflow';

const learningRate = { axis: 'optimiser.learningRate', label: 'learning rate', scale: 'log' } as const;
const series = { axis: 'noise.order', label: 'order' };

export default defineScenario({
  title: 'Batches with and without replacement',
  description:
    'Seven weights near the minimum. Learning rates are on the mean loss: 0.002 is eta = 1e-7 on the loss of the ' +
    'posterior in arXiv:2306.03521. Currents are looked at once per epoch, for both orders.',
  plugins: ['nonequilibrium', 'sgd'],
  seed: 1,
  steps: 1,
  model: { use: 'bump-regression', data: 'shared' },
  loss: { use: 'half-mean-square' },
  noise: { use: 'minibatch', batchSize: 10, order: 'fresh-subset' },
  optimiser: { use: 'sgd', learningRate: 0.02, weightDecay: 0.001 },
  observers: {
    epoch: { use: 'epoch-displacement', repeats: 2000, when: { at: [0] } },
    state: {
      use: 'steady-state',
      every: 'epoch',
      looks: 40_000,
      transient: 8000,
      window: 50,
      when: { at: [0] },
    },
  },
  classifier: { use: 'equilibrium' },
  sweep: {
    axes: {
      'noise.order': ['fresh-subset', 'reshuffled'],
      'optimiser.learningRate': { geometric: [0.01, 0.08], count: 4 },
    },
    seeds: 3,
    independent: true,
  },
  figures: [
    {
      kind: 'panels',
      name: 'replacement',
      title: 'Batches with replacement (fresh-subset) and without (reshuffled)',
      panels: [
        {
          kind: 'line',
          title: 'Noise of one epoch',
          value: 'epoch.trace',
          theory: 'epoch.traceTheory',
          statistic: 'mean',
          errors: 'bars',
          x: learningRate,
          series,
          yScale: 'log',
          valueLabel: 'covariance of the displacement, trace',
        },
        {
          kind: 'line',
          title: 'Entropy produced in one relaxation',
          value: 'state.irreversibility',
          theory: 'state.irreversibilityTheory',
          statistic: 'mean',
          errors: 'bars',
          x: learningRate,
          series,
          valueLabel: 'irreversibility',
        },
      ],
    },
  ],
});
