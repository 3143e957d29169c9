// Which code a plugin that is a file was loaded from: its version is what its author says, and may be forgotten.
import type { Plugin } from '../../contracts/component.js';

/** Hashes of the bundled code by name and version, `mine 1.0.0`. Empty for plugins that are no files. */
export type PluginCode = Readonly<Record<string, string>>;

const codes = new WeakMap<Plugin, string>();

export function rememberCode(plugin: Plugin, hash: string): void {
  codes.set(plugin, hash);
}

export function codeOf(plugins: readonly Plugin[]): PluginCode {
  return Object.fromEntries(
    plugins.flatMap((plugin) => {
      const hash = codes.get(plugin);
      return hash === undefined ? [] : [[`${plugin.name} ${plugin.version}`, hash]];
    }),
  );
}
