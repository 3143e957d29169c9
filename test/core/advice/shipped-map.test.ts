// The map that comes with eigenflow: complete, calibrated, and in the three corners of the published diagram what they
// are known for.
import { describe, expect, test } from 'vitest';
import { advise } from '../../../core/advice/advice.js';
import { openMap } from '../../../core/advice/reading.js';
import { readMapFile } from '../../../core/node/map/map-file.js';
import { readMap } from '../../../core/node/map/read-map.js';
import phaseMap from '../../../scenarios/phase-map.js';

const FOLDER = 'maps/tanh-teacher-student';
const { file, rows } = readMapFile(FOLDER);
const data = readMap(FOLDER);
const map = openMap(data);

test('it is the scenario that it says, with every run', () => {
  const { figures: _figures, ...scenario } = phaseMap;
  expect(file.scenario).toEqual(JSON.parse(JSON.stringify(scenario)));
  expect(rows).toHaveLength(12 * 12 * 5);
  expect(new Set(rows.map((row) => row.cell('id'))).size).toBe(720);
  expect(data.conditions.classifier).toBe('order-parameters');
  expect(map).toMatchObject({ runs: 720, settings: 144, instances: 5 });
});

test('its smoothness is the one that calibration finds', () => {
  expect(openMap({ ...data, smoothness: undefined }).smoothness).toEqual(data.smoothness);
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
