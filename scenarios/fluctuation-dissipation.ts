// Whether noise and descent balance, against the learning rate: the relation for small steps leaves it, the ones for
// finite steps and by steps alone do not. Linear regression with minibatches.
import { defineScenario, type PlotDeclaration } from 'eigenflow';

const panelOf = (value: string, title: string): PlotDeclaration => ({
  kind: 'line',
  title,
  value: `balance.${value}`,
  statistic: 'mean',
  x: { axis: 'optimiser.learningRate', label: 'learning rate', scale: 'log' },
  series: { axis: 'noise.batchSize', label: 'batch size' },
  valueLabel: 'ratio',
  limits: [0.9, 1.6],
  yScale: 'linear',
  guides: [{ y: 1, label: 'balance' }],
});

export default defineScenario({
  title: 'Fluctuation and dissipation against the learning rate',
  description:
    'Linear least squares with 8 inputs of power-law moments, 10 outputs, label noise and a misfit; batches with ' +
    'replacement (arXiv:2106.02220, arXiv:1810.00004).',
  plugins: ['sgd', 'limiting-dynamics'],
  seed: 1,
  time: 1000,
  model: {
    use: 'linear-regression',
    modes: 8,
    decay: 1,
    outputs: 10,
    samples: 500,
    misfit: 0.3,
    data: 'shared',
  },
  loss: { use: 'half-mean-square' },
  noise: { use: 'minibatch', batchSize: 5, order: 'iid' },
  optimiser: { use: 'sgd', learningRate: 0.1 },
  observers: { balance: { use: 'fluctuation-dissipation', window: 100000, when: 'end' } },
  sweep: {
    axes: { 'noise.batchSize': [5, 25], 'optimiser.learningRate': { geometric: [0.0125, 0.4], count: 6 } },
    seeds: 6,
  },
  classifier: { use: 'stationarity' },
  figures: [
    {
      kind: 'panels',
      name: 'fluctuation-dissipation',
      title: 'Dissipation over fluctuation in the stationary state',
      columns: 3,
      panels: [
        panelOf('leading', 'leading order'),
        panelOf('discrete', 'finite steps'),
        panelOf('exact', 'and noise that changes'),
      ],
      note: 'Mean over seeds with its standard error.',
    },
  ],
});
