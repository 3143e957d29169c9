// Phase diagram of a two-layer network: how far input weights go, against the width, for the exponents of its
// initialisation.
import { defineScenario, type GuideLine, power } from 'eigenflow';

/** Where theory has the boundary: gamma = 1 for gamma' <= 0, gamma' = gamma - 1 above. */
const boundary: GuideLine = {
  points: [
    [1, -0.6],
    [1, 0],
    [1.85, 0.85],
  ],
  label: 'theory',
};

const WIDTHS = [128, 256, 512, 1024, 2048];

/** m^exponent beside a line, for its slope alone. */
const powerLaw = (first: number, exponent: number, label: string): GuideLine => ({
  points: [128, 2048].map((width): [number, number] => [width, first * power(width / 128, exponent)]),
  label: `theory, slope ${label}`,
});

export default defineScenario({
  title: 'Phase diagram of two-layer ReLU networks',
  description:
    'PREVIEW: widths 128 to 2048 and four seeds; `npm run validate -- two-layer-relu` has wider networks and slopes. ' +
    'As the width grows, input weights stay where they start (linear), go as far as they were long (critical), or ' +
    'infinitely far (condensed).',
  plugins: ['two-layer-relu', 'sgd'],
  seed: 1,
  time: 700,
  model: { use: 'two-layer-network', width: 256, antisymmetric: true },
  loss: { use: 'half-mean-square' },
  noise: { use: 'full-batch' },
  optimiser: { use: 'sgd', learningRate: 0.5 },
  // Output weights grow like m^((γ - 1 + γ')/2) in the condensed regime, and that is no divergence.
  limits: { weightGrowth: 1e6 },
  observers: { movement: { use: 'relative-distance', block: 'W', when: { every: 10 } } },
  classifier: { use: 'condensation' },
  sweep: {
    axes: {
      'model.gamma': [0.5, 0.75, 1, 1.25, 1.5, 1.75],
      'model.gammaPrime': [-0.5, -0.25, 0, 0.25, 0.5, 0.75],
      'model.width': WIDTHS,
    },
    seeds: 4,
  },
  figures: [
    {
      kind: 'line',
      name: 'distance-against-width',
      title: "Distance of the input weights from their start, γ' = 0",
      value: 'movement.atTolerance',
      x: { axis: 'model.width', label: 'width m', scale: 'log' },
      series: { axis: 'model.gamma', label: 'γ' },
      yScale: 'log',
      where: { 'model.gammaPrime': 0 },
      guides: [powerLaw(0.12, -1 / 2, '−1/2'), powerLaw(0.8, 0, '0'), powerLaw(7.5, 3 / 8, '3/8')],
    },
    {
      kind: 'phase-map',
      name: 'two-layer-relu-map',
      title: 'Regimes of two-layer ReLU networks',
      x: { axis: 'model.gamma', label: 'γ', scale: 'linear' },
      y: { axis: 'model.gammaPrime', label: "γ'" },
      where: { 'model.width': 2048 },
      guides: [boundary],
      width: 'column',
    },
  ],
});
