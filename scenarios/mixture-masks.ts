// Whether dynamical mean-field theory describes masked gradient descent: errors of a perceptron on two Gaussian clusters
// against time, for several fractions of samples that take part in a step.
import { defineScenario, type PlotDeclaration } from 'eigenflow';

export const FRACTIONS = [1, 0.3, 0.1];

/** The first frame, at the weights of the start, would take most of the axis. */
const STEPS = Array.from({ length: 100 }, (_, i) => i + 1);

const flowOf = (channel: string, label: string, yScale: 'linear' | 'log'): PlotDeclaration => ({
  kind: 'flow',
  title: label,
  value: `run.${channel}`,
  theory: `theory.${channel}`,
  theoryLabel: 'dynamical mean-field theory',
  x: 'time',
  xScale: 'log',
  yScale,
  cellAxes: [{ axis: 'noise.fraction', label: 'b' }],
  valueLabel: label,
});

export default defineScenario({
  title: 'Masked gradient descent on two Gaussian clusters',
  description: 'One run of dimension 2000 for each fraction of samples, and the theory of infinite dimension.',
  plugins: ['gaussian-mixture', 'network', 'sgd', 'optimisers'],
  seed: 1,
  steps: STEPS.length,
  model: { use: 'gaussian-mixture', dimension: 2000, samplesPerDimension: 2, noiseVariance: 0.5 },
  loss: { use: 'logistic' },
  noise: { use: 'bernoulli', fraction: 1 },
  optimiser: { use: 'sgd', learningRate: 0.2 },
  observers: {
    run: { use: 'perceptron-errors', when: { at: STEPS } },
    theory: { use: 'dynamical-mean-field', when: { at: STEPS } },
  },
  sweep: { axes: { 'noise.fraction': FRACTIONS } },
  figures: [
    {
      kind: 'panels',
      name: 'mixture-masks',
      title: 'Gaussian clusters: one run of dimension 2000 and its mean-field theory',
      columns: 1,
      panels: [
        flowOf('generalisationError', 'generalisation error', 'linear'),
        flowOf('trainingError', 'training error', 'log'),
      ],
    },
  ],
});
