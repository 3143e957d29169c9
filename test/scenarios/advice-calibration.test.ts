// The settings that test the advice were drawn blindly, and share nothing with the map.
import { expect, test } from 'vitest';
import type { Scenario } from '../../core/scenario/scenario.js';
import { createRandomSource } from '../../core/statistics/random-source.js';
import calibration from '../../scenarios/advice-calibration.js';
import phaseMap from '../../scenarios/phase-map.js';

test('the settings are those of the recorded draw', () => {
  const { sweep }: Scenario = calibration;
  const [group] = (sweep?.zip ?? []) as readonly Record<string, readonly number[]>[];
  const source = createRandomSource(1, 'advice-calibration');
  const draw = () => Number((2 ** (-3 + 11 * source.uniform())).toPrecision(4));
  const settings = Array.from({ length: 200 }, () => [draw(), draw()]);
  expect(group['model.initialWidth']).toEqual(settings.map(([width]) => width));
  expect(group['optimiser.learningRate']).toEqual(settings.map(([, rate]) => rate));
});

test('a run is that of the map but for its setting and its seed', () => {
  const { title: _t, seed: _s, sweep: _w, ...rest }: Scenario = calibration;
  const { title: _T, description: _d, seed: _S, sweep: _W, figures: _f, ...map }: Scenario = phaseMap;
  expect(rest).toEqual(map);
});

test('no run shares its teacher, data or initial weights with the map or with another setting', () => {
  const { seed, sweep }: Scenario = calibration;
  expect(seed).not.toBe(phaseMap.seed);
  expect(sweep).toMatchObject({ seeds: 1, independent: true });
});
