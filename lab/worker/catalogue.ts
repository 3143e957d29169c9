// What the controls of the page offer, from the descriptions that check scenarios: fields, components and their parameters.
import { inspect } from '../../core/engine/preflight.js';
import { TRIGGER_SCHEMA } from '../../core/engine/trigger.js';
import { isEigenflowError, messageOf } from '../../core/errors.js';
import { openMemory } from '../../core/kernels/arena.js';
import { parseScenario, SCENARIO } from '../../core/scenario/parse.js';
import type { ArrayLoader } from '../../core/scenario/resolve.js';
import type { Scenario } from '../../core/scenario/scenario.js';
import type { ListedPlugin } from '../../core/scenario/scenario-schema.js';
import type { Catalogue, Fault, Place } from '../protocol.js';
import { runAt } from './place.js';
import { registryOf } from './plugins.js';

export function catalogueOf(plugins: readonly ListedPlugin[]): Catalogue {
  return {
    fields: { ...(SCENARIO.json.properties as Catalogue['fields']), when: TRIGGER_SCHEMA },
    components: plugins.flatMap(({ listedAs, plugin }) =>
      plugin.components.map(({ kind, name, summary, cite, params }) => ({
        kind,
        name,
        plugin: listedAs,
        doc: summary,
        cite,
        params,
      })),
    ),
  };
}

const memory = openMemory();

/** Creates the run of a place, as the engine would, and ends before its first step. */
export async function check(scenario: Scenario, place: Place, load: ArrayLoader): Promise<Fault | undefined> {
  try {
    const parsed = parseScenario(scenario);
    const registry = await registryOf(parsed.plugins);
    inspect(runAt(parsed, place, registry, load), { registry, memory, load });
    return undefined;
  } catch (error) {
    if (isEigenflowError(error)) return { path: error.path, message: error.reason };
    return { path: '', message: messageOf(error) };
  }
}
