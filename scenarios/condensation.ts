// Condensation: into which directions the units of a wide two-layer network point, early and late in training, in the
// linear and in the condensed regime.
import { defineScenario, type PlotDeclaration } from 'eigenflow';

const LINEAR = 0.5;
const CONDENSED = 1.75;
/** Frames by their number. */
const EARLY = 1;
const LATE = 2;

const panelOf = (title: string, gamma: number, frame: number): PlotDeclaration => ({
  kind: 'histogram',
  title,
  value: 'orientation.density',
  theory: 'orientation.uniform',
  theoryLabel: 'normal weights',
  range: [-Math.PI, Math.PI],
  xLabel: 'angle of the input weights (rad)',
  valueLabel: 'density, by |a| |w|',
  cells: [{ at: { 'model.gamma': gamma } }],
  frame,
});

export default defineScenario({
  title: 'Condensation of a two-layer ReLU network',
  description:
    'Every unit of the hidden layer points somewhere in the plane of its input weight and its bias. Early: at time ' +
    '3, when the condensed network has learned 1 % of the loss; late: when both have learned the data.',
  plugins: ['two-layer-relu', 'sgd'],
  seed: 1,
  steps: 2400,
  model: { use: 'two-layer-network', width: 4000, gamma: LINEAR, antisymmetric: true },
  loss: { use: 'half-mean-square' },
  noise: { use: 'full-batch' },
  optimiser: { use: 'sgd', learningRate: 0.25 },
  observers: {
    orientation: { use: 'orientation', when: { at: [0, 12, 'end'] } },
    movement: { use: 'relative-distance', block: 'W', when: { every: 12 } },
  },
  sweep: { axes: { 'model.gamma': [LINEAR, CONDENSED] }, seeds: 4 },
  figures: [
    {
      kind: 'panels',
      name: 'condensation',
      title: 'Directions of hidden units, early and late',
      panels: [
        panelOf('linear, γ = 1/2, early', LINEAR, EARLY),
        panelOf('linear, γ = 1/2, late', LINEAR, LATE),
        panelOf('condensed, γ = 7/4, early', CONDENSED, EARLY),
        panelOf('condensed, γ = 7/4, late', CONDENSED, LATE),
      ],
    },
  ],
});
