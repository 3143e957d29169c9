// The scenarios of the plugin pass every check that is made before the first step, and are as large as they say.
import { expect, test } from 'vitest';
import { prepareStudy } from '../../../node/study/study.js';
import { builtinPlugins } from '../../../plugins/builtin.js';
import condensation from '../../../scenarios/condensation.js';
import map from '../../../scenarios/two-layer-relu-map.js';

const folder = process.cwd();

test('two-layer-relu-map: six by six exponents, five widths, four seeds', async () => {
  const { sweep, preflight } = await prepareStudy({ scenario: map, folder }, builtinPlugins);
  expect(sweep.runs.length).toBe(6 * 6 * 5 * 4);
  expect(preflight.totalSteps).toBe(sweep.runs.length * 1400);
});

test('condensation: early and late', async () => {
  const { sweep, preflight } = await prepareStudy({ scenario: condensation, folder }, builtinPlugins);
  expect(sweep.grid.cells.length).toBe(2);
  expect(preflight.channels['orientation.density'].shape).toEqual([72]);
});
