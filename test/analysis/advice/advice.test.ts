// Advice on a map whose borders are known: the phase, the distances, the safe band, the change; and no number where the
// map has none to give.
import { describe, expect, test } from 'vitest';
import { type Advice, advise, type Question } from '../../../analysis/advice/advice.js';
import { combineMaps } from '../../../analysis/advice/combine.js';
import { networkDifferences } from '../../../analysis/advice/network.js';
import { nextScenario } from '../../../analysis/advice/next-scenario.js';
import { openMap } from '../../../analysis/advice/reading.js';
import type { Json } from '../../../core/contracts/json.js';
import { flag, integer, integers, number } from '../../../core/contracts/parameters.js';
import { BATCH, EPOCHS, madeUpMap, TEMPERATURE_BORDER, WIDTH_BORDER } from './made-up-map.js';

const map = openMap(madeUpMap);
const ask = (width: number, temperature: number, more: Partial<Question> = {}): Advice =>
  advise(map, { learningRate: BATCH * temperature, batchSize: BATCH, initialWidth: width, model: {}, ...more });
const at = (initialWidth: number, temperature: number) => ({
  initialWidth,
  temperature,
  batchSize: BATCH,
  length: EPOCHS,
});
const octaves = (a: number, b: number) => Math.abs(Math.log2(a / b));
const exit = (advice: Advice, along: string, direction: string) =>
  advice.exits.find((one) => one.along === along && one.direction === direction);

describe('inside a phase', () => {
  const advice = ask(1, 0.25);

  test('its probability is near 1, and those of all labels sum to 1', () => {
    expect(advice.refusal).toBeUndefined();
    expect(advice.label).toBe('ordered');
    const values = Object.values(advice.probabilities ?? {}).map(({ value }) => value);
    expect(values[0]).toBeGreaterThan(0.95);
    expect(values.reduce((sum, value) => sum + value)).toBeCloseTo(1, 10);
    expect(advice.certainty).toBeGreaterThan(0.95);
  });

  test('the boundaries are where they were put, within half of a cell, and their bands hold them', () => {
    const hot = exit(advice, 'temperature', 'up');
    expect(hot?.to).toBe('paramagnetic');
    expect(octaves(hot?.value ?? 0, TEMPERATURE_BORDER)).toBeLessThan(0.5);
    expect(hot?.factor).toBeCloseTo((hot?.value ?? 0) / 0.25, 10);
    expect(hot?.nearest).toBeLessThan(hot?.value ?? 0);
    expect(hot?.farthest).toBeGreaterThan(hot?.value ?? 0);
    const wide = exit(advice, 'initialWidth', 'up');
    expect(wide?.to).toBe('jammed');
    expect(octaves(wide?.value ?? 0, WIDTH_BORDER)).toBeLessThan(0.5);
  });

  test('where there is no boundary the edge of the map is told', () => {
    const cold = exit(advice, 'temperature', 'down');
    expect(cold?.to).toBeUndefined();
    expect(cold?.value).toBeCloseTo(1.1 / 32, 10);
  });

  test('the safe band begins where the map does and ends before the border of the most sensitive instance', () => {
    expect(advice.safeBand).toMatchObject({ isCutBelow: true, isCutAbove: false });
    expect(advice.safeBand?.high).toBeLessThan(TEMPERATURE_BORDER);
    expect(advice.safeBand?.high).toBeGreaterThan(TEMPERATURE_BORDER / 4);
    expect(advice.changes).toEqual([]);
  });

  test('more confidence leaves less of it', () => {
    const strict = ask(1, 0.25, { confidence: 0.97 });
    expect(strict.safeBand?.high ?? 0).toBeLessThan(advice.safeBand?.high ?? 0);
  });
});

describe('a setting that is not safe', () => {
  test('is told the nearest one that is, by T alone and by width alone', () => {
    const advice = ask(1, 16);
    expect(advice.label).toBe('paramagnetic');
    const [first] = advice.changes;
    expect(first).toMatchObject({ of: 'temperature' });
    expect(first.factor).toBeLessThan(1);
    expect(first.to).toBeCloseTo(advice.safeBand?.high ?? 0, 6);
    // It is safe, as far as the map can tell.
    expect(ask(1, first.to * 0.999).probabilities?.ordered.value).toBeGreaterThanOrEqual(0.9);
  });

  test('is told of the width where T cannot help', () => {
    const advice = ask(100, 0.25);
    expect(advice.label).toBe('jammed');
    expect(advice.safeBand).toBeUndefined();
    expect(advice.changes.map(({ of }) => of)).toEqual(['initialWidth']);
  });

  test('may want another phase than the first', () => {
    expect(ask(100, 0.25, { safe: 'jammed' }).changes).toEqual([]);
  });
});

describe('no number', () => {
  test('where instances disagree about as often as not, but the settings and what to do', () => {
    // Along the border the map cannot always tell which label is the more probable one.
    const near = Array.from({ length: 40 }, (_, i) => TEMPERATURE_BORDER * 2 ** ((i - 20) / 40));
    const undecided = near.filter((temperature) => !map.read(at(1, temperature)).isDecided);
    expect(undecided.length).toBeGreaterThan(3);
    for (const advice of [undecided[0], undecided[undecided.length - 1]].map((temperature) => ask(1, temperature))) {
      expect(advice.refusal).toBe('undecided');
      expect(advice.label).toBeUndefined();
      expect(advice.probabilities).toBeUndefined();
      expect(advice.exits).toEqual([]);
      expect(advice.candidates).toContain('ordered');
      expect(advice.candidates).toContain('paramagnetic');
      expect(advice.changes.length).toBeGreaterThan(0);
    }
  });

  test('outside the map', () => {
    for (const advice of [ask(1000, 1), ask(1, 1000), ask(1e-3, 1)]) expect(advice.refusal).toBe('outside the map');
  });

  test('for another network, with what differs', () => {
    const advice = ask(1, 0.25, { model: { hidden: 64, depth: 3 } });
    expect(advice.refusal).toBe('other network');
    expect(advice.differences).toEqual([
      { name: 'hidden', map: 32, asked: 64 },
      { name: 'depth', map: undefined, asked: 3 },
    ]);
    expect(ask(1, 0.25, { model: { hidden: 32 } }).refusal).toBeUndefined();
  });

  test('is recognised by what its parameters mean, however they are written', () => {
    const params = {
      hidden: integers({ doc: 'widths', unit: '1', min: 1 }),
      bias: flag({ doc: 'whether', unit: '1', default: false }),
      samples: integer({ doc: 'how many', unit: '1', min: 1 }),
      initialWidth: number({ doc: 'sigma', unit: '1' }),
    };
    const models = [
      { name: 'network', params },
      { name: 'other', params },
    ];
    const known = { use: 'network', hidden: 32, samples: 40 };
    const differences = (asked: Record<string, Json>) => networkDifferences(known, asked, models);
    expect(differences({ hidden: [32], bias: false, use: 'network' })).toEqual([]);
    expect(differences({ hidden: [32, 32], bias: true })).toEqual([
      { name: 'hidden', map: 32, asked: [32, 32] },
      { name: 'bias', map: false, asked: true },
    ]);
    expect(differences({ use: 'other', hidden: [32] })).toEqual([{ name: 'use', map: 'network', asked: 'other' }]);
    expect(() => differences({ hiden: 3 })).toThrow('model.hiden: no such parameter; did you mean "hidden"?');
    expect(() => differences({ samples: 0 })).toThrow('model.samples: 0 is out of range');
    // A model from a plugin of one's own, which is not loaded.
    expect(networkDifferences({ use: 'mine', depth: 2 }, { depth: 3 }, models)).toHaveLength(1);
  });

  test('at another batch size, but what the map has at the same T and at the same learning rate', () => {
    const advice = advise(map, { learningRate: 4, batchSize: 32, initialWidth: 1, model: {} });
    expect(advice.refusal).toBe('other batch size');
    expect(advice.bracket).toEqual({ batchSize: BATCH, sameTemperature: 'ordered', sameRate: 'ordered' });
    const hot = advise(map, { learningRate: 64, batchSize: 256, initialWidth: 1, model: {} });
    expect(hot.bracket).toEqual({ batchSize: BATCH, sameTemperature: 'ordered', sameRate: 'paramagnetic' });
    expect(hot.probabilities).toBeUndefined();
  });
});

describe('several maps', () => {
  test('are read as one, and more instances at a setting sharpen the answer there', () => {
    const seeds = Array.from({ length: 20 }, (_, seed) => ({
      initialWidth: 1,
      learningRate: BATCH * TEMPERATURE_BORDER,
      batchSize: BATCH,
      length: EPOCHS,
      instance: `1 ${5 + seed}`,
      label: seed < 17 ? 'ordered' : 'paramagnetic',
    }));
    const both = openMap(combineMaps([madeUpMap, { ...madeUpMap, source: 'next', runs: seeds }]));
    expect(both.runs).toBe(madeUpMap.runs.length + 20);
    expect(both.instances).toBe(25);
    const width = (reading: typeof map) => {
      const { low, high } = reading.read(at(1, TEMPERATURE_BORDER)).probabilities.ordered;
      return high - low;
    };
    expect(width(both)).toBeLessThan(width(map));
  });

  test('of different conditions are refused', () => {
    const other = {
      ...madeUpMap,
      source: 'other',
      conditions: { ...madeUpMap.conditions, lengthUnit: 'steps' as const },
    };
    expect(() => combineMaps([madeUpMap, other])).toThrow(
      /other: cannot be read together with made-up: another lengthUnit/,
    );
  });
});

test('a map with one label says so with less than certainty', () => {
  const ordered = openMap({ ...madeUpMap, runs: madeUpMap.runs.filter(({ label }) => label === 'ordered') });
  const reading = ordered.read(at(1, 0.25));
  expect(reading.label).toBe('ordered');
  expect(reading.probabilities.ordered.value).toBeGreaterThan(0.9);
  expect(reading.probabilities.ordered.value).toBeLessThan(1);
});

test('a map without two labelled settings is no map', () => {
  expect(() => openMap({ ...madeUpMap, runs: madeUpMap.runs.slice(0, 5) })).toThrow(/one setting at most/);
});

test('the next scenario is the map with the setting in the place of its grid', () => {
  const made = {
    title: 'Map',
    plugins: ['p'],
    epochs: 10,
    model: { use: 'network', initialWidth: 1 },
    loss: { use: 'l' },
    noise: { use: 'minibatch', batchSize: 4 },
    optimiser: { use: 'sgd', learningRate: 1 },
    sweep: { axes: { 'model.initialWidth': [1, 2] }, seeds: 5 },
  };
  const question = { learningRate: 3, batchSize: 8, initialWidth: 2, model: { hidden: 64 } };
  const setting = { initialWidth: 2, temperature: 3 / 8, batchSize: 8, length: 10 };
  const next = nextScenario(made, madeUpMap, question, setting);
  expect(next).toMatchObject({
    epochs: 10,
    model: { use: 'network', hidden: 64 },
    noise: { batchSize: 8 },
    sweep: { axes: { 'model.initialWidth': [2], 'optimiser.learningRate': [3] }, seeds: 10 },
  });
});
