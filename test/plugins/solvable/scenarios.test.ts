// The scenarios of this topic pass every check that is made before the first step.
import { expect, test } from 'vitest';
import { prepareStudy } from '../../../core/node/study.js';
import { builtinPlugins } from '../../../plugins/builtin.js';
import gaussianRbm from '../../../scenarios/gaussian-rbm.js';
import levelRepulsion from '../../../scenarios/level-repulsion.js';

const folder = process.cwd();

test('level-repulsion: the 14 published settings, 5000 steps each', async () => {
  const { sweep, preflight } = await prepareStudy({ scenario: levelRepulsion, folder }, builtinPlugins);
  expect(sweep.grid.cells.length).toBe(14);
  expect(preflight.totalSteps).toBe(sweep.runs.length * 5000);
});

test('gaussian-rbm: the 10 published settings', async () => {
  const { sweep, preflight } = await prepareStudy({ scenario: gaussianRbm, folder }, builtinPlugins);
  expect(sweep.grid.cells.length).toBe(10);
  expect(preflight.totalSteps).toBe(sweep.runs.length * 100_000);
  expect(preflight.channels['spacing.pValue'].shape).toEqual([4]);
});
