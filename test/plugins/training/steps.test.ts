// The size of steps beside weights, and the fluctuation of the loss, on runs that are stepped by the engine.
import { describe, expect, test } from 'vitest';
import { fullLoss } from '../../../plugins/training/full-loss.js';
import { lossFluctuation } from '../../../plugins/training/loss-fluctuation.js';
import { updateToWeight } from '../../../plugins/training/update-to-weight.js';
import { alteredReference, watch } from '../watch.js';

const norm = (values: readonly number[]) => Math.hypot(...values);

test('update-to-weight is the last step over the weights before it, in all and block by block', () => {
  const watched = watch(updateToWeight);
  const frames = watched.frames([1, 7]);
  const other = watch(fullLoss, {}, {}, 1);
  const weights = [0, 1, 6, 7].map((step) => {
    other.simulation.advance(step);
    return [...other.run.theta];
  });
  const { layout } = watched.run.model;
  for (const [step, before, after] of [
    [1, weights[0], weights[1]],
    [7, weights[2], weights[3]],
  ] as const) {
    const change = after.map((w, i) => w - before[i]);
    const frame = frames.get(step);
    expect(frame?.ratio[0]).toBeCloseTo(norm(change) / norm(before), 14);
    layout.forEach(({ offset, rows, cols }, i) => {
      const of = (values: readonly number[]) => norm(values.slice(offset, offset + rows * cols));
      expect(frame?.blocks[i]).toBeCloseTo(of(change) / of(before), 14);
    });
  }
});

describe('loss-fluctuation', () => {
  test('is the mean and the scatter of second differences of the losses in its window', () => {
    const params = { count: 4, interval: 3, unit: 'steps' };
    const frames = watch(lossFluctuation, params).frames([9, 12, 20]);
    const loss = watch(fullLoss, {}, {}, 1).frames([0, 3, 6, 9, 12, 11, 14, 17, 20].sort((a, b) => a - b));
    for (const end of [9, 12, 20]) {
      const window = [9, 6, 3, 0].map((back) => loss.get(end - back)?.loss[0] ?? Number.NaN);
      const mean = window.reduce((a, b) => a + b) / 4;
      const squares = [1, 2].reduce((sum, i) => sum + (window[i + 1] - 2 * window[i] + window[i - 1]) ** 2, 0);
      expect(frames.get(end)?.mean[0]).toBeCloseTo(mean, 14);
      expect(frames.get(end)?.relative[0]).toBeCloseTo(Math.sqrt(squares / 12) / mean, 14);
    }
  });

  test('counts in epochs by default, and is not measured before its window is full', () => {
    const watched = watch(lossFluctuation, { count: 3 });
    // 24 samples, 4 in a step.
    expect(watched.observer.preparedAt?.(20)).toEqual([8, 14]);
    expect([...watched.frames([11, 12]).keys()]).toEqual([12]);
  });

  test('is 0 where the loss stays as it is', () => {
    const model = { component: alteredReference(() => ({ initialise: (theta) => void theta.fill(0) })) };
    // At weights of 0 both gradients vanish: W = V = 0 is a saddle.
    expect(watch(lossFluctuation, { count: 3 }, { model }).frames([12]).get(12)?.relative[0]).toBe(0);
  });

  test('refuses less than a step', () => {
    expect(() => watch(lossFluctuation, { interval: 0.2, unit: 'steps' })).toThrow(/0.2 steps is less than a step/);
  });

  test('refuses more windows at once than it can keep, with the remedy', () => {
    const steps = Array.from({ length: 400 }, (_, i) => 400 + i);
    expect(() => watch(lossFluctuation, { count: 64, interval: 6, unit: 'steps' }).frames(steps)).toThrow(
      /keeps at most 256 losses; measure less often/,
    );
  });
});
