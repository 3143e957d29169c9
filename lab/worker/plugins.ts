// The plugins of a tab: those that come with eigenflow, all loaded at once, and those that the user opens.
import { createRegistry, type Registry } from '../../core/container.js';
import type { Plugin } from '../../core/contracts/component.js';
import { EigenflowError, suggestOrStop } from '../../core/errors.js';
import type { ListedPlugin } from '../../core/scenario/scenario-schema.js';
import { builtinPlugins } from '../../plugins/builtin.js';

const loaded: ListedPlugin[] = [];

/** In the order in which scenarios may list them. */
export async function loadPlugins(): Promise<readonly ListedPlugin[]> {
  if (loaded.length > 0) return loaded;
  const found = await Promise.all(
    Object.entries(builtinPlugins).map(async ([listedAs, load]) => ({ listedAs, plugin: (await load()).default })),
  );
  if (loaded.length === 0) loaded.push(...found);
  return loaded;
}

const registries = new Map<string, Registry>();

/** Components of the plugins that a scenario lists. @throws EigenflowError `plugin` for one that a tab does not have */
export async function registryOf(names: readonly string[]): Promise<Registry> {
  const all = await loadPlugins();
  const key = JSON.stringify(names);
  const known = registries.get(key);
  if (known) return known;
  const plugins = [...new Set(names)].map((name, i): Plugin => {
    const found = all.find(({ listedAs }) => listedAs === name);
    if (found) return found.plugin;
    const listed = all.map(({ listedAs }) => listedAs);
    throw new EigenflowError(
      'plugin',
      `plugins[${i}]`,
      `no plugin called "${name}" in this page${suggestOrStop(name, listed)} Built in: ${listed.join(', ')}`,
    );
  });
  const registry = createRegistry(plugins);
  registries.set(key, registry);
  return registry;
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
