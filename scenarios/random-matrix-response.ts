// How a linear system of many degrees of freedom answers to a kick: symmetric, independent and antisymmetric matrices, with
// the response function of dynamical mean-field theory. At z = 2 the symmetric flow is at the edge of its spectrum, and
// its response falls as a power of time.
import { defineScenario, type PlotDeclaration } from 'eigenflow';

/** Symmetry of the matrix, and a shift z at which its flow is stable. */
const KINDS = [
  { symmetry: 1, shift: 2, title: 'symmetric, z = 2' },
  { symmetry: 0, shift: 1.25, title: 'independent, z = 5/4' },
  { symmetry: -1, shift: 0.25, title: 'antisymmetric, z = 1/4' },
];

const panelOf = ({ symmetry, title }: (typeof KINDS)[number]): PlotDeclaration => ({
  kind: 'flow',
  title,
  value: 'response.response',
  theory: 'response.theory',
  theoryLabel: 'theory, N to infinity',
  x: 'time',
  valueLabel: 'response R(t)',
  where: { 'model.symmetry': symmetry },
  ...(symmetry === 1 && { xScale: 'log', yScale: 'log' }),
});

export default defineScenario({
  title: 'Response of random linear flows',
  plugins: ['disordered-dynamics', 'sgd', 'optimisers'],
  seed: 1,
  steps: 200,
  model: { use: 'random-linear-flow', size: 400 },
  loss: { use: 'mean-output' },
  noise: { use: 'full-batch' },
  optimiser: { use: 'gradient-flow', learningRate: 0.05 },
  observers: {
    response: { use: 'linear-response', probes: 8, when: { every: 2 } },
    rates: { use: 'rate-density', low: -0.5, high: 4.5, bins: 50, when: 'end' },
  },
  sweep: {
    zip: [
      {
        'model.symmetry': KINDS.map(({ symmetry }) => symmetry),
        'model.shift': KINDS.map(({ shift }) => shift),
      },
    ],
    seeds: 2,
  },
  figures: [
    {
      kind: 'panels',
      name: 'random-matrix-response',
      title: 'Response to a kick, one matrix of 400 x 400 each',
      columns: 3,
      panels: KINDS.map(panelOf),
    },
    {
      kind: 'histogram',
      name: 'relaxation-rates',
      title: 'Relaxation rates of the symmetric flow, 400 x 400',
      value: 'rates.density',
      theory: 'rates.theory',
      theoryLabel: 'semicircle',
      range: [-0.5, 4.5],
      xLabel: 'rate z + λ',
      where: { 'model.symmetry': 1 },
    },
  ],
});
