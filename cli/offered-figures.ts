// Figures that plugins offer for a results folder: those that come with eigenflow, and those that the command line names.
// The folder names plugins as well, but it may be of somebody else, and loading a plugin runs it.
import type { FigureDeclaration } from '../core/contracts/figure.js';
import { readManifest } from '../node/results/results-folder.js';
import { loadPlugins } from '../node/scenario/load-plugins.js';
import { builtinPlugins } from '../plugins/builtin.js';

export interface OfferedFigures {
  readonly offered: readonly FigureDeclaration[];
  /** Plugins of the scenario that were not asked. */
  readonly unasked: readonly string[];
}

/**
 * @param named plugins by name, or by path from here
 * @throws EigenflowError `results` when the folder holds no results, `plugin` when a plugin that is named cannot be loaded
 */
export async function offeredFigures(folder: string, named: readonly string[] = []): Promise<OfferedFigures> {
  const names = [...new Set([...Object.keys(builtinPlugins), ...named])];
  const { plugins } = readManifest(folder).scenario;
  const loaded = await loadPlugins(names, process.cwd(), builtinPlugins);
  return {
    offered: loaded.flatMap(({ figures = [] }) => figures),
    unasked: plugins.filter((name) => !names.includes(name)),
  };
}
