// The scenarios of levels and solvable models pass every check that is made before the first step.
import { expect, test } from 'vitest';
import { prepareComparison } from '../../../analysis/comparison/comparison.js';
import { prepareStudy } from '../../../node/study/study.js';
import { builtinPlugins } from '../../../plugins/builtin.js';
import gaussianRbm from '../../../scenarios/gaussian-rbm.js';
import laguerreStationary from '../../../scenarios/laguerre-stationary.js';
import levelRepulsion from '../../../scenarios/level-repulsion.js';
import linearScalingRule from '../../../scenarios/linear-scaling-rule.js';
import sgdVsLangevin from '../../../scenarios/sgd-vs-langevin.js';

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

test('laguerre-stationary: two starts', async () => {
  const { sweep } = await prepareStudy({ scenario: laguerreStationary, folder }, builtinPlugins);
  expect(sweep.grid.cells.length).toBe(2);
});

test('linear-scaling-rule: the same temperature and learning time in every cell', async () => {
  const { sweep } = await prepareStudy({ scenario: linearScalingRule, folder }, builtinPlugins);
  for (const { axes } of sweep.runs) {
    expect(Number(axes['optimiser.learningRate']) / Number(axes['noise.batchSize'])).toBe(1 / 64);
  }
  expect(linearScalingRule.time).toBe(64);
});

test('sgd-vs-langevin: all surrogates, those with coefficients that are yet to be measured as well', async () => {
  const { surrogates, top } = await prepareComparison({ scenario: sgdVsLangevin, folder }, builtinPlugins, 'nowhere');
  expect(surrogates).toEqual(['langevin', 'isotropic', 'linearised', 'frozen']);
  expect(top).toBe(6);
});
