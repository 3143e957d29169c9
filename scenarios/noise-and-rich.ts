// Whether noise makes a network richer than gradient flow: label noise of several strengths on a diagonal linear network that
// gradient flow leaves between the regimes, for two batch sizes.
import { defineScenario, type PlotDeclaration } from 'eigenflow';

const panelOf = (title: string, value: string, others: Partial<PlotDeclaration>): PlotDeclaration =>
  ({
    kind: 'line',
    title,
    value: `bias.${value}`,
    statistic: 'mean',
    errors: 'bars',
    x: { axis: 'noise.deviation', label: 'deviation of the label noise', scale: 'linear' },
    series: { axis: 'noise.batchSize', label: 'batch size' },
    yScale: 'log',
    ...others,
  }) as PlotDeclaration;

export default defineScenario({
  title: 'Label noise lessens the effective initial scale',
  description: 'Targets without noise of their own; labels are drawn anew at every step, with noise.',
  plugins: ['diagonal-network', 'sgd', 'optimisers'],
  seed: 1,
  steps: 100_000,
  model: { use: 'diagonal-linear-network', inputs: 100, samples: 40, labelNoise: 0, initialScale: 0.2 },
  loss: { use: 'half-mean-square' },
  noise: { use: 'label-noise', order: 'iid' },
  optimiser: { use: 'sgd', learningRate: 0.005 },
  observers: { bias: { use: 'implicit-bias', when: { at: [0, 'end'] } } },
  sweep: {
    axes: { 'noise.batchSize': [1, 4], 'noise.deviation': [0, 0.25, 0.5, 0.75, 1] },
    seeds: 6,
  },
  figures: [
    {
      kind: 'panels',
      name: 'noise-and-rich',
      title: 'Where descent with label noise is at time 500',
      panels: [
        panelOf('what gradient flow would keep', 'scale', {}),
        panelOf('error on fresh inputs', 'populationError', {
          theory: 'bias.limitPopulationError',
          theoryLabel: 'end of gradient flow, without noise',
        } as Partial<PlotDeclaration>),
      ],
    },
  ],
});
