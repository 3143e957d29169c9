// Phase map after 1000 epochs at batch sizes 1, 16 and 64, on the instances of the other maps. At equal T the largest
// stable step belongs to the learning rate, so that the edges lie at other T than for batch size 4.
import { defineScenario } from 'eigenflow';
import { shortTraining } from './short-training.js';

const widths = [1, 8, 0.125, 32];

/** Learning rates below, about and above the edge of the ordered phase, and two that are far from it. */
const ratesOf: readonly (readonly [batchSize: number, near: readonly number[], far: readonly number[]])[] = [
  [64, [4, 8, 2, 16], [0.125, 64]],
  [16, [2, 4, 1, 8], [0.125, 64]],
];

/** Batch size 1 takes most steps: two widths must do. */
const alone = [1, 0.5, 2, 0.125].flatMap((rate) => [1, 32].map((width) => ({ batchSize: 1, rate, width })));

const settings = ratesOf.flatMap(([batchSize, near, far]) => [
  ...near.flatMap((rate) => widths.map((width) => ({ batchSize, rate, width }))),
  ...far.flatMap((rate) => [1, 32].map((width) => ({ batchSize, rate, width }))),
]);

const all = [...settings, ...alone];

export default defineScenario({
  ...shortTraining,
  title: 'Phase map after 1000 epochs at batch sizes 1, 16 and 64',
  sweep: {
    zip: [
      {
        'noise.batchSize': all.map(({ batchSize }) => batchSize),
        'model.initialWidth': all.map(({ width }) => width),
        'optimiser.learningRate': all.map(({ rate }) => rate),
      },
    ],
    seeds: 3,
  },
});
