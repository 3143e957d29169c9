// Prepares a comparison over several instances: the same scenario under one root seed after the other, which draws another
// teacher, other data and other first weights, as far as they are drawn.
import { startTheSame } from '../../core/engine/repeats.js';
import { EigenflowError } from '../../core/errors.js';
import type { BuiltinPlugins } from '../../node/scenario/load-plugins.js';
import type { LoadedScenario } from '../../node/scenario/load-scenario.js';
import { type PreparedComparison, prepareComparison } from './comparison.js';
import { instanceFolder } from './instance-folders.js';

export interface PreparedInstance extends PreparedComparison {
  /** Of its results. */
  readonly out: string;
  readonly title: string;
}

/** Instance k has the root seed of the scenario plus k - 1. */
function instanceOf({ scenario, folder }: LoadedScenario, instance: number): LoadedScenario {
  if (instance === 1) return { scenario, folder };
  const seed = (scenario.seed ?? 1) + instance - 1;
  if (!Number.isSafeInteger(seed)) {
    throw new EigenflowError('scenario', 'seed', `instance ${instance} would have a root seed above 2^53 - 1`);
  }
  return { scenario: { ...scenario, seed, title: `${scenario.title}, instance ${instance}` }, folder };
}

/**
 * All instances, the first one first.
 *
 * @param out results folder of the comparison
 * @throws EigenflowError `scenario` as `prepareComparison`, and where instances would be one and the same; nothing has been
 * written
 */
export async function prepareInstances(
  loaded: LoadedScenario,
  builtin: BuiltinPlugins,
  out: string,
): Promise<PreparedInstance[]> {
  const prepared: PreparedInstance[] = [];
  for (let instance = 1; instance <= (loaded.scenario.compare?.instances ?? 1); instance++) {
    const own = instanceOf(loaded, instance);
    const folder = instanceFolder(out, instance);
    prepared.push({ ...(await prepareComparison(own, builtin, folder)), out: folder, title: own.scenario.title });
    if (instance !== 2) continue;
    const [first, second] = prepared.map(({ reference }) => reference);
    if (startTheSame(first.sweep.runs[0], second.sweep.runs[0], first)) {
      throw new EigenflowError(
        'scenario',
        'compare.instances',
        'all instances would be the same one: weights and data are given, so that another root seed draws nothing but ' +
          'noise; leave it out, and give compare.replicas for more realisations',
      );
    }
  }
  return prepared;
}
