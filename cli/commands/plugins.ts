// `eigenflow plugins`: what there is, or what is named, with parameters and citations; and what was skipped and why.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { Command } from 'commander';
import { createRegistry } from '../../core/container.js';
import type { Plugin } from '../../core/contracts/component.js';
import { EigenflowError, messageOf, suggestOrStop } from '../../core/errors.js';
import { findPackage } from '../../core/node/scenario/load-module.js';
import { loadPlugins } from '../../core/node/scenario/load-plugins.js';
import type { Parameter } from '../../core/parameters/schema.js';
import { builtinPlugins } from '../../plugins/builtin.js';
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

function range(parameter: Parameter): string {
  const bounds: string[] = [];
  if ('min' in parameter && parameter.min !== undefined) bounds.push(`>= ${parameter.min}`);
  if ('above' in parameter && parameter.above !== undefined) bounds.push(`> ${parameter.above}`);
  if ('max' in parameter && parameter.max !== undefined) bounds.push(`<= ${parameter.max}`);
  if ('below' in parameter && parameter.below !== undefined) bounds.push(`< ${parameter.below}`);
  if (parameter.type === 'choice') bounds.push(parameter.values.join(' | '));
  if (parameter.type === 'integer' && parameter.words) bounds.push(`or ${parameter.words.join(', ')}`);
  return bounds.join(', ');
}

function describeParameter(name: string, parameter: Parameter): string {
  const fallback = 'default' in parameter && parameter.default !== undefined ? JSON.stringify(parameter.default) : '';
  const need = parameter.optional ? 'optional' : fallback === '' ? 'required' : `default ${fallback}`;
  const facts = [parameter.type, range(parameter), need].filter((fact) => fact !== '');
  if (parameter.type === 'number' && parameter.schedulable) facts.push('schedulable');
  if (parameter.unit !== '1') facts.push(`unit ${parameter.unit}`);
  return `      ${name} (${facts.join('; ')}): ${parameter.doc}`;
}

function describe(plugin: Plugin): string {
  const lines = [`${plugin.name} ${plugin.version}`];
  for (const component of plugin.components) {
    lines.push(`  ${component.kind} ${component.name}: ${component.summary}`);
    for (const [name, parameter] of Object.entries(component.params)) lines.push(describeParameter(name, parameter));
    if (component.cite.length > 0) lines.push(`      cite: ${component.cite.join(', ')}`);
  }
  return lines.join('\n');
}

interface Listing {
  readonly loaded: readonly Plugin[];
  readonly skipped: readonly { readonly name: string; readonly reason: string }[];
}

async function load(name: string, beside: readonly Plugin[]): Promise<Plugin> {
  const [plugin] = await loadPlugins([name], resolve('.'), builtinPlugins);
  createRegistry([...beside, plugin]);
  return plugin;
}

/** What comes with eigenflow, and what is installed in this folder. */
async function everything(): Promise<Listing> {
  const loaded: Plugin[] = [];
  const skipped: { name: string; reason: string }[] = [];
  for (const name of [...Object.keys(builtinPlugins), ...installedPlugins(process.cwd())]) {
    try {
      loaded.push(await load(name, loaded));
    } catch (error) {
      skipped.push({ name, reason: messageOf(error) });
    }
  }
  return { loaded, skipped };
}

/** The plugins of these names or paths; of plugins that are not among them, the components of these names. */
async function named(names: readonly string[]): Promise<Listing> {
  const known = (await everything()).loaded;
  const components = known.flatMap((plugin) => plugin.components.map(({ name }) => name));
  const isKnown = (name: string) => known.some((plugin) => plugin.name === name);
  const isComponent = (name: string) => !isKnown(name) && components.includes(name);
  const found: Plugin[] = [];
  for (const name of names.filter((each) => !isComponent(each))) {
    const isPath = name.startsWith('.') || isAbsolute(name);
    if (!isPath && !isKnown(name) && (await findPackage(name, resolve('.'))) === undefined) {
      const plugins = known.map((plugin) => plugin.name);
      throw new EigenflowError(
        'plugin',
        name,
        `no plugin or component is called so${suggestOrStop(name, [...plugins, ...components])} ` +
          `Plugins: ${plugins.join(', ')}. Anything else is a package to install, or a path that starts with ./`,
      );
    }
    const plugin = known.find((each) => each.name === name) ?? (await load(name, []));
    if (!found.some((other) => other.name === plugin.name)) found.push(plugin);
  }
  const wanted = names.filter(isComponent);
  const parts = known
    .filter((plugin) => !found.includes(plugin))
    .map((plugin) => ({ ...plugin, components: plugin.components.filter(({ name }) => wanted.includes(name)) }))
    .filter((plugin) => plugin.components.length > 0);
  return { loaded: [...found, ...parts], skipped: [] };
}

async function execute(names: readonly string[], options: { json: boolean }): Promise<void> {
  const { loaded, skipped } = names.length === 0 ? await everything() : await named(names);
  if (options.json) {
    process.stdout.write(`${JSON.stringify({ loaded, skipped }, null, 2)}\n`);
    return;
  }
  print(`${loaded.map(describe).join('\n\n')}\n`);
  if (skipped.length > 0) {
    print(`\nskipped:\n${skipped.map(({ name, reason }) => `  ${name}: ${reason}`).join('\n')}\n`);
  }
}

export function pluginsCommand(): Command {
  return new Command('plugins')
    .description('list plugins with their components, parameters and citations, and what was skipped')
    .argument('[names...]', 'plugins, components, packages or paths (./my-plugin.ts) to list; default: all')
    .option('--json', 'as JSON', false)
    .action(execute);
}
