// `eigenflow plugins`: what there is by kind, what is named with parameters and citations, and what was skipped and why.
import { isAbsolute, resolve } from 'node:path';
import { Command } from 'commander';
import type { Component } from '../../core/contracts/component.js';
import { EigenflowError, suggestOrStop } from '../../core/errors.js';
import type { ListedPlugin } from '../../core/scenario/scenario-schema.js';
import { findPackage } from '../../node/scenario/load-module.js';
import { everything, type Listing, load } from '../known-plugins.js';
import { kindCalled, listByKind, listSkipped } from '../plugin-listing.js';
import { print } from '../print.js';

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
