// What the scenarios on arXiv:2509.01349 have in common: the network, its training protocol, the grid and the maps.
import type { Scenario } from 'eigenflow';

/** Section "network" of arXiv:2509.01349: 3 inputs, 32 hidden, 16 features, 1 output; only W is trained. */
export const publishedNetwork = {
  plugins: ['teacher-student', 'sgd', 'training', 'spectrum', 'phases'],
  seed: 20250901,
  model: { use: 'teacher-student', inputs: 3, hidden: 32, features: 16, outputs: 1, samples: 4000, activation: 'tanh' },
  loss: { use: 'half-mean-square' },
  // 1000 batches of 4, the same in every epoch and in the same order.
  noise: { use: 'minibatch', batchSize: 4, order: 'cyclic' },
  optimiser: { use: 'sgd', learningRate: 1 },
} satisfies Partial<Scenario>;

/** 12 initial widths and 12 learning rates: 1/sigma_W = 8 ... 1/256, T = learning rate / 4 = 1/32 ... 64. */
export const publishedAxes = {
  'model.initialWidth': { geometric: [0.125, 256], count: 12 },
  'optimiser.learningRate': { geometric: [0.125, 256], count: 12 },
} as const satisfies NonNullable<Scenario['sweep']>['axes'];

/** Measured at the start and at the end of a run. */
export const endObservers = {
  loss: { use: 'full-loss', when: { at: [0, 'end'] } },
  gradient: { use: 'gradient-norm', when: { at: [0, 'end'] } },
  spectrum: { use: 'gram-spectrum', block: 'W', when: { at: [0, 'end'] } },
  overlap: { use: 'overlap', when: { at: [0, 'end'] } },
  alignment: { use: 'field-alignment', when: { at: 'end' } },
} as const satisfies Scenario['observers'];

/** Everything that the published figures show, with the weights themselves, at these epochs. */
export function pathObservers(epochs: readonly (number | 'end')[]): NonNullable<Scenario['observers']> {
  const when = { atEpochs: epochs };
  return {
    state: { use: 'weights', block: 'W', when },
    loss: { use: 'full-loss', when },
    'mean-loss': { use: 'epoch-mean-loss', when },
    'test-loss': { use: 'test-loss', when },
    displacement: { use: 'epoch-mean-gradient-norm', when },
    gradient: { use: 'gradient-norm', when },
    spectrum: { use: 'gram-spectrum', block: 'W', when },
    overlap: { use: 'overlap', when },
    alignment: { use: 'field-alignment', when },
  };
}

/** What the figures of the paper show beside the measures of the end, which need no path. */
const ofThePaper = {
  growth: { use: 'span-growth', block: 'W', when: { at: 'end' } },
  criterion: { use: 'dyson-criterion', block: 'W', when: { at: 'end' } },
  target: { use: 'target-spectrum', block: 'W', when: { at: [0] } },
} as const satisfies Scenario['observers'];

/** Everything that figures 2 to 9 of the paper show, in a run of so many epochs; levels at 21 times, as published. */
export function paperObservers(epochs: number): NonNullable<Scenario['observers']> {
  const end = { at: 'end' } as const;
  const atEpochs = Array.from({ length: 21 }, (_, k) => Math.round((epochs * k) / 20));
  return {
    ...endObservers,
    spectrum: { use: 'gram-spectrum', block: 'W', when: { atEpochs } },
    'mean-loss': { use: 'epoch-mean-loss', when: end },
    'test-loss': { use: 'test-loss', when: end },
    displacement: { use: 'epoch-mean-gradient-norm', when: end },
    ...ofThePaper,
  };
}

/** The same along the path that the published runs store, with the weights. The published end is the last of these epochs. */
export function publishedObservers(savedEpochs: readonly number[]): NonNullable<Scenario['observers']> {
  const last = { atEpochs: savedEpochs.slice(-1) };
  return {
    ...pathObservers(savedEpochs),
    growth: { ...ofThePaper.growth, when: last },
    criterion: { ...ofThePaper.criterion, when: last },
    target: ofThePaper.target,
  };
}

/** With the criterion, which is a plugin of its own. */
export const paperPlugins = [...publishedNetwork.plugins, 'langevin'];

/** The axes of the published maps: 1/sigma_W and T. */
export const publishedMapAxes = {
  x: { axis: 'model.initialWidth', inverse: true, label: '1 / initial width' },
  y: { axis: 'optimiser.learningRate', divideBy: 4, label: 'T = learning rate / batch size' },
} as const;

/** The maps of the end of training, axes as published. @param note what the reader must know of the budget */
export function phaseMaps(note: string): NonNullable<Scenario['figures']> {
  const map = { kind: 'heat-map', frame: 'last', statistic: 'median', note, ...publishedMapAxes } as const;
  return [
    { ...map, name: 'loss', title: 'Training loss at the end', value: 'loss.loss', color: 'log' },
    {
      ...map,
      name: 'largest-level',
      title: 'Largest eigenvalue of W Wᵀ at the end',
      value: 'spectrum.levels',
      element: [0],
      color: 'log',
    },
    { ...map, name: 'overlap', title: 'Overlap of features with the start', value: 'overlap.q', statistic: 'mean' },
  ];
}
