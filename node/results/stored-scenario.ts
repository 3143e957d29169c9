// The scenario of a results folder: what goes on with a study needs no other file, but plugins and arrays that the
// scenario names by path.
import { existsSync, realpathSync, statSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import type { KernelBuildName } from '../../core/kernels/kernels.js';
import { parseScenario } from '../../core/scenario/parse.js';
import type { LoadedScenario } from '../scenario/load-scenario.js';
import { asStored } from './check-manifest.js';
import { manifestPath, readManifest } from './results-folder.js';

/** Where relative paths of the scenario lead, as seen from the results folder: the pair may be moved together. */
export function scenarioFolderFrom(results: string, scenarioFolder: string): string {
  // Symbolic links resolved: a cluster shows one folder under several paths.
  const real = (path: string) => (existsSync(path) ? realpathSync(path) : resolve(path));
  return relative(real(results), real(scenarioFolder)) || '.';
}

/** @throws EigenflowError `results` when the folder holds no results that can be read */
export function loadStoredScenario(results: string): LoadedScenario & { readonly build: KernelBuildName } {
  const { scenario, scenarioFolder = '.', kernels } = readManifest(results);
  return {
    scenario: asStored(manifestPath(results), () => parseScenario(scenario)),
    folder: resolve(realpathSync(results), scenarioFolder),
    build: kernels.name,
  };
}

export const isFolder = (path: string) => existsSync(path) && statSync(path).isDirectory();
