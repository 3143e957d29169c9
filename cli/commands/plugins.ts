// `eigenflow plugins`: what is loaded, with parameters and citations, and what was skipped and why.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { Command } from 'commander';
import { createRegistry } from '../../core/container.js';
import type { Plugin } from '../../core/contracts/component.js';
import { loadPlugins } from '../../core/node/scenario/load-plugins.js';
import type { Parameter } from '../../core/parameters/schema.js';
import { builtinPlugins } from '../../plugins/builtin.js';

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

async function execute(names: readonly string[], options: { json: boolean }): Promise<void> {
  const wanted = [...Object.keys(builtinPlugins), ...installedPlugins(process.cwd()), ...names];
  const loaded: Plugin[] = [];
  const skipped: { name: string; reason: string }[] = [];
  for (const name of wanted) {
    try {
      const [plugin] = await loadPlugins([name], resolve('.'), builtinPlugins);
      createRegistry([...loaded, plugin]);
      loaded.push(plugin);
    } catch (error) {
      skipped.push({ name, reason: error instanceof Error ? error.message : String(error) });
    }
  }
  if (options.json) {
    process.stdout.write(`${JSON.stringify({ loaded, skipped }, null, 2)}\n`);
    return;
  }
  process.stdout.write(`${loaded.map(describe).join('\n\n')}\n`);
  if (skipped.length > 0) {
    process.stdout.write(`\nskipped:\n${skipped.map(({ name, reason }) => `  ${name}: ${reason}`).join('\n')}\n`);
  }
}

export function pluginsCommand(): Command {
  return new Command('plugins')
    .description('list plugins with their components, parameters and citations, and what was skipped')
    .argument('[names...]', 'further packages or paths (./my-plugin.ts) to look at')
    .option('--json', 'as JSON', false)
    .action(execute);
}
