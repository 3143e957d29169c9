// How far runs of a committee are from the exact theory of many inputs, against the number of inputs: at steps / N = 5,
// from the same overlaps at every N.
import { defineScenario, type PlotDeclaration } from 'eigenflow';

const INPUTS = [50, 100, 200, 400, 800];
const ALPHA = 5;

const panelOf = (channel: string, title: string, rest: Partial<PlotDeclaration>): PlotDeclaration =>
  ({
    kind: 'line',
    title,
    value: `theory.${channel}`,
    x: { axis: 'model.inputs', label: 'inputs N', scale: 'log' },
    statistic: 'mean',
    errors: 'bars',
    ...rest,
  }) as PlotDeclaration;

export default defineScenario({
  title: 'Distance from the theory against the number of inputs',
  plugins: ['online-learning', 'sgd'],
  seed: 1,
  model: {
    use: 'soft-committee',
    inputs: 100,
    students: 2,
    teachers: 2,
    studentOverlaps: [0.5, 0.05, 0.05, 0.4],
    mixedOverlaps: [0.3, 0.1, 0.05, 0.25],
    labelNoise: 0.1,
  },
  steps: 100 * ALPHA,
  loss: { use: 'half-mean-square' },
  noise: { use: 'minibatch', batchSize: 1, order: 'iid' },
  optimiser: { use: 'sgd', learningRate: 1 },
  observers: { theory: { use: 'online-theory', when: { at: ['end'] } } },
  sweep: { zip: [{ 'model.inputs': INPUTS, steps: INPUTS.map((inputs) => ALPHA * inputs) }], seeds: 48 },
  figures: [
    {
      kind: 'panels',
      name: 'distance-from-theory',
      title: 'Run minus theory at steps / N = 5',
      panels: [
        panelOf('rmsDifference', 'rms over Q and R', { yScale: 'log' }),
        panelOf('scaledDifference', 'times sqrt(N): flat where it falls as 1/sqrt(N)', {
          yScale: 'linear',
          limits: [0, 0.4],
        }),
      ],
    },
  ],
});
