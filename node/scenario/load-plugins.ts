// Finds the plugins that a scenario names: those that come with eigenflow, packages, and files; and says which of them
// has a component that none of the listed ones brings.
import { isAbsolute, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { UnknownComponent } from '../../core/container.js';
import type { ComponentKind, Plugin } from '../../core/contracts/component.js';
import { EigenflowError, messageOf, suggest, suggestOrStop } from '../../core/errors.js';
import { checkPlugin } from '../../core/plugin/check-plugin.js';
import { findPackage, importDefault, importWithHash } from './load-module.js';
import { rememberCode } from './plugin-code.js';

/** Plugins that need no installation, by name. */
export type BuiltinPlugins = Readonly<Record<string, () => Promise<{ readonly default: Plugin }>>>;

function isPlugin(value: unknown): value is Plugin {
  const plugin = value as Plugin | null;
  return typeof plugin === 'object' && typeof plugin?.name === 'string' && Array.isArray(plugin.components);
}

async function loadPackage(name: string, folder: string, path: string, builtin: BuiltinPlugins): Promise<unknown> {
  const file = await findPackage(name, folder);
  if (file === undefined) {
    const known = Object.keys(builtin);
    throw new EigenflowError(
      'plugin',
      path,
      `no plugin called "${name}"${suggestOrStop(name, known)} Built in: ${known.join(', ')}. ` +
        'Anything else is a package to install, or a path that starts with ./',
    );
  }
  try {
    return (await import(/* @vite-ignore */ pathToFileURL(file).href)).default;
  } catch (cause) {
    const reason = messageOf(cause);
    // A package that is installed apart from any eigenflow is given this one.
    if (/Cannot find package 'eigenflow'/.test(reason)) return importDefault(file);
    throw new EigenflowError('plugin', path, `the package ${name} could not be loaded: ${reason}`, { cause });
  }
}

/**
 * @param names as the scenario lists them
 * @param folder paths and packages are looked up from here: the folder of the scenario
 * @throws EigenflowError `plugin` for a name that is not found or a module that is not a plugin
 */
export async function loadPlugins(
  names: readonly string[],
  folder: string,
  builtin: BuiltinPlugins,
): Promise<Plugin[]> {
  const plugins: Plugin[] = [];
  const listedAs = new Map<string, string>();
  for (const [i, name] of names.entries()) {
    if (names.indexOf(name) < i) continue;
    const path = `plugins[${i}]`;
    let found: unknown;
    let hash: string | undefined;
    if (Object.hasOwn(builtin, name)) found = (await builtin[name]()).default;
    else if (name.startsWith('.') || isAbsolute(name))
      ({ content: found, hash } = await importWithHash(resolve(folder, name)));
    else found = await loadPackage(name, folder, path, builtin);
    if (!isPlugin(found)) {
      throw new EigenflowError(
        'plugin',
        path,
        `${name} does not export a plugin; its default export must come from definePlugin({ name, version, components })`,
      );
    }
    try {
      checkPlugin(found);
    } catch (cause) {
      throw new EigenflowError('plugin', path, `${name}: ${messageOf(cause)}`, { cause });
    }
    const other = listedAs.get(found.name);
    if (other !== undefined) {
      const message = `${name} and ${other} are both called "${found.name}"; list one of them, or rename one`;
      throw new EigenflowError('plugin', path, message);
    }
    listedAs.set(found.name, name);
    if (hash !== undefined) rememberCode(found, hash);
    plugins.push(found);
  }
  return plugins;
}

const namesOf = (plugin: Plugin, kind: ComponentKind) =>
  plugin.components.filter((component) => component.kind === kind).map(({ name }) => name);

/** The plugins are loaded only now: most scenarios list what they need. */
async function remedy({ kind, component }: UnknownComponent, builtin: BuiltinPlugins): Promise<string> {
  const brought = new Map<string, string>();
  for (const [listedAs, load] of Object.entries(builtin)) {
    for (const name of namesOf((await load()).default, kind)) brought.set(name, listedAs);
  }
  const owner = brought.get(component);
  if (owner !== undefined) return `. The plugin "${owner}" has it: add "${owner}" to plugins`;
  const [, near] = /did you mean "(.*)"/.exec(suggest(component, [...brought.keys()])) ?? [];
  if (near !== undefined) return `. The plugin "${brought.get(near)}" has a "${near}"`;
  return '. No plugin that comes with eigenflow has it; a plugin from elsewhere is listed by its path or package';
}

/**
 * Calls `act`; where it asks for a component that no listed plugin brings, the error says which plugin has it.
 *
 * @throws what `act` throws
 */
export async function withUnlisted<T>(builtin: BuiltinPlugins, act: () => T): Promise<T> {
  try {
    return act();
  } catch (error) {
    // The right name among what is loaded is the likelier mistake.
    if (!(error instanceof UnknownComponent) || error.reason.includes('did you mean')) throw error;
    throw new EigenflowError('component', error.path, error.reason + (await remedy(error, builtin)), { cause: error });
  }
}
