// Where measured coefficients of a surrogate lie: in the folder of the comparison, beside the results that were computed with
// them. The scenario of these names them as seen from there, so that all can be moved together.
import { basename, join } from 'node:path';
import type { Tree } from '../../core/schema/schema.js';
import { writeHeld } from '../../node/files/held-files.js';
import {
  isResults,
  type Manifest,
  manifestPath,
  manifestText,
  readManifest,
} from '../../node/results/results-folder.js';
import { besideResults, isBesideResults } from '../../node/scenario/load-scenario.js';

const fileName = (surrogate: string) => `${surrogate}.npz`;

export const coefficientsFile = (out: string, surrogate: string): string => join(out, fileName(surrogate));

/** As the scenario of the surrogate names it. */
export const coefficientsPath = (surrogate: string): string => besideResults(`../${fileName(surrogate)}`);

/**
 * Earlier versions named the file as seen from the scenario, where a comparison that was moved does not find it any more:
 * results of theirs name it as those of this one from here on.
 *
 * @param out folder of the comparison
 */
export async function nameByResults(out: string, surrogate: string): Promise<void> {
  const folder = join(out, surrogate);
  if (!isResults(folder)) return;
  const stored = readManifest(folder);
  const isEarlier = (value: unknown): value is string =>
    typeof value === 'string' && !isBesideResults(value) && basename(value) === fileName(surrogate);
  const model = (stored.scenario.model ?? {}) as Tree;
  const parameter = Object.keys(model).find((key) => isEarlier(model[key]));
  if (parameter === undefined) return;
  const path = coefficientsPath(surrogate);
  const renamed = {
    ...stored,
    scenario: { ...stored.scenario, model: { ...model, [parameter]: path } },
    ...(stored.files && { files: stored.files.map((one) => (isEarlier(one.file) ? { ...one, file: path } : one)) }),
  } as Manifest;
  await writeHeld(folder, manifestPath(folder), manifestText(renamed));
}
