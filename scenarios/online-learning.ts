// How a committee finds the units of its teacher, one fresh sample a step: the plateau on which no unit has chosen yet,
// the way out of it, and the exact theory of many inputs beside each run, at three learning rates.
import { defineScenario, type PlotDeclaration } from 'eigenflow';

const INPUTS = 400;

const panelOf = (channel: string, rest: Partial<PlotDeclaration>): PlotDeclaration =>
  ({
    kind: 'flow',
    value: `overlaps.${channel}`,
    theory: `theory.${channel}`,
    theoryLabel: 'exact theory for N → ∞, from the same start',
    x: 'step',
    xDivideBy: INPUTS,
    xLabel: 'steps / N',
    ...rest,
  }) as PlotDeclaration;

export default defineScenario({
  title: 'On-line learning of a committee',
  plugins: ['online-learning', 'sgd'],
  seed: 1,
  steps: 200 * INPUTS,
  model: {
    use: 'soft-committee',
    inputs: INPUTS,
    students: 2,
    teachers: 2,
    studentOverlaps: [0.5, 0.4],
    mixedOverlaps: [0.02, 0, 0, 0.01],
  },
  loss: { use: 'half-mean-square' },
  noise: { use: 'minibatch', batchSize: 1, order: 'iid' },
  optimiser: { use: 'sgd', learningRate: 0.5 },
  observers: {
    overlaps: { use: 'committee-overlaps', when: { points: 101 } },
    theory: { use: 'online-theory', when: { points: 101 } },
  },
  sweep: { axes: { 'optimiser.learningRate': [0.5, 1, 2] }, seeds: 2 },
  figures: [
    {
      kind: 'panels',
      name: 'learning-curves',
      title: 'Two units learn two: a plateau, and the way out',
      columns: 1,
      panels: [
        panelOf('generalisationError', { yScale: 'log', title: 'Generalisation error' }),
        panelOf('mixedOverlaps', { title: 'Overlaps R of student and teacher units' }),
      ],
    },
  ],
});
