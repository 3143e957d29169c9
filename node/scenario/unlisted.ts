// The remedy for a component that no listed plugin brings: which plugin to list, if one that comes with eigenflow has it.
import { UnknownComponent } from '../../core/container.js';
import type { ComponentKind, Plugin } from '../../core/contracts/component.js';
import { EigenflowError, suggest } from '../../core/errors.js';
import type { BuiltinPlugins } from './load-plugins.js';

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
