// Level repulsion in the smallest system that has it (arXiv:2407.16427): two singular values learn the same value 2 and
// keep a mean distance of sqrt(pi T A/(1 - learning rate/2)), T = learning rate/batch size, A = noise width squared.
import { defineScenario } from 'eigenflow';

/** Learning rate, batch size, noise width: scans of each in turn around the first. */
const settings = [
  [0.1, 16, 0.1],
  ...[0.2, 0.3, 0.4, 0.5].map((learningRate) => [learningRate, 16, 0.1]),
  ...[4, 8, 32, 64].map((batchSize) => [0.1, batchSize, 0.1]),
  ...[0.05, 0.06, 0.07, 0.08, 0.09].map((noiseWidth) => [0.1, 16, noiseWidth]),
];
const BATCHES = 500;

const spacingAgainst = (axis: string, label: string, where: Readonly<Record<string, number>>) =>
  ({
    kind: 'line',
    title: `against ${label}`,
    value: 'spacing.spacing',
    element: [0],
    statistic: 'mean',
    x: { axis, label, scale: 'log' },
    yScale: 'log',
    limits: [0.003, 0.05],
    valueLabel: 'mean spacing',
    where,
  }) as const;

export default defineScenario({
  title: 'Repulsion of two degenerate levels in a linear teacher-student system',
  description:
    'The published scans of learning rate, batch size and noise with 100 seeds a setting, where the paper has 3000. ' +
    'Inputs are shared by all seeds, as published, so that spacings scatter by 2 to 8 % from setting to setting ' +
    'beyond their statistical errors; data: "per-seed" averages over inputs.',
  plugins: ['solvable', 'sgd', 'spectral-statistics'],
  seed: 20240716,
  epochs: 10,
  model: { use: 'linear-teacher-student', data: 'shared' },
  loss: { use: 'mean-output' },
  noise: { use: 'minibatch', batchSize: 16, order: 'cyclic' },
  optimiser: { use: 'sgd', learningRate: 0.1 },
  observers: {
    levels: { use: 'singular-values', block: 'W', when: { perDecade: 8 } },
    spacing: { use: 'level-spacing', block: 'W', of: 'singular', when: 'end' },
  },
  sweep: {
    zip: [
      {
        'optimiser.learningRate': settings.map(([learningRate]) => learningRate),
        'noise.batchSize': settings.map(([, batchSize]) => batchSize),
        'model.noiseWidth': settings.map(([, , noiseWidth]) => noiseWidth),
        'model.samples': settings.map(([, batchSize]) => BATCHES * batchSize),
      },
    ],
    seeds: 100,
    // Else all noise widths would show one and the same realisation, rescaled: the model is linear in its noise.
    independent: true,
  },
  figures: [
    {
      kind: 'panels',
      name: 'spacing',
      title: 'Mean spacing of two degenerate levels',
      columns: 3,
      note:
        'Theory: sqrt(pi T A / (1 - learning rate/2)), T = learning rate / batch size, A = noise width squared. Inputs ' +
        'are shared, so that settings scatter about it by more than their errors.',
      panels: [
        spacingAgainst('optimiser.learningRate', 'learning rate', { 'noise.batchSize': 16, 'model.noiseWidth': 0.1 }),
        spacingAgainst('noise.batchSize', 'batch size', { 'optimiser.learningRate': 0.1, 'model.noiseWidth': 0.1 }),
        spacingAgainst('model.noiseWidth', 'noise width', { 'optimiser.learningRate': 0.1, 'noise.batchSize': 16 }),
      ],
    },
    {
      kind: 'flow',
      name: 'levels',
      title: 'Two singular values learn the same value',
      value: 'levels.values',
      x: 'step',
      xScale: 'log',
      panels: 'optimiser.learningRate',
      where: { 'noise.batchSize': 16, 'model.noiseWidth': 0.1 },
      valueLabel: 'singular value',
    },
  ],
});
