// How far Langevin dynamics with minibatches is from the posterior when the batches come with replacement (SGLD) and
// without (SGWORLD), on a posterior that is known exactly.
import { defineScenario } from 'eigenflow';

const SAMPLES = 200;
const x = { axis: 'optimiser.learningRate', label: 'learning rate', scale: 'log' } as const;
const series = { axis: 'noise.order', label: 'order' };

export default defineScenario({
  title: 'Posterior sampling with and without replacement',
  description:
    'The mean of standardised data, 16 dimensions as copies of one problem. Learning rates are on the mean loss: ' +
    '0.02 is eta = 1e-4 on the summed loss. fresh-subset is SGLD, reshuffled SGWORLD (arXiv:2306.03521).',
  plugins: ['nonequilibrium', 'sgd', 'optimisers'],
  seed: 1,
  steps: 1,
  model: { use: 'mean-estimation', dimensions: 16, samples: SAMPLES },
  loss: { use: 'half-mean-square' },
  noise: { use: 'sgld', temperature: 1 / SAMPLES, batchSize: 10, order: 'fresh-subset' },
  optimiser: { use: 'sgd', learningRate: 0.02 },
  observers: {
    posterior: {
      use: 'posterior-divergence',
      temperature: 1 / SAMPLES,
      every: 'epoch',
      looks: 15_000,
      transient: 100,
      when: { at: [0] },
    },
  },
  sweep: {
    axes: {
      'noise.order': ['fresh-subset', 'reshuffled'],
      'optimiser.learningRate': { geometric: [0.01, 0.32], count: 6 },
    },
    seeds: 3,
  },
  figures: [
    {
      kind: 'panels',
      name: 'posterior-sampling',
      title: 'Langevin dynamics with minibatches: SGLD (fresh-subset) and SGWORLD (reshuffled)',
      panels: [
        {
          kind: 'line',
          title: 'Variance over that of the posterior',
          value: 'posterior.varianceRatio',
          theory: 'posterior.varianceRatioTheory',
          statistic: 'mean',
          errors: 'bars',
          x,
          series,
          yScale: 'log',
        },
        {
          kind: 'line',
          title: 'Divergence from the posterior',
          value: 'posterior.varianceDivergence',
          theory: 'posterior.varianceDivergenceTheory',
          statistic: 'mean',
          errors: 'bars',
          x,
          series,
          yScale: 'log',
          valueLabel: 'Kullback-Leibler divergence per weight',
        },
      ],
    },
  ],
});
