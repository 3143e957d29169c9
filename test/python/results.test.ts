// What Python users see: real numpy, xarray and pandas open the files of a synthetic study and check every number.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, test } from 'vitest';
import { exportDataset } from '../../analysis/export/index.js';
import type { Scenario } from '../../core/scenario/scenario.js';
import { writeSyntheticStudy } from '../analysis/synthetic-study.js';
import { temporaryFolder } from '../node/files/temporary-folder.js';
import { smallMap } from '../node/small-map.js';
import { compute } from '../node/studies.js';

const sweptSteps: Scenario = {
  ...smallMap,
  epochs: undefined,
  classifier: undefined,
  sweep: { axes: { steps: [2, 3] }, seeds: 2 },
};

const here = dirname(fileURLToPath(import.meta.url));
const python = resolve(here, '../../.venv/bin/python');
const isReady = existsSync(python);
const inCi = !['', 'false', undefined].includes(process.env.CI);

if (!isReady && !inCi) {
  console.warn('Skipped: the Python readers are not installed. Run "sh test/python/setup.sh" once, then test again.');
}

describe.skipIf(!isReady && !inCi)('Python', () => {
  const folder = temporaryFolder();
  const study = join(folder, 'study');

  beforeAll(async () => {
    if (!isReady) throw new Error(`no ${python}: run "sh test/python/setup.sh" before the tests`);
    writeSyntheticStudy(study);
    const swept = await compute(sweptSteps, { out: join(study, 'swept-steps') });
    for (const folder of [study, swept.out]) {
      for (const format of ['zarr', 'netcdf', 'csv', 'parquet'] as const) await exportDataset(folder, format);
    }
  });

  test.each([
    'numpy opens the runs without pickle',
    'xarray opens Zarr with names, units and coordinates',
    'xarray opens netCDF with both engines, the same dataset',
    'pandas opens the long tables',
    'a swept number of steps is an axis beside the steps that were made',
  ])('%s', (check) => {
    // Warnings are errors: a user should not see any either.
    const script = join(here, 'check_results.py');
    const result = execute(python, ['-W', 'error', script, study, check]);
    if (result !== undefined) throw new Error(result);
  });
});

/** @returns what the program printed when it failed. */
function execute(program: string, args: readonly string[]): string | undefined {
  try {
    execFileSync(program, args, { encoding: 'utf8', stdio: 'pipe' });
    return undefined;
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    return stdout + stderr;
  }
}
