// The folder of an analysis is a results folder like any other, but its runs were looked at and not computed.

import { existsSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { EigenflowError } from '../../core/errors.js';
import { type Manifest, manifestPath } from '../../node/results/results-folder.js';
import { analysisFolder } from '../../node/results/stored-verdicts.js';

/** @throws EigenflowError `results` for a folder that an analysis has written: there is no study to go on with */
export function refuseAnalysis(
  folder: string,
  { scenario, checkpoints, title }: Pick<Manifest, 'scenario' | 'checkpoints' | 'title'>,
): void {
  const fail = (what: string, remedy: string) =>
    new EigenflowError('results', folder, `is an analysis of ${what}: there is nothing to compute; ${remedy}`);
  // Older analyses have no record of the checkpoints, but the model that stood in for theirs.
  if (checkpoints !== undefined || scenario.model?.use === 'recorded-weights') {
    throw fail('checkpoints', '"eigenflow analyse" on the folder with the checkpoints looks at them again');
  }
  const runs = dirname(resolve(folder));
  const isBeside = basename(resolve(folder)) === basename(analysisFolder(runs)) && existsSync(manifestPath(runs));
  if (isBeside && title.endsWith(': analysis')) {
    throw fail(
      'stored runs',
      `"eigenflow run ${dirname(folder)}" goes on with the runs, "eigenflow analyse" looks at them again`,
    );
  }
}
