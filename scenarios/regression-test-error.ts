// When should training stop? Test error of linear regression on random inputs along gradient flow, with the law of many
// inputs, over the number of samples and the noise of the targets: where it only falls, and where it turns up again.
import { defineScenario, type PlotDeclaration } from 'eigenflow';

const INPUTS = 400;
const RATIOS = [0.5, 0.75, 1, 1.25, 1.5, 2, 3, 4];
const NOISES = [0, 0.125, 0.25, 0.5, 1];

const panelOf = (ratio: number): PlotDeclaration => ({
  kind: 'flow',
  title: `P/N = ${ratio}, noise 1/2`,
  value: 'error.test',
  theory: 'error.testTheory',
  theoryLabel: 'theory, N to infinity',
  x: 'time',
  xScale: 'log',
  valueLabel: 'test error',
  where: { 'model.samples': ratio * INPUTS, 'model.labelNoise': 0.5 },
});

export default defineScenario({
  title: 'Test error along gradient flow',
  plugins: ['disordered-dynamics', 'sgd', 'optimisers'],
  seed: 1,
  steps: 1000,
  model: { use: 'random-design-regression', inputs: INPUTS },
  loss: { use: 'half-mean-square' },
  noise: { use: 'full-batch' },
  // The largest curvature is about 6, at P/N = 1/2.
  optimiser: { use: 'gradient-flow', learningRate: 0.1, stepCheck: false },
  observers: { error: { use: 'regression-error', when: { perDecade: 12 } } },
  classifier: { use: 'test-error-shape' },
  sweep: {
    axes: {
      'model.samples': RATIOS.map((ratio) => ratio * INPUTS),
      'model.labelNoise': NOISES,
    },
    seeds: 2,
  },
  figures: [
    {
      kind: 'panels',
      name: 'regression-test-error',
      title: 'Test error along gradient flow: one run each, beside the law of many inputs',
      panels: [0.5, 1.5].map(panelOf),
    },
    {
      kind: 'phase-map',
      name: 'test-error-shape',
      title: 'Shape of the test error up to time 100',
      x: { axis: 'model.samples', divideBy: INPUTS, label: 'samples / inputs' },
      y: { axis: 'model.labelNoise', label: 'label noise', scale: 'linear' },
      guides: [{ x: 1, label: 'interpolation threshold' }],
    },
  ],
});
