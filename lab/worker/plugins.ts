// The plugins of a tab: those that come with eigenflow, all loaded at once, and those that the user opens.
import { createRegistry, type Registry } from '../../core/container.js';
import type { Plugin } from '../../core/contracts/component.js';
import { EigenflowError, suggestOrStop } from '../../core/errors.js';
import type { ListedPlugin } from '../../core/scenario/scenario-schema.js';
import { builtinPlugins } from '../../plugins/builtin.js';

const builtin: ListedPlugin[] = [];
/** From files, in the order in which they were opened. */
const own: ListedPlugin[] = [];

async function loadBuiltin(): Promise<readonly ListedPlugin[]> {
  if (builtin.length > 0) return builtin;
  const found = await Promise.all(
    Object.entries(builtinPlugins).map(async ([listedAs, load]) => ({ listedAs, plugin: (await load()).default })),
  );
  if (builtin.length === 0) builtin.push(...found);
  return builtin;
}

/** In the order in which scenarios may list them. */
export const loadPlugins = async (): Promise<readonly ListedPlugin[]> => [...(await loadBuiltin()), ...own];

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

/** A scenario names a file by its path; a page knows it without its folders. */
const isListed = (name: string, { listedAs }: ListedPlugin) =>
  listedAs === name || (listedAs.startsWith('./') && /^\.{0,2}\//.test(name) && name.endsWith(listedAs.slice(1)));

const registries = new Map<string, Registry>();

/** Components of the plugins that a scenario lists. @throws EigenflowError `plugin` for one that a tab does not have */
export async function registryOf(names: readonly string[]): Promise<Registry> {
  const all = await loadPlugins();
  const key = JSON.stringify(names);
  const known = registries.get(key);
  if (known) return known;
  const plugins = [...new Set(names)].map((name, i): Plugin => {
    const found = all.find((plugin) => isListed(name, plugin));
    if (found) return found.plugin;
    const listed = all.map(({ listedAs }) => listedAs);
    if (/^\.{0,2}\//.test(name)) {
      const message = `${name} is a file of code that this page does not have; open it here, and then the scenario again`;
      throw new EigenflowError('plugin', `plugins[${i}]`, message);
    }
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
