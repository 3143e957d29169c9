// Which code a plugin that is a file was loaded from: its version is what its author says, and may be forgotten.
import type { Plugin } from '../../core/contracts/component.js';
import { EigenflowError } from '../../core/errors.js';
import { canonical } from '../../core/scenario/identity.js';

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

/** The same for the same code; empty where no plugin is a file. */
export const textOfCode = (code: PluginCode) => (Object.keys(code).length === 0 ? '' : canonical(code));

/** @throws EigenflowError `file` when a file was edited between the start of a study and that of its worker thread */
export function checkCode(plugins: readonly Plugin[], expected: PluginCode): void {
  const found = codeOf(plugins);
  const changed = Object.entries(expected).find(([plugin, hash]) => found[plugin] !== hash);
  if (changed === undefined) return;
  throw new EigenflowError('file', `plugin ${changed[0]}`, 'was edited while the study was running; start it again');
}
