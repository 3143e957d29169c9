// Whether it matters how long a sample stays in: masks that are drawn anew in every step against masks that persist, on two
// Gaussian clusters.
import { defineScenario, type PlotDeclaration } from 'eigenflow';

const RATE = 0.2;
const FRACTION = 0.3;

/** Masks forget in the learning time b tau; at the first one they are drawn anew in every step. */
export const PERSISTENCE_TIMES = [RATE / FRACTION, 10, 50];

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
  cellAxes: [{ axis: 'noise.persistenceTime', label: 'τ' }],
  valueLabel: label,
});

export default defineScenario({
  title: 'Fresh and persistent masks on two Gaussian clusters',
  description: 'One run of dimension 2000 for each persistence time, and the theory of infinite dimension.',
  plugins: ['gaussian-mixture', 'network', 'sgd'],
  seed: 1,
  steps: STEPS.length,
  model: { use: 'gaussian-mixture', dimension: 2000, samplesPerDimension: 2, noiseVariance: 0.5 },
  loss: { use: 'logistic' },
  noise: { use: 'persistent-masks', fraction: FRACTION, persistenceTime: 10 },
  optimiser: { use: 'sgd', learningRate: RATE },
  observers: {
    run: { use: 'perceptron-errors', when: { at: STEPS } },
    theory: { use: 'dynamical-mean-field', when: { at: STEPS } },
  },
  sweep: { axes: { 'noise.persistenceTime': PERSISTENCE_TIMES } },
  figures: [
    {
      kind: 'panels',
      name: 'mixture-persistence',
      title: 'Masks that persist: one run of dimension 2000 and its mean-field theory',
      columns: 1,
      panels: [
        flowOf('generalisationError', 'generalisation error', 'linear'),
        flowOf('norm', 'squared norm q', 'log'),
      ],
    },
  ],
});
