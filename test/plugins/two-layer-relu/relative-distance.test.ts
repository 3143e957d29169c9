// The distance against weights that another observer stores, and the end of training.
import { expect, test } from 'vitest';
import { framesOf, runAll } from './runs.js';

const model = { use: 'two-layer-network', width: 64, gamma: 1, antisymmetric: true };

test('is |w - w(0)|/|w(0)|', async () => {
  const [ran] = await runAll({
    steps: 50,
    model,
    observers: {
      movement: { use: 'relative-distance', block: 'W', when: { at: [0, 'end'] } },
      W: { use: 'weights', block: 'W', when: { at: [0, 'end'] } },
    },
  });
  const [first, last] = framesOf(ran, 'W.weights');
  const distance = Math.hypot(...first.map((each, i) => last[i] - each)) / Math.hypot(...first);
  const [[start], [end]] = framesOf(ran, 'movement.distance');
  expect(start).toBe(0);
  expect(end).toBeCloseTo(distance, 12);
});

test('at the end of training is that of the first frame below the tolerance', async () => {
  const tolerance = 0.01;
  const [ran] = await runAll({
    steps: 400,
    model,
    observers: { movement: { use: 'relative-distance', block: 'W', tolerance, when: { every: 10 } } },
  });
  const losses = framesOf(ran, 'movement.loss').map(([loss]) => loss);
  const distances = framesOf(ran, 'movement.distance').map(([distance]) => distance);
  const reached = losses.findIndex((loss) => loss < tolerance);
  expect(reached).toBeGreaterThan(1);
  expect(losses[reached - 1]).toBeGreaterThan(tolerance);
  expect(framesOf(ran, 'movement.atTolerance')).toEqual([[distances[reached]]]);
});

test('has no frame at the end of training where the loss does not get there', async () => {
  const [ran] = await runAll({
    steps: 20,
    model,
    observers: { movement: { use: 'relative-distance', block: 'W', tolerance: 1e-12, when: { every: 10 } } },
  });
  expect(ran.result.series.get('movement.atTolerance')?.step.length ?? 0).toBe(0);
});

test('refuses a block that starts as 0, and one that there is not', async () => {
  const observing = (block: string) =>
    runAll({
      steps: 1,
      model: { use: 'network', data: 'k-index', samples: 20, hidden: [4] },
      observers: { movement: { use: 'relative-distance', block } },
    });
  await expect(observing('b1')).rejects.toThrow(
    'block b1 starts as 0, so that no distance can be measured in units of its norm; take another block',
  );
  await expect(observing('W3')).rejects.toThrow('no block called "W3"');
  const [ran] = await observing('W1');
  expect(framesOf(ran, 'movement.distance').at(-1)?.[0]).toBeGreaterThan(0);
});
