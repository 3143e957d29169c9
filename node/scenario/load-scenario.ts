// Reads a scenario from a .json, .ts or .js file or from a results folder, applies overrides from the command line, and
// finds the arrays that it names.
import { realpathSync } from 'node:fs';
import { dirname, extname, relative, resolve } from 'node:path';
import type { NamedArrays } from '../../core/contracts/arrays.js';
import { EigenflowError } from '../../core/errors.js';
import type { KernelBuildName } from '../../core/kernels/kernels.js';
import { parseScenario } from '../../core/scenario/parse.js';
import { axisAbove, sweptPaths, withValue } from '../../core/scenario/paths.js';
import type { ArrayLoader } from '../../core/scenario/resolve.js';
import type { Scenario } from '../../core/scenario/scenario.js';
import { readArrayFile } from '../files/array-file.js';
import { isNamed } from '../files/named-file.js';
import { asStored } from '../results/check-manifest.js';
import { manifestPath, readManifest } from '../results/results-folder.js';
import { importDefault } from './load-module.js';
import { readJson, refuseRepeatedKey } from './read-json.js';

export interface LoadedScenario {
  readonly scenario: Scenario;
  /** Relative paths in the scenario are relative to this folder. */
  readonly folder: string;
  /** Results that a path of `besideResults` is relative to; missing for a scenario without results. */
  readonly results?: string;
}

const BESIDE = 'results:';

/** A path in a scenario that goes from its results, of a file that moves with them. @param path from the results folder */
export const besideResults = (path: string): string => `${BESIDE}${path}`;

export const isBesideResults = (path: string): boolean => path.startsWith(BESIDE);

/** Numbers that people write and JSON does not know: `.5`, `1.`, `+2`. */
const NUMBER = /^[+-]?((0|[1-9]\d*)\.?|(0|[1-9]\d*)?\.\d+)(e[+-]?\d+)?$/i;

/** A value as `--set path=value` gives it: JSON where it parses, a number where it is one, text otherwise. */
export function parseOverride(argument: string): [path: string, value: unknown] {
  const split = argument.indexOf('=');
  if (split < 1) {
    throw new EigenflowError(
      'scenario',
      `--set ${argument}`,
      'write path=value, for example optimiser.learningRate=0.5',
    );
  }
  const text = argument.slice(split + 1);
  let value: unknown = NUMBER.test(text) ? Number(text) : text;
  try {
    value = JSON.parse(text);
  } catch {
    // A bare word, or a number that is no JSON.
  }
  if (typeof value === 'object') refuseRepeatedKey(text, `--set ${argument.slice(0, split)}`);
  return [argument.slice(0, split), value];
}

/** @throws EigenflowError `scenario` for an override of a value that the sweep replaces in every cell */
function refuseSwept(overrides: readonly string[], { sweep }: Scenario): void {
  const axes = sweptPaths(sweep);
  for (const [path] of overrides.map(parseOverride)) {
    const axis = axisAbove(path, axes);
    if (axis === undefined) continue;
    const remedy = Object.hasOwn(sweep?.axes ?? {}, axis)
      ? `give the axis other values: --set 'sweep.axes.${axis}=[...]'`
      : 'change its values under sweep.zip in the scenario';
    throw new EigenflowError(
      'scenario',
      `--set ${path}`,
      `the sweep varies ${axis}, so no run would use this; ${remedy}`,
    );
  }
}

/**
 * Loading a .ts or .js scenario runs its code; a .json scenario is data.
 *
 * @param overrides arguments of `--set`
 * @throws EigenflowError `file` or `scenario`
 */
export async function loadScenario(file: string, overrides: readonly string[] = []): Promise<LoadedScenario> {
  const path = resolve(file);
  if (!isNamed(path)) throw new EigenflowError('file', file, 'there is no such scenario file; check the path');
  const kind = extname(path);
  let content: unknown;
  if (kind === '.json') content = readJson(path);
  else if (['.ts', '.mts', '.js', '.mjs'].includes(kind)) content = await importDefault(path);
  else throw new EigenflowError('file', file, `a scenario is a file that ends in .ts, .js or .json, not in "${kind}"`);
  let scenario = content as object;
  if (typeof scenario === 'object' && scenario !== null) {
    for (const override of overrides) scenario = withValue(scenario, ...parseOverride(override));
  }
  // For editors: results do not say which file they read.
  const { $schema: _schema, ...parsed } = parseScenario(scenario);
  refuseSwept(overrides, parsed);
  return { scenario: parsed, folder: dirname(path) };
}

/**
 * Reads each file once. Paths are relative to the folder of the scenario, or to the results where they say so.
 *
 * @param results folder of the results of the scenario, where there is one
 */
export function createArrayLoader(folder: string, results?: string): ArrayLoader {
  const place = (path: string) =>
    results !== undefined && isBesideResults(path)
      ? resolve(results, path.slice(BESIDE.length))
      : resolve(folder, path);
  const known = new Map<string, NamedArrays>();
  return (path) => {
    const file = place(path);
    let arrays = known.get(file);
    if (!arrays) {
      arrays = readArrayFile(file);
      known.set(file, arrays);
    }
    return arrays;
  };
}

/** Where relative paths of the scenario lead, as seen from the results folder: the pair may be moved together. */
export function scenarioFolderFrom(results: string, scenarioFolder: string): string {
  // Symbolic links resolved: a cluster shows one folder under several paths.
  const real = (path: string) => (isNamed(path) ? realpathSync(path) : resolve(path));
  return relative(real(results), real(scenarioFolder)) || '.';
}

/** @throws EigenflowError `results` when the folder holds no results that can be read */
export function loadStoredScenario(results: string): LoadedScenario & { readonly build: KernelBuildName } {
  const { scenario, scenarioFolder = '.', kernels } = readManifest(results);
  return {
    scenario: asStored(manifestPath(results), () => parseScenario(scenario)),
    folder: resolve(realpathSync(results), scenarioFolder),
    results,
    build: kernels.name,
  };
}
