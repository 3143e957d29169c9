// The plugins of a tab: those that come with eigenflow, all loaded at once, and those that the user opens.
import { createRegistry, type Registry } from '../../core/container.js';
import type { Plugin } from '../../core/contracts/component.js';
import { EigenflowError, suggestOrStop } from '../../core/errors.js';
import type { ListedPlugin } from '../../core/scenario/scenario-schema.js';
import { builtinPlugins } from '../../plugins/builtin.js';

const loaded = new Map<string, Promise<Plugin>>();

/** Loads a plugin when it is first asked for. */
function builtin(listedAs: string): Promise<Plugin> {
  const known = loaded.get(listedAs) ?? builtinPlugins[listedAs]().then((module) => module.default);
  loaded.set(listedAs, known);
  return known;
}

/** All of them, in the order in which scenarios may list them. */
export const loadPlugins = (): Promise<readonly ListedPlugin[]> =>
  Promise.all(Object.keys(builtinPlugins).map(async (listedAs) => ({ listedAs, plugin: await builtin(listedAs) })));

const registries = new Map<string, Promise<Registry>>();

/** Components of the plugins that a scenario lists. @throws EigenflowError `plugin` for one that a tab does not have */
export function registryOf(names: readonly string[]): Promise<Registry> {
  const key = JSON.stringify(names);
  const known = registries.get(key) ?? load(names);
  registries.set(key, known);
  return known;
}

async function load(names: readonly string[]): Promise<Registry> {
  const listed = Object.keys(builtinPlugins);
  const plugins = [...new Set(names)].map((name, i) => {
    if (Object.hasOwn(builtinPlugins, name)) return builtin(name);
    throw new EigenflowError(
      'plugin',
      `plugins[${i}]`,
      `no plugin called "${name}" in this page${suggestOrStop(name, listed)} Built in: ${listed.join(', ')}`,
    );
  });
  return createRegistry(await Promise.all(plugins));
}

/** What is looked at needs observers that a scenario does not list: those of these plugins. */
const LOOKING = ['spectrum', 'training', 'phases', 'dyson'] as const;

/**
 * The components of a scenario with those that look. A plugin of the user that brings a component of the same name keeps it:
 * then the scenario's own have to do.
 */
export async function registryToWatch(names: readonly string[]): Promise<Registry> {
  try {
    return await registryOf([...new Set([...names, ...LOOKING])]);
  } catch {
    return registryOf(names);
  }
}
