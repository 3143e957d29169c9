// Batch sizes between those of a map, and other definitions of the phases: what they say beside the answer, and that no
// proposal hides their objections.
import { describe, expect, test } from 'vitest';
import { advise } from '../../../analysis/advice/advice.js';
import type { Definition } from '../../../analysis/advice/definitions.js';
import type { MapData } from '../../../analysis/advice/map-data.js';
import { openMap } from '../../../analysis/advice/reading.js';
import { BATCH, EPOCHS, labelAt, madeUpMap, TEMPERATURE_BORDER } from './made-up-map.js';

/** Jammed from a sixteenth of the width on. */
const early: MapData = {
  ...madeUpMap,
  runs: madeUpMap.runs.map((run) => ({
    ...run,
    label: labelAt(16 * run.initialWidth, run.learningRate / run.batchSize, 1),
  })),
};
const definitions: Definition[] = [{ name: 'early', isConvention: false, map: openMap(early, true) }];
const map = openMap(madeUpMap, true);
const ask = (initialWidth: number, temperature: number) =>
  advise(map, { learningRate: BATCH * temperature, batchSize: BATCH, initialWidth, model: {} }, [], definitions);

describe('another definition of the phases', () => {
  test('stands beside the answer, with the width at which its safe phase ends', () => {
    const [inside] = ask(0.25, 0.25).others;
    expect(inside).toMatchObject({ name: 'early', label: 'ordered', at: { batchSize: BATCH, length: EPOCHS } });
    expect(inside.widest).toBeGreaterThan(0.5);
    expect(inside.widest).toBeLessThan(2);
    expect(ask(8, 0.25).others[0]).toMatchObject({ label: 'jammed', widest: undefined });
  });

  test('objects to a proposal that it calls otherwise, and to the part of a safe band', () => {
    const wide = ask(100, 0.25);
    expect(wide.changes).toHaveLength(1);
    expect(wide.changes[0].objections).toEqual([{ name: 'early', label: 'jammed' }]);
    expect(ask(8, 0.25).bandObjections.map(({ label }) => label)).toContain('jammed');
    expect(ask(0.25, 0.25).bandObjections).toEqual([]);
  });
});

describe('several batch sizes', () => {
  // The border follows the learning rate: at 16 times the batch size it lies at a sixteenth of T.
  const large = madeUpMap.runs.map((run) => ({ ...run, batchSize: 16 * BATCH, length: EPOCHS }));
  const both = openMap({ ...madeUpMap, runs: [...madeUpMap.runs, ...large] }, true);
  const end = (batchSize: number) => {
    const question = { learningRate: batchSize / 25, batchSize, initialWidth: 1, model: {} };
    const exit = advise(both, question).exits.find(
      ({ along, direction }) => along === 'temperature' && direction === 'up',
    );
    return exit?.value ?? Number.NaN;
  };

  test('are told apart, and what lies between them is read from both sides', () => {
    expect(Math.abs(Math.log2(end(BATCH) / TEMPERATURE_BORDER))).toBeLessThan(0.7);
    expect(Math.abs(Math.log2((16 * end(16 * BATCH)) / TEMPERATURE_BORDER))).toBeLessThan(0.7);
    expect(end(4 * BATCH)).toBeLessThan(end(BATCH));
    expect(end(4 * BATCH)).toBeGreaterThan(end(16 * BATCH));
  });

  test('beyond them there is no number', () => {
    for (const batchSize of [BATCH / 2, 32 * BATCH]) {
      const question = { learningRate: batchSize / 25, batchSize, initialWidth: 1, model: {} };
      expect(advise(both, question).refusal).toBe('other batch size');
    }
  });

  test('the range of T between them lies between theirs', () => {
    const [low, middle, high] = [BATCH, 4 * BATCH, 16 * BATCH].map((size) => both.at(size)?.temperatures[1] ?? 0);
    expect(middle).toBeCloseTo(Math.sqrt(low * high), 10);
    expect(both.at(3 * BATCH)?.lengths).toEqual([EPOCHS, EPOCHS]);
    expect(both.at(17 * BATCH)).toBeUndefined();
  });
});
