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

/** From files, in the order in which they were opened. */
const own: ListedPlugin[] = [];

/** All of them, in the order in which scenarios may list them. */
export const loadPlugins = async (): Promise<readonly ListedPlugin[]> => {
  const names = Object.keys(builtinPlugins);
  const found = await Promise.all(names.map(async (listedAs) => ({ listedAs, plugin: await builtin(listedAs) })));
  return [...found, ...own];
};

const registries = new Map<string, Promise<Registry>>();

/** A file that is opened again takes the place of what it was before. @throws EigenflowError `plugin` for a name that is taken */
export async function addLoaded(added: ListedPlugin): Promise<void> {
  const others = (await loadPlugins()).filter(({ listedAs }) => listedAs !== added.listedAs);
  const other = others.find(({ plugin }) => plugin.name === added.plugin.name);
  if (other) {
    const message = `${added.listedAs} and ${other.listedAs} are both called "${added.plugin.name}"; rename one of them`;
    throw new EigenflowError('plugin', added.listedAs, message);
  }
  const at = own.findIndex(({ listedAs }) => listedAs === added.listedAs);
  own.splice(at < 0 ? own.length : at, 1, added);
  registries.clear();
}

const isPath = (name: string) => /^\.{0,2}\//.test(name);

/** A scenario names a file by its path; a page knows it without its folders. */
const ownPlugin = (name: string) => own.find(({ listedAs }) => isPath(name) && name.endsWith(listedAs.slice(1)));

/** Components of the plugins that a scenario lists. @throws EigenflowError `plugin` for one that a tab does not have */
export function registryOf(names: readonly string[]): Promise<Registry> {
  const key = JSON.stringify(names);
  const known = registries.get(key) ?? load(names);
  registries.set(key, known);
  return known;
}

async function load(names: readonly string[]): Promise<Registry> {
  const plugins = [...new Set(names)].map((name, i) => {
    if (Object.hasOwn(builtinPlugins, name)) return builtin(name);
    const found = ownPlugin(name);
    if (found) return found.plugin;
    const path = `plugins[${i}]`;
    if (isPath(name)) {
      const message = `${name} is a file of code that this page does not have; open it here, and then the scenario again`;
      throw new EigenflowError('plugin', path, message);
    }
    const listed = [...Object.keys(builtinPlugins), ...own.map(({ listedAs }) => listedAs)];
    const message = `no plugin called "${name}" in this page${suggestOrStop(name, listed)} Built in: ${listed.join(', ')}`;
    throw new EigenflowError('plugin', path, message);
  });
  return createRegistry(await Promise.all(plugins));
}

/** What is looked at needs observers that a scenario does not list: those of these plugins. Models of levels bring theirs. */
const LOOKING = ['spectrum', 'training', 'phases'] as const;

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
