// The balance of fluctuation and dissipation on real data: a linear classifier of the digits under least squares and
// weight decay. How hot each mode is, with the law for constant noise.
import { defineScenario } from 'eigenflow';

export default defineScenario({
  title: 'Fluctuation and dissipation on the digits',
  description: 'Images of 8 x 8 with standardised pixels; a mode is an eigenvector of their second moments.',
  plugins: ['network', 'sgd', 'training', 'limiting-dynamics'],
  seed: 1,
  steps: 30000,
  model: { use: 'network', data: 'digits', classes: 10, hidden: [], bias: false, standardise: 'inputs' },
  loss: { use: 'half-mean-square' },
  noise: { use: 'minibatch', batchSize: 32, order: 'iid' },
  optimiser: { use: 'sgd', learningRate: 0.02, weightDecay: 0.1 },
  observers: {
    balance: {
      use: 'fluctuation-dissipation',
      window: 4000,
      when: { at: [250, 500, 1000, 2000, 4000, 8000, 16000, 'end'] },
    },
    loss: { use: 'full-loss', when: { at: [0, 'end'] } },
  },
  sweep: { axes: { 'optimiser.learningRate': [0.0025, 0.005, 0.01, 0.02] }, seeds: 4 },
  classifier: { use: 'stationarity' },
  figures: [
    {
      kind: 'panels',
      name: 'digits-fluctuation-dissipation',
      title: 'Dissipation over fluctuation on the digits, after 30 000 steps',
      columns: 3,
      panels: [
        ['leading', 'leading order'],
        ['exact', 'exact'],
        ['yaida', 'Yaida ratio'],
      ].map(([value, title]) => ({
        kind: 'line' as const,
        title,
        value: `balance.${value}`,
        statistic: 'mean' as const,
        x: { axis: 'optimiser.learningRate', label: 'learning rate', scale: 'log' as const },
        valueLabel: 'ratio',
        limits: [0.9, 1.2] as const,
        yScale: 'linear' as const,
        guides: [{ y: 1, label: 'balance' }],
      })),
      note: 'Mean over seeds with its standard error.',
    },
    {
      kind: 'histogram',
      name: 'digits-temperatures',
      title: 'Temperature of each mode of the digits, learning rate 0.01',
      value: 'balance.temperature',
      theory: 'balance.temperatureExact',
      theoryLabel: 'law for constant noise',
      range: [0.5, 64.5],
      xLabel: 'mode, by curvature',
      cells: [{ at: { 'optimiser.learningRate': 0.01 } }],
    },
  ],
});
