// How a run that is watched is paced: by steps at its start, by time later.
import { expect, test } from 'vitest';
import { openPacer, STRIDE } from '../../../lab/worker/pacer.js';

/** Steps of each slice of a run at full speed, where a step takes a thousandth of a millisecond. */
function slices(until: number): number[] {
  let now = 0;
  const pacer = openPacer(() => now);
  pacer.setSpeed({ playing: true, stepsPerSecond: Number.POSITIVE_INFINITY });
  const made: number[] = [];
  for (let step = 0; step < until; step += made[made.length - 1]) {
    made.push(pacer.pace.steps(step));
    now += 0.001 * made[made.length - 1] + 0.01;
  }
  pacer.close();
  return made;
}

test('the state before the first step is seen', () => {
  expect(slices(10)[0]).toBe(0);
});

test('early slices are short, so that a logarithmic axis has its first decades', () => {
  let step = 0;
  for (const made of slices(2000)) {
    expect(made).toBeLessThanOrEqual(Math.max(1, STRIDE * step));
    step += made;
  }
});

test('later slices take the time between two messages, and no more', () => {
  const late = slices(1e6).slice(-20, -1);
  expect(Math.min(...late)).toBeGreaterThan(4000);
  expect(Math.max(...late)).toBeLessThan(12_000);
});

test('nothing runs while it is paused but the steps that are asked for', () => {
  const pacer = openPacer(() => 0);
  pacer.setSpeed({ playing: false, stepsPerSecond: 1000 });
  expect(pacer.pace.steps(0)).toBe(0);
  expect(pacer.pace.steps(0)).toBe(0);
  pacer.step(3);
  expect(pacer.pace.steps(0)).toBe(3);
  expect(pacer.pace.steps(3)).toBe(0);
  pacer.close();
});
