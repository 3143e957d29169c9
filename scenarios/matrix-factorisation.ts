// How the loss of a symmetric factorisation ends with too few columns, as many as are needed, and more: at a plateau,
// exponentially, and as a power of time whose slow modes are known exactly.
import { defineScenario } from 'eigenflow';

const RANK = 'model.rank';

export default defineScenario({
  title: 'Factorisation of a matrix of rank 3',
  description: 'Gradient flow of 1/4 |X X^T - M|^2 beside its closed form.',
  plugins: ['matrix-factorisation', 'sgd', 'optimisers', 'spectral-statistics'],
  seed: 1,
  steps: 40_000,
  model: { use: 'symmetric-factorisation', basis: 'random' },
  loss: { use: 'half-mean-square' },
  noise: { use: 'full-batch' },
  optimiser: { use: 'gradient-flow', learningRate: 0.01, stepCheck: false },
  observers: {
    flow: { use: 'factorisation-flow', when: { perDecade: 10 } },
    modes: { use: 'slow-modes', when: { perDecade: 10 } },
    columns: { use: 'singular-values', block: 'X', when: { perDecade: 10 } },
  },
  classifier: { use: 'parametrisation' },
  sweep: { axes: { [RANK]: [2, 3, 6] } },
  figures: [
    {
      kind: 'flow',
      name: 'factorisation-loss',
      title: 'Loss with fewer columns than needed, with as many, and with more',
      note: 'The floor in (b) is that of double precision.',
      value: 'flow.loss',
      theory: 'flow.exactLoss',
      theoryLabel: 'closed form',
      x: 'time',
      xScale: 'log',
      yScale: 'log',
      ownScales: true,
      width: 'page',
      panels: [
        { label: 'fewer', at: { [RANK]: 2 } },
        { label: 'as many', at: { [RANK]: 3 } },
        { label: 'more', at: { [RANK]: 6 } },
      ],
      cellAxes: [{ axis: RANK, label: 'r' }],
    },
    {
      kind: 'panels',
      name: 'slow-modes',
      title: 'Six columns for a matrix of rank 3',
      panels: [
        {
          kind: 'flow',
          title: 'slow modes, s/(1 + 2 t s)',
          value: 'modes.levels',
          theory: 'modes.exact',
          theoryLabel: 's/(1 + 2 t s)',
          x: 'time',
          xScale: 'log',
          yScale: 'log',
          where: { [RANK]: 6 },
        },
        {
          kind: 'flow',
          title: 'singular values of X',
          value: 'columns.values',
          x: 'time',
          xScale: 'log',
          yScale: 'log',
          where: { [RANK]: 6 },
        },
      ],
    },
  ],
});
