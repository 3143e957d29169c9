// Whether the best learning rate of a narrow network is that of a wide one: loss against learning rate by width, in the
// standard parametrisation and in mup. With 8 inputs what grows with the width outweighs the rest from width 64 on; with
// the 64 inputs of the digits the first layer, which does not, limits the rate up to width 128.
import { defineScenario, type PlotDeclaration } from 'eigenflow';

export const PARAMETRISATIONS = ['standard', 'mup'];

const panelOf = (parametrisation: string): PlotDeclaration => ({
  kind: 'line',
  title: parametrisation,
  value: 'loss.loss',
  x: { axis: 'optimiser.learningRate', scale: 'log' },
  series: { axis: 'model.hidden', entry: 0, label: 'width' },
  yScale: 'log',
  where: { 'model.parametrisation': parametrisation },
});

/** Where the loss is least, by width: the slope is -1 where the rate goes down as 1/width, and 0 where it stays. */
const bestRate: PlotDeclaration = {
  kind: 'line',
  title: 'best learning rate',
  value: 'loss.loss',
  leastAlong: { axis: 'optimiser.learningRate', scale: 'log' },
  x: { axis: 'model.hidden', entry: 0, label: 'width of both hidden layers', scale: 'log' },
  series: { axis: 'model.parametrisation' },
  statistic: 'mean',
  errors: 'bars',
  valueLabel: 'best learning rate',
};

/** Networks of two hidden layers, each of this width. */
export const layersOf = (width: number) => [width, width];

export default defineScenario({
  title: 'Best learning rate against width',
  description:
    'PREVIEW: widths 64 to 256; `npm run validate -- width-transfer` goes to 1024. Where a line ends the runs diverge.',
  plugins: ['network', 'sgd', 'training'],
  seed: 1,
  steps: 150,
  model: {
    use: 'network',
    data: 'k-index',
    inputs: 8,
    samples: 256,
    test: 0,
    hidden: layersOf(64),
    activation: 'tanh',
  },
  loss: { use: 'half-mean-square' },
  noise: { use: 'minibatch', batchSize: 16, order: 'reshuffled' },
  optimiser: { use: 'sgd', learningRate: 0.5 },
  observers: { loss: { use: 'full-loss', when: { at: [0, 'end'] } } },
  sweep: {
    axes: {
      'model.parametrisation': PARAMETRISATIONS,
      'model.hidden': [64, 128, 256].map(layersOf),
      'optimiser.learningRate': { geometric: [1 / 64, 1], count: 13 },
    },
    seeds: 4,
  },
  figures: [
    {
      kind: 'panels',
      name: 'width-transfer',
      title: 'Training loss after 150 steps, by width',
      panels: [...PARAMETRISATIONS.map(panelOf), bestRate],
      columns: 3,
    },
  ],
});
