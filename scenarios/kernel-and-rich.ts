// Whether training finds the sparse truth: a diagonal linear network from a large initial scale, where it is a kernel
// method, to a small one, where it makes the sum of absolute weights least; for three depths, beside the exact end of
// gradient flow.
import { defineScenario, type PlotDeclaration } from 'eigenflow';

/** Where u^D and v^D start, with steps of a quarter of the longest that are stable at depth 4, and enough to fit the noise. */
const SCALES: readonly (readonly [scale: number, learningRate: number, steps: number])[] = [
  [1e-4, 0.03, 80_000],
  [3e-4, 0.03, 50_000],
  [1e-3, 0.03, 30_000],
  [3e-3, 0.03, 20_000],
  [0.01, 0.03, 12_000],
  [0.03, 0.03, 8000],
  [0.1, 0.02, 8000],
  [0.3, 0.005, 8000],
  [1, 1.2e-3, 8000],
  [3, 2.5e-4, 8000],
  [10, 4e-5, 8000],
];

const panelOf = (title: string, value: string, theory: string, yScale: 'log' | 'linear'): PlotDeclaration => ({
  kind: 'line',
  title,
  value: `bias.${value}`,
  theory: `bias.${theory}`,
  theoryLabel: 'end of gradient flow',
  statistic: 'mean',
  errors: 'bars',
  x: { axis: 'model.initialScale', label: 'initial scale α^D', scale: 'log' },
  series: { axis: 'model.depth', label: 'D' },
  yScale,
});

export default defineScenario({
  title: 'From the kernel regime to the rich one',
  description:
    'PREVIEW: 60 samples in 400 dimensions. The published experiment has 100 in 1000: `npm run validate -- kernel-and-rich`.',
  plugins: ['diagonal-network', 'sgd', 'optimisers'],
  seed: 1,
  model: { use: 'diagonal-linear-network', inputs: 400, samples: 60, scaleOf: 'powers' },
  loss: { use: 'half-mean-square' },
  noise: { use: 'full-batch' },
  optimiser: { use: 'gradient-flow', stepCheck: false },
  observers: { bias: { use: 'implicit-bias', when: { at: [0, 'end'] } } },
  classifier: { use: 'kernel-or-rich' },
  sweep: {
    axes: { 'model.depth': [2, 3, 4] },
    zip: [
      {
        'model.initialScale': SCALES.map(([scale]) => scale),
        'optimiser.learningRate': SCALES.map(([, rate]) => rate),
        steps: SCALES.map(([, , steps]) => steps),
      },
    ],
    seeds: 3,
  },
  figures: [
    {
      kind: 'panels',
      name: 'kernel-and-rich',
      title: 'Predictor at the end of training against the initial scale',
      panels: [
        panelOf('error on fresh inputs', 'populationError', 'limitPopulationError', 'log'),
        panelOf('l1 norm above the least that fits', 'excessL1', 'limitExcessL1', 'log'),
        panelOf('change of the tangent kernel', 'kernelDrift', 'limitKernelDrift', 'log'),
        panelOf('l2 norm above the least that fits', 'excessL2', 'limitExcessL2', 'linear'),
      ],
    },
    {
      kind: 'phase-map',
      name: 'regimes',
      x: { axis: 'model.initialScale', label: 'initial scale α^D', scale: 'log' },
      y: { axis: 'model.depth', label: 'depth D', scale: 'linear' },
    },
  ],
});
