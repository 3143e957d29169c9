// The scenarios on digits and on widths pass every check that is made before the first step, and are as large as they say.
import { expect, test } from 'vitest';
import { prepareStudy } from '../../node/study/study.js';
import { builtinPlugins } from '../../plugins/builtin.js';
import digitsPhaseMap from '../../scenarios/digits-phase-map.js';
import optimisersOnDigits from '../../scenarios/optimisers-on-digits.js';
import widthTransfer from '../../scenarios/width-transfer.js';

const prepare = (scenario: typeof digitsPhaseMap) => prepareStudy({ scenario, folder: process.cwd() }, builtinPlugins);

test('digits-phase-map: a preview of at most three million steps', async () => {
  const { sweep, preflight } = await prepare(digitsPhaseMap);
  expect(sweep.runs.length).toBe(12 * 14 * 6);
  expect(preflight.totalSteps).toBe(sweep.runs.length * 20 * 128);
  expect(preflight.channels['levels.levels'].shape).toEqual([32]);
});

test('optimisers-on-digits: one grid for four optimisers, which share their instances', async () => {
  const { sweep } = await prepare(optimisersOnDigits);
  expect([...new Set(sweep.runs.map(({ optimiser }) => optimiser.use))]).toEqual(['sgd', 'momentum', 'adam', 'muon']);
  expect(sweep.runs.length).toBe(4 * 11 * 9 * 3);
  expect(sweep.grid.independent).toBe(false);
});

test('width-transfer: both hidden layers have the width', async () => {
  const { sweep } = await prepare(widthTransfer);
  for (const { model } of sweep.runs) {
    const [first, second] = model.params.hidden as number[];
    expect(first).toBe(second);
  }
  expect(new Set(sweep.runs.map(({ model }) => model.params.parametrisation))).toEqual(new Set(['standard', 'mup']));
});
