// Two-time overlap against products of features kept by the test itself, through checkpoints and before its time.
import { expect, test } from 'vitest';
import { overlap } from '../../../plugins/phases/overlap.js';
import { twoTimeOverlap } from '../../../plugins/phases/two-time-overlap.js';
import { breakOff, configOf, framesOf, networkScenario, resultOf } from '../../core/engine/runs.js';
import { watch } from './watch.js';

const product = (a: Float64Array, b: Float64Array) => a.reduce((sum, x, i) => sum + x * b[i], 0) / a.length;

test('is the mean product of the features at each waiting time and now, NaN before it', () => {
  const waiting = [0, 7, 30];
  const steps = [0, 5, 7, 20, 30, 60];
  const frames = watch(twoTimeOverlap, { waiting, unit: 'steps' }).frames(steps);

  const plain = watch(overlap, {}, { place: 1 });
  const features = new Map<number, Float64Array>();
  for (const step of [...new Set([...waiting, ...steps])].sort((a, b) => a - b)) {
    plain.simulation.advance(step);
    features.set(step, plain.features());
  }
  const at = (step: number) => features.get(step) as Float64Array;
  for (const [step, { q, selfOverlap, waitingStep }] of frames) {
    expect([...waitingStep]).toEqual(waiting);
    waiting.forEach((from, w) => {
      if (step < from) {
        expect([q[w], selfOverlap[w]]).toEqual([Number.NaN, Number.NaN]);
        return;
      }
      expect(q[w]).toBeCloseTo(product(at(from), at(step)), 13);
      expect(selfOverlap[w]).toBeCloseTo(product(at(from), at(from)), 13);
      if (step === from) expect(q[w]).toBe(selfOverlap[w]);
    });
  }
});

test('waiting times in epochs fall between frames, and a run that goes on from a checkpoint still knows them', async () => {
  const observers = {
    ageing: { use: 'two-time-overlap', waiting: [0, 2.5, 10], when: { at: [3, 60, 'end'] } },
    start: { use: 'overlap', when: { at: [60, 'end'] } },
  } as const;
  // Epochs of 10 steps.
  const config = configOf({ plugins: [...networkScenario.plugins, 'phases'], observers }, networkScenario);
  const straight = await resultOf(config);
  const frames = framesOf(straight, 'ageing.q');
  expect(frames[0][0]).toBeGreaterThan(0);
  expect(frames.map((frame) => frame.map(Number.isNaN))).toEqual([
    [false, true, true],
    [false, false, true],
    [false, false, false],
  ]);
  expect(framesOf(straight, 'start.q').flat()).toEqual([frames[1][0], frames[2][0]]);
  const resumed = await resultOf(config, await breakOff(config, 40));
  expect(framesOf(resumed, 'ageing.q')).toEqual(frames);
});

test('a waiting time after the end of the run is a mistake', () => {
  expect(() => watch(twoTimeOverlap, { waiting: [0, 1e9], unit: 'steps' })).toThrow('waiting[1]');
});
