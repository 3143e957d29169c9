// Overlap and field alignment against a plain implementation of their published definitions, on the published network.
import { describe, expect, test } from 'vitest';
import type { Component } from '../../../core/contracts/component.js';
import type { HeldOut } from '../../../core/contracts/model.js';
import { fieldAlignment } from '../../../plugins/phases/field-alignment.js';
import { overlap } from '../../../plugins/phases/overlap.js';
import { alteredReference } from '../watch.js';
import { network, type Watched, watch as watchNetwork } from './watch.js';

const rows = (flat: Float64Array, { samples, features }: HeldOut) =>
  Array.from({ length: samples }, (_, n) => [...flat.subarray(n * features, (n + 1) * features)]);

function watch(component: Component<'observer'>, model = network({ initialWidth: 2 }), place: 0 | 1 = 0) {
  const watched: Watched = watchNetwork(component, {}, { model, place });
  const { heldOut } = watched;
  return {
    ...watched,
    features: () => rows(watched.features(), heldOut),
    field: () => rows(watched.localField(), heldOut),
    observe: (): Record<string, number> =>
      Object.fromEntries(Object.entries(watched.observe()).map(([name, [value]]) => [name, value])),
  };
}

const sum = (list: readonly number[]) => list.reduce((a, b) => a + b, 0);
const norm = (list: readonly number[]) => Math.sqrt(sum(list.map((x) => x * x)));
const column = (matrix: readonly number[][], i: number) => matrix.map((row) => row[i]);
const product = (a: readonly number[], b: readonly number[]) => sum(a.map((x, k) => x * b[k]));

describe('overlap', () => {
  test('is the mean product of the features at step 0 and now', () => {
    const { simulation, heldOut, observe, features } = watch(overlap);
    const initial = features();
    expect(observe().q).toBeCloseTo(sum(initial.map((row) => product(row, row))) / 50 / 16, 13);
    for (const step of [10, 100]) {
      simulation.advance(step);
      const now = features();
      const expected = sum(initial.map((row, n) => product(row, now[n]))) / heldOut.samples / heldOut.features;
      expect(observe().q).toBeCloseTo(expected, 13);
    }
  });

  test('a run that goes on from a checkpoint still compares with step 0', () => {
    const straight = watch(overlap);
    straight.simulation.advance(50);
    const checkpoint = straight.simulation.capture();
    straight.simulation.advance(100);
    const resumed = watch(overlap, undefined, 1);
    resumed.simulation.restore(checkpoint);
    resumed.simulation.advance(100);
    expect(resumed.observe().q).toBe(straight.observe().q);
  });
});

describe('field-alignment', () => {
  test.each([0, 100])('is as published, at step %i', (step) => {
    const { simulation, observe, features, field } = watch(fieldAlignment);
    simulation.advance(step);
    const [s, h] = [features(), field()];
    const normalise = (matrix: readonly number[][]) => {
      const whole = norm(matrix.map(norm));
      return matrix.map((row) => row.map((x) => x / whole));
    };
    const [sBar, hBar] = [normalise(s), normalise(h)];
    const hs = sum(sBar.map((row, n) => product(row, hBar[n]))) / 50;
    const cosines = s[0].map((_, i) => {
      const [a, b] = [column(s, i), column(h, i)];
      return product(a, b) / (norm(a) * norm(b));
    });
    const measured = observe();
    expect(measured.hs).toBeCloseTo(hs, 14);
    expect(measured.hsd).toBeCloseTo(sum(cosines) / 16, 13);
    expect(Math.abs(measured.hs)).toBeLessThanOrEqual(1 / 50);
  });

  test('features along their field have the largest values, opposite ones the smallest', () => {
    for (const sign of [1, -1]) {
      const aligned = alteredReference((model) => {
        const heldOut = model.heldOut as HeldOut;
        const featuresAt: HeldOut['featuresAt'] = (theta, out) => {
          heldOut.localField?.(theta, out);
          for (let k = 0; k < out.length; k++) out[k] *= 3 * sign;
        };
        return { heldOut: { ...heldOut, featuresAt } };
      });
      const { hs, hsd } = watch(fieldAlignment, { component: aligned }).observe();
      expect(hs).toBeCloseTo(sign / 8, 14);
      expect(hsd).toBeCloseTo(sign, 14);
    }
  });

  test('vectors of zeros have no direction', () => {
    const silent = watch(fieldAlignment, network({ initialWidth: 0 }));
    expect(silent.observe()).toEqual({ hs: Number.NaN, hsd: Number.NaN });

    const one = watch(fieldAlignment);
    // The weights of the first unit.
    one.run.theta.fill(0, 0, 32);
    const { hs, hsd } = one.observe();
    expect(hs).toBeGreaterThan(-1 / 50);
    expect(hsd).toBeNaN();
  });
});

test.each([overlap, fieldAlignment])('%# says when there are no held-out inputs', (component) => {
  const bare = alteredReference(() => ({ heldOut: undefined }));
  expect(() => watch(component, { component: bare })).toThrow('needs held-out inputs');
});
