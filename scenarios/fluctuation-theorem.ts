// Whether the entropy that SGD produces in its stationary state is that of the Fokker-Planck equation, and obeys the
// fluctuation theorems: seven weights near the minimum, batches drawn anew in every step.
import { defineScenario } from 'eigenflow';

export default defineScenario({
  title: 'Entropy production of SGD and its fluctuation theorem',
  description:
    'Learning rates are on the mean loss: 0.02 is eta = 1e-6 on the loss of the posterior in arXiv:2306.03521. ' +
    'All seeds have the same targets and start at the same minimum: they differ in their batches.',
  plugins: ['nonequilibrium', 'sgd'],
  seed: 1,
  steps: 1,
  model: { use: 'bump-regression', data: 'shared' },
  loss: { use: 'half-mean-square' },
  noise: { use: 'minibatch', batchSize: 10, order: 'fresh-subset' },
  optimiser: { use: 'sgd', learningRate: 0.02, weightDecay: 0.001 },
  observers: {
    state: {
      use: 'steady-state',
      looks: 600_000,
      transient: 100_000,
      window: 200,
      bins: 20,
      range: 3,
      when: { at: [0] },
    },
  },
  classifier: { use: 'equilibrium' },
  sweep: {
    axes: { 'optimiser.learningRate': { geometric: [0.01, 0.08], count: 4 } },
    seeds: 4,
    // Otherwise the same batches come at every learning rate.
    independent: true,
  },
  figures: [
    {
      kind: 'panels',
      name: 'fluctuation-theorem',
      title: 'Entropy production in the stationary state',
      panels: [
        {
          kind: 'line',
          title: 'Along the trajectory, per step',
          value: 'state.entropyAlong',
          theory: 'state.entropyProductionTheory',
          theoryLabel: 'linear map with its noise',
          statistic: 'mean',
          errors: 'bars',
          x: { axis: 'optimiser.learningRate', label: 'learning rate', scale: 'log' },
          yScale: 'log',
          valueLabel: 'entropy production (1/step)',
        },
        {
          kind: 'histogram',
          title: 'In 200 steps at learning rate 0.02',
          value: 'state.density',
          theory: 'state.mirrored',
          theoryLabel: 'exp(Σ) P(-Σ)',
          range: [-3, 3],
          xLabel: 'entropy produced in a window, Σ',
          valueLabel: 'P(Σ)',
          where: { 'optimiser.learningRate': 0.02 },
        },
      ],
    },
  ],
});
