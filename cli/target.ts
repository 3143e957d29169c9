// What a command goes on with: a results folder, or a scenario with the folder that its results go to.
import { basename, extname, join } from 'node:path';
import { type Command, Option } from 'commander';
import { EigenflowError } from '../core/errors.js';
import { isNamedFolder } from '../node/files/named-file.js';
import { readManifest, refuseAnalysis } from '../node/results/results-folder.js';
import { loadScenario, loadStoredScenario } from '../node/scenario/load-scenario.js';
import { prepareStudy, type Study } from '../node/study/study.js';
import { builtinPlugins } from '../plugins/builtin.js';
import { whole } from './compute.js';

export interface TargetArguments {
  readonly out?: string;
  readonly seed?: number;
  readonly set?: readonly string[];
  readonly kernels?: 'strict' | 'relaxed';
}

/** Parser of an option that may be repeated. */
export const collect = (value: string, list: readonly string[] = []) => [...list, value];

/** Adds the options that make a study of a scenario. */
export function withTargetOptions(command: Command): Command {
  return command
    .option('-o, --out <folder>', 'results folder (default: results/<name of the scenario>)')
    .option('-s, --seed <n>', 'root seed', whole(0))
    .option('--set <path=value>', 'override a value of the scenario; may be repeated', collect)
    .addOption(
      new Option(
        '--kernels <build>',
        'strict unless given; relaxed is faster on some machines, and its bits are not portable',
      ).choices(['strict', 'relaxed']),
    );
}

/** @throws EigenflowError; nothing has been written by then */
export async function openTarget(
  target: string,
  { set = [], ...options }: TargetArguments,
): Promise<{ study: Study; out: string }> {
  if (isNamedFolder(target)) {
    const given = (['out', 'seed', 'kernels'] as const).find((name) => options[name] !== undefined);
    const option = given ?? (set.length > 0 ? 'set' : undefined);
    if (option !== undefined) {
      const message = `${target} is a results folder, whose scenario is settled; name the scenario file instead`;
      throw new EigenflowError('results', `--${option}`, message);
    }
    refuseAnalysis(target, readManifest(target));
    const { build, ...stored } = loadStoredScenario(target);
    return { study: await prepareStudy(stored, builtinPlugins, build), out: target };
  }
  const overrides = options.seed === undefined ? set : [...set, `seed=${options.seed}`];
  const loaded = await loadScenario(target, overrides);
  const study = await prepareStudy(loaded, builtinPlugins, options.kernels ?? 'strict');
  return { study, out: options.out ?? join('results', basename(target, extname(target))) };
}
