// Observes stored runs in a worker thread, which prepares the same analysis for itself.
import { EigenflowError, type ErrorCode, isEigenflowError } from '../../core/errors.js';
import type { BuiltinPlugins } from '../../node/scenario/load-plugins.js';
import { type AnalysisSettings, prepareAnalysis } from './analysis.js';
import { observeRun, recipesOf } from './observe-run.js';

/** What a worker tells of a run. Errors go as data: between threads they lose what they are. */
export type Observed =
  | { readonly computed: boolean }
  | { readonly refused: { readonly code: ErrorCode; readonly path: string; readonly reason: string } };

/** @returns whether the run had to be computed. @throws EigenflowError of the worker */
export function computedOrThrow(observed: Observed): boolean {
  if ('computed' in observed) return observed.computed;
  const { code, path, reason } = observed.refused;
  throw new EigenflowError(code, path, reason);
}

/** @returns the function that a worker thread exports: it looks at the run in this place of the analysis. */
export function createObserveWorker(
  settings: AnalysisSettings,
  builtin: BuiltinPlugins,
): (place: number) => Promise<Observed> {
  const opened = prepareAnalysis(settings, builtin).then((analysis) => ({ analysis, recipes: recipesOf(analysis) }));
  return async (place) => {
    try {
      const { analysis, recipes } = await opened;
      return { computed: await observeRun(analysis.runs[place], analysis, recipes) };
    } catch (error) {
      if (!isEigenflowError(error)) throw error;
      const { code, path, reason } = error;
      return { refused: { code, path, reason } };
    }
  };
}
