// The map that comes with eigenflow: complete, calibrated, and in the three corners of the published diagram what they
// are known for.
import { describe, expect, test } from 'vitest';
import { advise } from '../../../analysis/advice/advice.js';
import { readMapFile } from '../../../analysis/advice/map-file.js';
import { readMap } from '../../../analysis/advice/read-map.js';
import { openMap } from '../../../analysis/advice/reading.js';
import type { Scenario } from '../../../core/scenario/scenario.js';
import phaseMap from '../../../scenarios/phase-map.js';
import phaseMapEdge from '../../../scenarios/phase-map-edge.js';
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
  for (const one of [shortMap, edge, edgeWidths, batchSizes, phaseMapEdge])
    expect(scenarios).toContainEqual(plain(one));
  expect(new Set(scenarios.map(({ seed }) => seed)).size).toBe(1);
  expect(data.conditions.classifier).toBe('order-parameters');
  expect(rows.filter((row) => row.cell('epochs') === '10000' && Number(row.cell('seed')) < 5)).toHaveLength(
    12 * 12 * 5,
  );
});

describe('at batch size 4', () => {
  const powers = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, k) => 2 ** (first + k));
  const instancesAt = (width: number, rate: number, epochs: number) => {
    const there = data.runs.filter(
      (run) => run.initialWidth === width && run.learningRate === rate && run.batchSize === 4 && run.length === epochs,
    );
    return new Set(there.map(({ instance }) => instance)).size;
  };

  test('twenty instances are wherever the grid of the paper leaves the phase open', () => {
    const [safe] = data.labels;
    const settings = powers(-3, 8).flatMap((initialWidth) =>
      powers(-3, 8).map((learningRate) => ({ initialWidth, learningRate })),
    );
    const open = settings.filter(({ initialWidth, learningRate }) => {
      const setting = { initialWidth, temperature: learningRate / 4, batchSize: 4, length: 10_000 };
      const { value } = map.read(setting).probabilities[safe];
      return value > 0.05 && value < 0.95;
    });
    expect(open.length).toBeGreaterThan(20);
    const few = open.filter(({ initialWidth, learningRate }) => instancesAt(initialWidth, learningRate, 10_000) < 20);
    expect(few).toEqual([]);
  });

  test('twenty instances are at the edges of the map of 1000 epochs', () => {
    for (const [width, rate] of [
      [1, 1.4],
      [1, 2],
      [1, 2.828],
      [1, 4],
      [4, 2.828],
      [4, 4],
    ]) {
      expect(instancesAt(width, rate, 1000)).toBeGreaterThanOrEqual(20);
    }
  });
});

describe.each(['advice-edge', 'advice-edge-long'])('on instances that it has not seen: %s', (calibration) => {
  const runs = readMap(`test/reference/${calibration}`, 'order-parameters').runs;
  const result = edgeTest(map, runs);
  test('its probabilities near the edges are those of sixty runs and more, each on one of its own', () => {
    expect(result.n).toBeGreaterThanOrEqual(60);
    expect(Math.abs(result.measured - result.stated)).toBeLessThan(TOLERANCE * result.error);
    expect(result.chiSquare).toBeLessThan(CHI_SQUARE_99[result.settings.length]);
    // Its own error leaves room to be found wrong.
    expect(powerOf(result.error)).toBeLessThan(0.4);
  });

  test('the map that shipped first, of five instances and one spread, is found wrong', () => {
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
