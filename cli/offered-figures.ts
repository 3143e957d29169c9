// Figures that plugins offer for a results folder: those that come with eigenflow, and those of its scenario.
import { isEigenflowError } from '../core/errors.js';
import type { FigureDeclaration } from '../core/figures/declaration.js';
import { readManifest } from '../core/node/results/results-folder.js';
import { loadPlugins } from '../core/node/scenario/load-plugins.js';
import { builtinPlugins } from '../plugins/builtin.js';

export interface OfferedFigures {
  readonly offered: readonly FigureDeclaration[];
  /** Why plugins of the scenario could not be asked. */
  readonly missing: readonly string[];
}

/** @throws EigenflowError `results` when the folder holds no results */
export async function offeredFigures(folder: string): Promise<OfferedFigures> {
  const names = new Set([...Object.keys(builtinPlugins), ...readManifest(folder).scenario.plugins]);
  const offered: FigureDeclaration[] = [];
  const missing: string[] = [];
  for (const name of names) {
    try {
      // Where the scenario lay is not stored: paths are looked up from here.
      const [plugin] = await loadPlugins([name], process.cwd(), builtinPlugins);
      offered.push(...(plugin.figures ?? []));
    } catch (error) {
      if (!isEigenflowError(error)) throw error;
      missing.push(error.message);
    }
  }
  return { offered, missing };
}
