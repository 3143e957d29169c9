// Masks that persist: the chain that they are, and that it does not matter in which order they are asked for.
import { expect, test } from 'vitest';
import { Clock } from '../../../core/contracts/clock.js';
import { openWorkspace } from '../../../core/kernels/arena.js';
import { persistentMasks } from '../../../plugins/gaussian-mixture/persistent-masks.js';
import { create } from '../workbench.js';

const SAMPLES = 400;

function open(params: Record<string, number>, stepSize: number) {
  const workspace = openWorkspace();
  const { component: noise } = create(persistentMasks, params, { workspace, model: { samples: SAMPLES } as never });
  const batch = workspace.arena.indices(SAMPLES);
  const weights = workspace.arena.vector(SAMPLES);
  const clock = new Clock();
  clock.stepSize = stepSize;
  const draw = (step: number) => {
    clock.step = step;
    const n = noise.draw(batch, weights, clock);
    return { inside: [...batch.slice(0, n)], weights: [...weights.slice(0, n)] };
  };
  return { noise, draw, clock };
}

test('entering and leaving have the published probabilities, and weights are 1/(b N)', () => {
  const [fraction, persistenceTime, stepSize] = [0.25, 2, 0.2];
  const { draw } = open({ fraction, persistenceTime }, stepSize);
  let [out, entered, inn, left, total] = [0, 0, 0, 0, 0];
  const steps = 1500;
  let before = new Set(draw(0).inside);
  for (let step = 1; step <= steps; step++) {
    const { inside, weights } = draw(step);
    const now = new Set(inside);
    expect(new Set(weights)).toEqual(new Set([1 / (fraction * SAMPLES)]));
    for (let i = 0; i < SAMPLES; i++) {
      if (before.has(i)) {
        inn += 1;
        left += Number(!now.has(i));
      } else {
        out += 1;
        entered += Number(now.has(i));
      }
    }
    total += now.size;
    before = now;
  }
  const agrees = (count: number, n: number, p: number) =>
    expect(Math.abs(count / n - p) / Math.sqrt((p * (1 - p)) / n)).toBeLessThan(4);
  agrees(entered, out, stepSize / persistenceTime);
  agrees(left, inn, ((1 - fraction) * stepSize) / (fraction * persistenceTime));
  // Correlated: (1 + r)/(1 - r) times the variance of as many independent masks, r = 0.6.
  const error = Math.sqrt((fraction * (1 - fraction) * 4) / (steps * SAMPLES));
  expect(Math.abs(total / (steps * SAMPLES) - fraction) / error).toBeLessThan(4);
});

test('asked for backwards the masks are those that are met forwards', () => {
  const params = { fraction: 0.5, persistenceTime: 4 };
  const [forwards, backwards] = [open(params, 0.1), open(params, 0.1)];
  const seen = Array.from({ length: 60 }, (_, step) => forwards.draw(step).inside);
  for (let step = 59; step >= 0; step--) expect(backwards.draw(step).inside).toEqual(seen[step]);
});

test('a step above b tau is refused, one of b tau gives masks without memory', () => {
  const { draw, noise } = open({ fraction: 0.5, persistenceTime: 1 }, 0.5);
  draw(0);
  expect(noise.masks?.correlation(0.5)).toBe(0);
  expect(noise.masks?.correlation(0.05)).toBeCloseTo(0.9, 12);
  // Whatever the rounding of stepSize/fraction.
  for (const [fraction, stepSize] of [
    [0.3, 0.2],
    [0.1, 0.7],
    [0.7, 0.3],
  ]) {
    const { noise: fresh } = open({ fraction, persistenceTime: stepSize / fraction }, stepSize);
    expect(fresh.masks?.correlation(stepSize)).toBeCloseTo(0, 12);
  }
  const large = open({ fraction: 0.5, persistenceTime: 1 }, 0.6);
  expect(() => large.draw(0)).toThrow('persistenceTime must be at least stepSize/fraction = 1.2');
});
