// The scenarios of disordered dynamics and of linear stability pass every check that is made before the first step, and are
// as small as previews are to be.
import { expect, test } from 'vitest';
import type { Scenario } from '../../core/scenario/scenario.js';
import { prepareStudy } from '../../node/study/study.js';
import { builtinPlugins } from '../../plugins/builtin.js';
import nagGs from '../../scenarios/nag-gs.js';
import nagGsPhases from '../../scenarios/nag-gs-phases.js';
import nonNormalBump from '../../scenarios/non-normal-bump.js';
import onePassRegression from '../../scenarios/one-pass-regression.js';
import randomMatrixResponse from '../../scenarios/random-matrix-response.js';
import regressionTestError from '../../scenarios/regression-test-error.js';
import stiffPoisson from '../../scenarios/stiff-poisson.js';

const prepare = (scenario: Scenario) => prepareStudy({ scenario, folder: process.cwd() }, builtinPlugins);

test.each([
  ['random-matrix-response', randomMatrixResponse, 3 * 2],
  ['regression-test-error', regressionTestError, 8 * 5 * 2],
  ['non-normal-bump', nonNormalBump, 2 * 3],
  ['one-pass-regression', onePassRegression, 4 * 20 * 8],
  ['nag-gs', nagGs, 2 * 39],
  ['nag-gs-phases', nagGsPhases, 21 * 13 * 4],
  ['stiff-poisson', stiffPoisson, 2],
])('%s has %i runs', async (_name, scenario: Scenario, runs) => {
  const { sweep, preflight } = await prepare(scenario);
  expect(sweep.runs.length).toBe(runs);
  expect(preflight.totalSteps).toBe(runs * Number(scenario.steps));
});

test('the mass of NAG-GS stays where it begins', async () => {
  const { sweep } = await prepare(nagGsPhases);
  for (const { optimiser } of sweep.runs) expect(optimiser.params.mass).toBe(optimiser.params.convexity);
});
