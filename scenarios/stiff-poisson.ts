// A stiff problem: -u'' = f for u = sin(2 pi x) + 0.1 sin(50 pi x), by least squares at collocation points with 50 sines,
// whose curvatures span a factor of 50^4. Explicit descent at nearly its largest stable rate against implicit descent at
// a rate 150 000 times as large.
import { defineScenario, type PlotDeclaration } from 'eigenflow';

const MODES = 50;
/** Largest stable rate of explicit descent. */
const threshold = 4 / ((MODES * Math.PI) ** 2 * (MODES * Math.PI) ** 2);

const panelOf = (use: string, title: string): PlotDeclaration => ({
  kind: 'flow',
  title,
  value: 'modes.deviation',
  x: 'step',
  yScale: 'log',
  valueLabel: 'error: 1 of sin(2πx), 2 of sin(50πx)',
  where: { 'optimiser.use': use },
});

export default defineScenario({
  title: 'Explicit and implicit descent on a stiff problem',
  plugins: ['linear-stability', 'sgd', 'optimisers'],
  seed: 1,
  steps: 30,
  model: {
    use: 'poisson-collocation',
    modes: MODES,
    points: 128,
    targetModes: [2, MODES],
    targetAmplitudes: [1, 0.1],
  },
  loss: { use: 'half-mean-square' },
  noise: { use: 'full-batch' },
  optimiser: { use: 'implicit', learningRate: 0.001 },
  observers: {
    modes: { use: 'mode-dynamics', modes: [2, MODES], when: { every: 1 } },
    work: { use: 'step-evaluations', when: { every: 10 } },
  },
  classifier: { use: 'damping' },
  sweep: {
    zip: [{ 'optimiser.use': ['sgd', 'implicit'], 'optimiser.learningRate': [0.9 * threshold, 0.001] }],
    seeds: 1,
  },
  figures: [
    {
      kind: 'panels',
      name: 'stiff-poisson',
      title: 'Errors of two of 50 coefficients: explicit and implicit descent',
      panels: [panelOf('sgd', 'explicit, 0.9 of its threshold'), panelOf('implicit', 'implicit, learning rate 0.001')],
    },
  ],
});
