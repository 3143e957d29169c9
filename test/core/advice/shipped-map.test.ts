// The map that comes with eigenflow: complete, calibrated, and in the three corners of the published diagram what they
// are known for.
import { describe, expect, test } from 'vitest';
import { advise } from '../../../analysis/advice/advice.js';
import { readMapFile } from '../../../analysis/advice/map-file.js';
import { readMap } from '../../../analysis/advice/read-map.js';
import { openMap } from '../../../analysis/advice/reading.js';
import type { Scenario } from '../../../core/scenario/scenario.js';
import phaseMap from '../../../scenarios/phase-map.js';
import shortMap from '../../../scenarios/short-map.js';
import batchSizes from '../../../scenarios/short-map-batch-sizes.js';
import edge from '../../../scenarios/short-map-edge.js';
import edgeWidths from '../../../scenarios/short-map-edge-widths.js';
import { CHI_SQUARE_99, edgeTest, formerMap, powerOf, TOLERANCE } from '../../validate/advice-edge.js';

const FOLDER = 'maps/tanh-teacher-student';
const { file, rows } = readMapFile(FOLDER);
const data = readMap(FOLDER);
const map = openMap(data);

test('it is the scenarios that it says, and every instance is that of all of them', () => {
  const plain = ({ figures: _figures, ...scenario }: Scenario) => JSON.parse(JSON.stringify(scenario));
  expect(file.scenario).toEqual(plain(phaseMap));
  const scenarios = (file.parts ?? []).map((part) => part.scenario);
  expect(scenarios.map(({ title }) => title)).toContain(plain(shortMap).title);
  for (const one of [shortMap, edge, edgeWidths, batchSizes]) expect(scenarios).toContainEqual(plain(one));
  expect(new Set(scenarios.map(({ seed }) => seed)).size).toBe(1);
  expect(data.conditions.classifier).toBe('order-parameters');
  expect(rows.filter((row) => row.cell('epochs') === '10000')).toHaveLength(12 * 12 * 5);
});

test('twenty instances or more are where the phase is open at batch size 4', () => {
  const at = (width: number, rate: number) =>
    data.runs.filter(
      (run) => run.initialWidth === width && run.learningRate === rate && run.batchSize === 4 && run.length === 1000,
    );
  for (const [width, rate] of [
    [1, 1.4],
    [1, 2],
    [1, 2.828],
    [1, 4],
    [4, 2.828],
    [4, 4],
  ]) {
    expect(new Set(at(width, rate).map(({ instance }) => instance)).size).toBeGreaterThanOrEqual(20);
  }
});

describe('on instances that it has not seen', () => {
  const runs = readMap('test/reference/advice-edge', 'order-parameters').runs;
  const result = edgeTest(map, runs);
  test('its probabilities near the edges are those of sixty runs and more, each on one of its own', () => {
    expect(result.n).toBeGreaterThanOrEqual(60);
    expect(Math.abs(result.measured - result.stated)).toBeLessThan(TOLERANCE * result.error);
    expect(result.chiSquare).toBeLessThan(CHI_SQUARE_99[result.settings.length]);
    // Its own error leaves room to be found wrong.
    expect(powerOf(result.error)).toBeLessThan(0.4);
  });

  test('the map that it replaces, of five instances and one spread, is found wrong', () => {
    const old = edgeTest(
      openMap(formerMap(data), true),
      runs.filter(({ batchSize }) => batchSize === 4),
    );
    expect(old.chiSquare).toBeGreaterThan(CHI_SQUARE_99[old.settings.length]);
  });
});

describe('the corners of the diagram', () => {
  // Published: ordered for small widths and T, jammed for large widths and small T, paramagnetic for large T.
  const corners = [
    { initialWidth: 1 / 8, temperature: 1 / 32, label: 'ordered' },
    { initialWidth: 256, temperature: 1 / 32, label: 'jammed' },
    { initialWidth: 1 / 8, temperature: 64, label: 'paramagnetic' },
  ];
  for (const { initialWidth, temperature, label } of corners) {
    test(label, () => {
      const advice = advise(map, { learningRate: 4 * temperature, batchSize: 4, initialWidth, model: {} });
      expect(advice.label).toBe(label);
      expect(advice.probabilities?.[label].value).toBeGreaterThan(0.95);
    });
  }

  test('the ordered phase ends between T = 1/4 and 1 and at widths between 8 and 32', () => {
    const { exits } = advise(map, { learningRate: 0.5, batchSize: 4, initialWidth: 1, model: {} });
    const at = (along: string) => exits.find((exit) => exit.along === along && exit.direction === 'up')?.value ?? 0;
    expect(at('temperature')).toBeGreaterThan(0.25);
    expect(at('temperature')).toBeLessThan(1);
    expect(at('initialWidth')).toBeGreaterThan(8);
    expect(at('initialWidth')).toBeLessThan(32);
  });
});
