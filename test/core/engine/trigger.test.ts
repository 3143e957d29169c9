// Triggers: at which steps an observer measures.
import { describe, expect, it } from 'vitest';
import { triggerSteps } from '../../../core/engine/trigger.js';
import type { Trigger } from '../../../core/scenario/scenario.js';

const PATH = 'observers.a.when';
const steps = (when: unknown, length: number, stepsPerEpoch = 10) =>
  triggerSteps(PATH, when as Trigger, length, stepsPerEpoch);

describe('every form', () => {
  it('"end" is the last state', () => {
    expect(steps('end', 25)).toEqual([25]);
    expect(steps({ at: 'end' }, 25)).toEqual([25]);
  });

  it('every: multiples, and both ends', () => {
    expect(steps({ every: 10 }, 25)).toEqual([0, 10, 20, 25]);
    expect(steps({ every: 10 }, 30)).toEqual([0, 10, 20, 30]);
    expect(steps({ every: 100 }, 25)).toEqual([0, 25]);
    expect(steps({ every: 1 }, 3)).toEqual([0, 1, 2, 3]);
  });

  it('everyEpochs: the same in epochs, rounded to steps where an epoch is no whole number of them', () => {
    expect(steps({ everyEpochs: 1 }, 25)).toEqual([0, 10, 20, 25]);
    expect(steps({ everyEpochs: 0.5 }, 20)).toEqual([0, 5, 10, 15, 20]);
    expect(steps({ everyEpochs: 1 }, 10, 10 / 3)).toEqual([0, 3, 7, 10]);
    expect(steps({ everyEpochs: 1e-3 }, 3)).toEqual([0, 1, 2, 3]);
  });

  it('perDecade: evenly on a logarithmic axis, each step once', () => {
    expect(steps({ perDecade: 1 }, 1000)).toEqual([0, 1, 10, 100, 1000]);
    expect(steps({ perDecade: 3 }, 100)).toEqual([0, 1, 2, 5, 10, 22, 46, 100]);
    expect(steps({ perDecade: 8 }, 5)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(steps({ perDecade: 10_000 }, 100)).toEqual(Array.from({ length: 101 }, (_, step) => step));
  });

  it('points: evenly, both ends included', () => {
    expect(steps({ points: 5 }, 100)).toEqual([0, 25, 50, 75, 100]);
    expect(steps({ points: 21 }, 7)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(steps({ points: 2 }, 9)).toEqual([0, 9]);
    expect(steps({ points: 1 }, 9)).toEqual([9]);
    expect(steps({ points: 21 }, 1_000_000)).toHaveLength(21);
  });

  it('at: exactly these steps, in ascending order, each once', () => {
    expect(steps({ at: [10, 0, 'end', 2, 25, 2] }, 25)).toEqual([0, 2, 10, 25]);
    expect(steps({ at: [3] }, 25)).toEqual([3]);
  });

  it('atEpochs: exactly these epochs', () => {
    expect(steps({ atEpochs: [0, 1, 2.5, 'end'] }, 30)).toEqual([0, 10, 25, 30]);
    expect(steps({ atEpochs: 'end' }, 30)).toEqual([30]);
    // Where an epoch is one step, half an epoch is still an epoch and no mistake.
    expect(steps({ atEpochs: [0, 2.4] }, 5, 1)).toEqual([0, 2]);
  });

  it('atEpochs: the published epochs 0, 1, 5001, ... 95001 of 1000 steps each', () => {
    const saved = [0, 1, ...Array.from({ length: 19 }, (_, k) => 5000 * (k + 1) + 1)];
    const found = steps({ atEpochs: saved }, 100_000_000, 1000);
    expect(found).toHaveLength(21);
    expect([found[0], found[1], found[2], found[20]]).toEqual([0, 1000, 5_001_000, 95_001_000]);
  });

  it.each(['end', { every: 3 }, { perDecade: 2 }, { points: 5 }, { at: [0, 'end'] }])(
    'a run of no steps: %j',
    (when) => {
      expect(steps(when, 0)).toEqual([0]);
    },
  );
});

describe('mistakes', () => {
  const mistakes: [unknown, string][] = [
    [{ every: 0 }, 'observers.a.when.every: expected a positive number, found 0'],
    [{ every: 2.5 }, 'observers.a.when.every: expected a whole number of at least 1, found 2.5'],
    [{ every: '10' }, 'observers.a.when.every: expected a positive number, found "10"'],
    [{ everyEpochs: -1 }, 'observers.a.when.everyEpochs: expected a positive number, found -1'],
    [{ perDecade: Number.NaN }, 'observers.a.when.perDecade: expected a positive number, found NaN'],
    [
      { perDecade: 1e8 },
      'observers.a.when.perDecade: asks for 100000000 frames in every decade of steps; at most 10000 are possible, ' +
        'for every step of a run write { every: 1 }',
    ],
    [{ perDecade: 10_001 }, 'at most 10000 are possible'],
    [{ points: 1e9 }, 'observers.a.when.points: asks for 1000000000 frames; at most 10000000 are possible'],
    [{ points: 0 }, 'observers.a.when.points: expected a positive number, found 0'],
    [{ at: [] }, 'observers.a.when.at: expected a list of steps or "end", found []'],
    [{ at: 5 }, 'observers.a.when.at: expected a list of steps or "end", found 5'],
    [{ at: [1, 2.5] }, 'observers.a.when.at[1]: expected whole steps from 0 on or "end", found 2.5'],
    [{ at: [-1] }, 'observers.a.when.at[0]: expected whole steps from 0 on or "end", found -1'],
    [{ at: ['start'] }, 'observers.a.when.at[0]: expected whole steps from 0 on or "end", found "start"'],
    [{ atEpochs: [Number.POSITIVE_INFINITY] }, 'observers.a.when.atEpochs[0]: expected epochs from 0 on or "end"'],
    [
      { at: [0, 101] },
      'observers.a.when.at[1]: 101 is after the end of the run, which has 100 steps; use "end" for its last state',
    ],
    [{ atEpochs: [11] }, 'observers.a.when.atEpochs[0]: 11 is after the end of the run, which has 10 epochs'],
    [{}, 'observers.a.when: expected "end", { every: steps }, { everyEpochs: n }, { perDecade: n }, { points: n },'],
    [{ every: 1, points: 3 }, 'observers.a.when: expected "end", { every: steps }'],
    [{ often: 3 }, 'observers.a.when: expected "end", { every: steps }'],
    ['start', 'observers.a.when: expected "end", { every: steps }'],
    [null, 'observers.a.when: expected "end", { every: steps }'],
    [7, 'found 7'],
  ];
  it.each(mistakes)('%j', (when, message) => {
    expect(() => steps(when, 100)).toThrow(message);
  });

  it.each([{ every: 1 }, { everyEpochs: 0.1 }])('more frames than any memory holds: %j', (when) => {
    expect(() => steps(when, 1e9)).toThrow(
      'observers.a.when: asks for 1000000001 frames of a run of 1000000000 steps; observe less often',
    );
  });

  it.each([{ everyEpochs: 1 }, { atEpochs: [0] }])('one-pass data have no epochs: %j', (when) => {
    expect(() => steps(when, 100, Number.NaN)).toThrow(
      'one-pass data have no epochs; count in steps, for example { every: 1000 }',
    );
  });
});
