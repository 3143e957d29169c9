// The page as it was built: what is served beside a study, and what an exported page is made of.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { EigenflowError } from '../../core/errors.js';
import { isNamed, readNamed } from '../../node/files/named-file.js';
import { packageFile } from '../../node/scenario/load-module.js';
import { openPackedStudy } from './open-study.js';
import { type PackedStudy, ZIP } from './study.js';

/** What every page consists of. */
export const PARTS = ['index.html', 'app.js', 'worker.js', 'style.css'] as const;

export interface PageFiles {
  readonly folder: string;
  /** By name, without the shipped study. */
  readonly files: ReadonlyMap<string, Buffer>;
}

/** @throws EigenflowError `file` where the page is not built */
export function readPageFiles(folder = packageFile('dist', 'lab')): PageFiles {
  const missing = PARTS.find((name) => !isNamed(join(folder, name)));
  if (missing !== undefined) {
    throw new EigenflowError('file', join(folder, missing), 'is missing: the page is not built; run "npm run build"');
  }
  const names = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile() && entry.name !== ZIP);
  return { folder, files: new Map(names.map(({ name }) => [name, readNamed(join(folder, name))])) };
}

/** @throws EigenflowError `file` when none was built */
export function readShippedStudy({ folder }: PageFiles): PackedStudy {
  const path = join(folder, ZIP);
  if (!isNamed(path)) {
    throw new EigenflowError(
      'file',
      path,
      'is missing: no study comes with this build; name a results folder, a map or a scenario',
    );
  }
  return openPackedStudy(readNamed(path), path);
}
