// Distances and slopes of networks of some hundred units against theory; `npm run validate -- two-layer-relu` has wider
// ones, and all points.
import { expect, test } from 'vitest';
import { lastOf, runAll } from './runs.js';
import { REFERENCE_DISTANCES, slope } from './theory/slopes.js';

const SEEDS = 8;

/** ln RD: [width][seed]. */
async function logDistances(gamma: number, gammaPrime: number, widths: readonly number[]): Promise<number[][]> {
  const runs = await runAll({
    time: 700,
    model: { use: 'two-layer-network', gamma, gammaPrime, antisymmetric: true },
    observers: { movement: { use: 'relative-distance', block: 'W', when: { every: 10 } } },
    sweep: { axes: { 'model.width': widths }, seeds: SEEDS },
  });
  return widths.map((width) =>
    runs
      .filter(({ axes }) => axes['model.width'] === width)
      .map((ran) => Math.log(lastOf(ran, 'movement.atTolerance'))),
  );
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

test('distances at gamma = 1/2 are those of another program', async () => {
  const widths = [100, 300, 1000];
  const found = await logDistances(0.5, 0, widths);
  found.forEach((seeds, i) => {
    expect(Math.abs(Math.exp(mean(seeds)) / (REFERENCE_DISTANCES.get(widths[i]) as number) - 1)).toBeLessThan(0.1);
  });
});

test.each([
  [0.5, 0],
  [1, 0],
  [1.5, 0],
  [1.5, 0.5],
  [0.75, 0],
])('the slope at gamma = %d, gammaPrime = %d is that of theory', async (gamma, gammaPrime) => {
  const widths = [250, 1000, 4000];
  const [narrow, , wide] = (await logDistances(gamma, gammaPrime, widths)).map(mean);
  // Of the straight line through three points of even spacing.
  const measured = (wide - narrow) / Math.log(widths[2] / widths[0]);
  expect(Math.abs(measured - slope(gamma, gammaPrime))).toBeLessThan(0.05);
});
