// Directions of units, against atan2 of the weights that another observer stores, and against their laws.
import { describe, expect, test } from 'vitest';
import { framesOf, runAll } from './runs.js';
import { firstDirections } from './theory/slopes.js';

const BINS = 36;

test('the histogram is that of atan2(b, w), weighted by |a| |w|', async () => {
  const [ran] = await runAll({
    steps: 40,
    model: { use: 'two-layer-network', width: 500, gamma: 1.25 },
    observers: {
      orientation: { use: 'orientation', bins: BINS, when: 'end' },
      a: { use: 'weights', block: 'a', when: 'end' },
      W: { use: 'weights', block: 'W', when: 'end' },
    },
  });
  const [[a], [w]] = ['a.weights', 'W.weights'].map((channel) => framesOf(ran, channel));
  const counts = new Array(BINS).fill(0);
  a.forEach((each, k) => {
    const angle = Math.atan2(w[2 * k + 1], w[2 * k]);
    counts[Math.floor(((angle + Math.PI) / (2 * Math.PI)) * BINS)] +=
      Math.abs(each) * Math.hypot(w[2 * k], w[2 * k + 1]);
  });
  const total = counts.reduce((sum, count) => sum + count, 0);
  const [density] = framesOf(ran, 'orientation.density');
  for (const [i, each] of density.entries()) {
    expect(each).toBeCloseTo((counts[i] / total) * (BINS / (2 * Math.PI)), 12);
  }
  const squares = density.reduce((sum, each) => sum + (each * each * 2 * Math.PI) / BINS, 0);
  expect(framesOf(ran, 'orientation.spread')[0][0]).toBeCloseTo(1 / (2 * Math.PI * squares), 12);
  const fullest = density.indexOf(Math.max(...density));
  expect(framesOf(ran, 'orientation.largest')[0][0]).toBeCloseTo(-Math.PI + ((fullest + 0.5) * 2 * Math.PI) / BINS, 12);
});

describe('at the start', () => {
  test('all angles weigh the same, and the spread is 1/(1 + 2 bins/m)', async () => {
    const width = 2000;
    const runs = await runAll({
      steps: 1,
      model: { use: 'two-layer-network', width },
      observers: { orientation: { use: 'orientation', bins: BINS, when: { at: [0] } } },
      sweep: { seeds: 100 },
    });
    const spreads = runs.map((ran) => framesOf(ran, 'orientation.spread')[0][0]);
    const mean = spreads.reduce((sum, each) => sum + each, 0) / spreads.length;
    const deviation = Math.sqrt(spreads.reduce((sum, each) => sum + (each - mean) ** 2, 0) / (spreads.length - 1));
    const error = deviation / Math.sqrt(spreads.length);
    expect(error).toBeLessThan(0.002);
    // The next order of 1/(1 + x) is that of (2 bins/m)^2 = 0.0013 over the number of bins.
    expect(Math.abs(mean - 1 / (1 + (2 * BINS) / width))).toBeLessThan(4 * error + 2e-4);
  });
});

describe('in training', () => {
  test('units of a condensed network turn first to the extrema of sum y relu(w x)', async () => {
    const [ran] = await runAll({
      steps: 40,
      model: { use: 'two-layer-network', width: 2000, gamma: 2, antisymmetric: true },
      optimiser: { use: 'sgd', learningRate: 0.1 },
      observers: { orientation: { use: 'orientation', bins: 360, when: { at: [40] } } },
    });
    const { maximum, minimum } = firstDirections();
    // By hand: the maximum is the direction of sum y x over all samples, the minimum where the last sample drops out.
    expect(maximum).toBeCloseTo(Math.atan2(0.5, 0.75), 3);
    expect(minimum).toBeCloseTo(Math.atan2(1, -2), 3);
    const [density] = framesOf(ran, 'orientation.density');
    const degree = Math.PI / 180;
    const shareNear = (angle: number) =>
      density.reduce((sum, each, i) => {
        const middle = -Math.PI + (i + 0.5) * degree;
        return sum + (Math.abs(middle - angle) < 5 * degree ? each * degree : 0);
      }, 0);
    // Of all directions these are one in 36 each.
    expect(shareNear(maximum)).toBeGreaterThan(10 / 36);
    expect(shareNear(minimum)).toBeGreaterThan(2 / 36);
    expect(Math.abs(framesOf(ran, 'orientation.largest')[0][0] - maximum)).toBeLessThan(1.5 * degree);
  });

  test('those of a linear network stay where they are', async () => {
    const [ran] = await runAll({
      time: 300,
      model: { use: 'two-layer-network', width: 4000, gamma: 0.5, antisymmetric: true },
      observers: { orientation: { use: 'orientation', bins: BINS, when: { at: [0, 'end'] } } },
    });
    const [first, last] = framesOf(ran, 'orientation.density');
    const change = first.reduce((sum, each, i) => sum + Math.abs(each - last[i]) * ((2 * Math.PI) / BINS), 0) / 2;
    expect(change).toBeLessThan(0.03);
  });
});
