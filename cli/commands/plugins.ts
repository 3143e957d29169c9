// `eigenflow plugins`: what there is by kind, what is named with parameters and citations, and what was skipped and why.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { Command } from 'commander';
import { createRegistry } from '../../core/container.js';
import type { Component, Plugin } from '../../core/contracts/component.js';
import { EigenflowError, messageOf, suggestOrStop } from '../../core/errors.js';
import { findPackage } from '../../node/scenario/load-module.js';
import { loadPlugins } from '../../node/scenario/load-plugins.js';
import { builtinPlugins } from '../../plugins/builtin.js';
import { kindCalled, type ListedPlugin, listByKind, listSkipped } from '../plugin-listing.js';
import { print } from '../print.js';

/** A package says by this keyword that it is a plugin. */
const KEYWORD = 'eigenflow-plugin';

/** The manifest of an installed package, looked for in this folder and those above. Packages need not export theirs. */
function manifestOf(name: string, folder: string): string | undefined {
  const manifest = join(folder, 'node_modules', name, 'package.json');
  if (existsSync(manifest)) return manifest;
  return folder === dirname(folder) ? undefined : manifestOf(name, dirname(folder));
}

/** Dependencies of the package in this folder that carry the keyword. */
function installedPlugins(folder: string): string[] {
  const own = join(folder, 'package.json');
  if (!existsSync(own)) return [];
  const { dependencies = {}, devDependencies = {} } = JSON.parse(readFileSync(own, 'utf8'));
  return Object.keys({ ...dependencies, ...devDependencies }).filter((name) => {
    const manifest = manifestOf(name, folder);
    return manifest !== undefined && JSON.parse(readFileSync(manifest, 'utf8')).keywords?.includes(KEYWORD);
  });
}

interface Listing {
  readonly loaded: readonly ListedPlugin[];
  readonly skipped: readonly { readonly name: string; readonly reason: string }[];
}

async function load(name: string, beside: readonly Plugin[]): Promise<Plugin> {
  const [plugin] = await loadPlugins([name], resolve('.'), builtinPlugins);
  createRegistry([...beside, plugin]);
  return plugin;
}

/** What comes with eigenflow, and what is installed in this folder. */
async function everything(): Promise<Listing> {
  const loaded: ListedPlugin[] = [];
  const skipped: { name: string; reason: string }[] = [];
  for (const name of [...Object.keys(builtinPlugins), ...installedPlugins(process.cwd())]) {
    try {
      const beside = loaded.map(({ plugin }) => plugin);
      loaded.push({ listedAs: name, plugin: await load(name, beside) });
    } catch (error) {
      skipped.push({ name, reason: messageOf(error) });
    }
  }
  return { loaded, skipped };
}

/** The plugin with some of its components alone; nothing when it has none of them. */
function partOf({ listedAs, plugin }: ListedPlugin, wanted: (component: Component) => boolean): ListedPlugin[] {
  const components = plugin.components.filter(wanted);
  return components.length === 0 ? [] : [{ listedAs, plugin: { ...plugin, components } }];
}

/** The plugins of these names or paths; of plugins that are not among them, components of these names and kinds. */
async function named(names: readonly string[]): Promise<Listing> {
  const known = (await everything()).loaded;
  const components = known.flatMap(({ plugin }) => plugin.components.map(({ name }) => name));
  const find = (name: string) => known.find(({ listedAs, plugin }) => listedAs === name || plugin.name === name);
  const isPart = (name: string) => !find(name) && (components.includes(name) || kindCalled(name) !== undefined);
  const found: ListedPlugin[] = [];
  for (const name of names.filter((each) => !isPart(each))) {
    const isPath = name.startsWith('.') || isAbsolute(name);
    if (!isPath && !find(name) && (await findPackage(name, resolve('.'))) === undefined) {
      const plugins = known.map(({ listedAs }) => listedAs);
      throw new EigenflowError(
        'plugin',
        name,
        `no plugin or component is called so${suggestOrStop(name, [...plugins, ...components])} ` +
          `Plugins: ${plugins.join(', ')}. Anything else is a package to install, or a path that starts with ./`,
      );
    }
    const listed = find(name) ?? { listedAs: name, plugin: await load(name, []) };
    if (!found.some(({ plugin }) => plugin.name === listed.plugin.name)) found.push(listed);
  }
  const wanted = names.filter(isPart);
  const kinds = wanted.map(kindCalled);
  const parts = known
    .filter((listed) => !found.includes(listed))
    .flatMap((listed) => partOf(listed, ({ name, kind }) => wanted.includes(name) || kinds.includes(kind)));
  return { loaded: [...found, ...parts], skipped: [] };
}

const DEFAULT_WIDTH = 80;

async function execute(names: readonly string[], options: { json: boolean; parameters: boolean }): Promise<void> {
  const { loaded, skipped } = names.length === 0 ? await everything() : await named(names);
  if (options.json) {
    const plugins = loaded.map(({ listedAs, plugin }) => ({ listedAs, ...plugin }));
    process.stdout.write(`${JSON.stringify({ loaded: plugins, skipped }, null, 2)}\n`);
    return;
  }
  const width = Number(process.env.COLUMNS) || process.stdout.columns || DEFAULT_WIDTH;
  const full = names.length > 0 || options.parameters;
  print(`${listByKind(loaded, full, width)}\n`);
  if (skipped.length > 0) print(`\n${listSkipped(skipped, width)}\n`);
  if (!full) print('\nParameters: eigenflow plugins NAME\n');
}

export function pluginsCommand(): Command {
  return new Command('plugins')
    .description(
      'list components by kind, with the plugin that a scenario lists for each; with names: their parameters',
    )
    .argument('[names...]', 'plugins, components, kinds (optimisers), packages or paths (./my-plugin.ts)')
    .option('--parameters', 'with parameters, ranges, defaults and citations of all', false)
    .option('--json', 'as JSON', false)
    .action(execute);
}
