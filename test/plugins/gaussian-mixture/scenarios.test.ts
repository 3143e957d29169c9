// The scenarios of Gaussian mixtures pass every check that is made before the first step.
import { expect, test } from 'vitest';
import { prepareStudy } from '../../../node/study/study.js';
import { builtinPlugins } from '../../../plugins/builtin.js';
import masks, { FRACTIONS } from '../../../scenarios/mixture-masks.js';
import persistence, { PERSISTENCE_TIMES } from '../../../scenarios/mixture-persistence.js';
import separability from '../../../scenarios/mixture-separability.js';

const folder = process.cwd();

test.each([
  ['mixture-masks', masks, FRACTIONS.length],
  ['mixture-persistence', persistence, PERSISTENCE_TIMES.length],
  ['mixture-separability', separability, 63],
])('%s', async (_name, scenario, cells) => {
  const { sweep, preflight } = await prepareStudy({ scenario, folder }, builtinPlugins);
  expect(sweep.grid.cells.length).toBe(cells);
  expect(preflight.totalSteps).toBe(sweep.runs.length * Number(scenario.steps));
});
