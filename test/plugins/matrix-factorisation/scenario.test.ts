// The scenario of symmetric factorisation passes every check that is made before the first step.
import { expect, test } from 'vitest';
import { prepareStudy } from '../../../node/study/study.js';
import { builtinPlugins } from '../../../plugins/builtin.js';
import scenario from '../../../scenarios/matrix-factorisation.js';

test('fewer columns than needed, as many, and as many as rows', async () => {
  const { sweep, preflight } = await prepareStudy({ scenario, folder: process.cwd() }, builtinPlugins);
  expect(sweep.runs.map(({ axes }) => axes['model.rank'])).toEqual([2, 3, 6]);
  expect(preflight.channels['modes.levels'].shape).toEqual([3]);
});
