// The Brownian path within a step: one path, however finely it is looked at.
import { describe, expect, test } from 'vitest';
import { openWorkspace } from '../../../core/kernels/arena.js';
import { createStream } from '../../../core/random/stream.js';
import { meanEstimate } from '../../../core/statistics/estimate.js';
import { createBrownianBridge } from '../../../plugins/dyson/brownian-bridge.js';

function open(size: number, deepest: number, seed = 1) {
  const { arena, kernels } = openWorkspace(2 ** 21);
  return createBrownianBridge(size, deepest, createStream(kernels, seed, ['test']), arena);
}

/** Increments of motion 0 over all intervals, those that `refine` accepts being split. */
function increments(
  bridge: ReturnType<typeof open>,
  step: number,
  refine: (depth: number, start: number) => boolean,
): { start: number; length: number; increment: number }[] {
  const list: { start: number; length: number; increment: number }[] = [];
  let start = 0;
  bridge.open(step);
  do {
    while (refine(bridge.depth, start)) bridge.split();
    const length = bridge.fraction[0];
    expect(length).toBe(2 ** -bridge.depth);
    list.push({ start, length, increment: bridge.increments[0] });
    start += length;
  } while (bridge.next());
  expect(start).toBe(1);
  return list;
}

describe('createBrownianBridge', () => {
  const bridge = open(3, 10);
  const coarse = increments(bridge, 7, () => false);
  const fine = increments(bridge, 7, (depth) => depth < 6);
  const uneven = increments(bridge, 7, (depth, start) => depth < 2 || (depth < 9 && (start < 0.4 || start === 0.75)));

  test('goes through the whole step from left to right', () => {
    expect(coarse).toHaveLength(1);
    expect(fine).toHaveLength(64);
    expect(uneven.length).toBeGreaterThan(200);
  });

  test('increments of parts add up to those of the whole', () => {
    for (const parts of [fine, uneven]) {
      for (const { start, length } of fine.filter((_, i) => i % 16 === 0).map((part) => ({ ...part, length: 0.25 }))) {
        const sum = (list: typeof fine) =>
          list
            .filter((part) => part.start >= start && part.start < start + length)
            .reduce((total, { increment }) => total + increment, 0);
        expect(sum(parts)).toBeCloseTo(sum(fine), 12);
      }
      expect(parts.reduce((total, { increment }) => total + increment, 0)).toBeCloseTo(coarse[0].increment, 12);
    }
  });

  test('another look, at any time and in any order, gives the same bits', () => {
    increments(bridge, 8, (depth) => depth < 4);
    expect(increments(bridge, 7, (depth) => depth < 6)).toEqual(fine);
    expect(increments(open(3, 10), 7, (depth) => depth < 6)).toEqual(fine);
    // A larger limit on the depth adds levels below, and changes none above.
    expect(increments(open(3, 20), 7, (depth) => depth < 6)).toEqual(fine);
  });

  test('increments are independent, with the variance of their length', () => {
    const steps = 4000;
    const quarters = Array.from({ length: steps }, (_, step) =>
      increments(bridge, step, (depth) => depth < 2).map(({ increment }) => increment),
    );
    for (let a = 0; a < 4; a++) {
      for (let b = a; b < 4; b++) {
        const covariance = meanEstimate(quarters.map((q) => 4 * q[a] * q[b]));
        expect(covariance.error).toBeLessThan(0.03);
        expect(Math.abs(covariance.value - (a === b ? 1 : 0))).toBeLessThan(4 * covariance.error);
      }
    }
    const neighbours = meanEstimate(quarters.slice(1).map((q, i) => 4 * q[0] * quarters[i][3]));
    expect(Math.abs(neighbours.value)).toBeLessThan(4 * neighbours.error);
  });

  test('the midpoints of different intervals come from different counters', () => {
    const deep = [0, 1, 2].flatMap((step) => increments(bridge, step, (depth) => depth < 8));
    const values = new Set(deep.map(({ increment }) => increment));
    expect(values.size).toBe(deep.length);
  });
});
