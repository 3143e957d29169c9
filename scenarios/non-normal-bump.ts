// A test error that rises without any noise: random features train the error by a matrix that is not normal. Its
// symmetric twin has the same levels and only falls.
import { defineScenario, type PlotDeclaration } from 'eigenflow';

const panelOf = (flow: string, title: string): PlotDeclaration => ({
  kind: 'flow',
  title,
  value: 'error.test',
  theory: 'error.testTheory',
  theoryLabel: 'exact flow of the same matrices',
  x: 'time',
  xScale: 'log',
  valueLabel: 'test error |h|^2 / D',
  where: { 'model.flow': flow },
});

export default defineScenario({
  title: 'Random features and their symmetric twin',
  plugins: ['disordered-dynamics', 'sgd', 'optimisers'],
  seed: 1,
  steps: 20_000,
  model: { use: 'random-features', dimension: 200, features: 120, samples: 100 },
  loss: { use: 'half-mean-square' },
  noise: { use: 'full-batch' },
  optimiser: { use: 'gradient-flow', learningRate: 0.05, stepCheck: false },
  observers: { error: { use: 'regression-error', when: { perDecade: 12 } } },
  classifier: { use: 'test-error-shape' },
  sweep: { axes: { 'model.flow': ['features', 'symmetric-twin'] }, seeds: 3 },
  figures: [
    {
      kind: 'panels',
      name: 'non-normal-bump',
      title: 'Test error without label noise, one draw',
      panels: [panelOf('features', 'features: h moves by -F M h'), panelOf('symmetric-twin', 'symmetric twin')],
    },
  ],
});
