// The plugins that there are: those that come with eigenflow, and those that are installed in the folder of the call.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { createRegistry } from '../core/container.js';
import type { Plugin } from '../core/contracts/component.js';
import { messageOf } from '../core/errors.js';
import type { ListedPlugin } from '../core/scenario/scenario-schema.js';
import { loadPlugins } from '../node/scenario/load-plugins.js';
import { builtinPlugins } from '../plugins/builtin.js';

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

export interface Listing {
  readonly loaded: readonly ListedPlugin[];
  readonly skipped: readonly { readonly name: string; readonly reason: string }[];
}

/** One more. @throws EigenflowError `plugin` where it is none, or brings a component that another one has */
export async function load(name: string, beside: readonly Plugin[]): Promise<Plugin> {
  const [plugin] = await loadPlugins([name], resolve('.'), builtinPlugins);
  createRegistry([...beside, plugin]);
  return plugin;
}

/** What comes with eigenflow, and what is installed in this folder. */
export async function everything(): Promise<Listing> {
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
