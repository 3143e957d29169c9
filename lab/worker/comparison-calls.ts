// The calls of a comparison, whose code is fetched with the first of them.
import type { ArrayLoader } from '../../core/scenario/resolve.js';
import type { ComparisonEngine } from '../comparison-protocol.js';

/** @param load arrays of the study that is open */
export function comparisonCalls(load: ArrayLoader): ComparisonEngine {
  let fetched: Promise<ComparisonEngine> | undefined;
  const engine = () => {
    fetched ??= import('./comparison-engine.js').then(({ createComparisonEngine }) => createComparisonEngine(load));
    return fetched;
  };
  return {
    outlineComparison: async (request) => (await engine()).outlineComparison(request),
    openComparison: async (scenario, seed) => (await engine()).openComparison(scenario, seed),
    realise: async (side, replica) => (await engine()).realise(side, replica),
    measureCoefficients: async () => (await engine()).measureCoefficients(),
    takeCoefficients: async (file) => (await engine()).takeCoefficients(file),
    keepRealisation: async (realisation) => (await engine()).keepRealisation(realisation),
    judgeComparison: async () => (await engine()).judgeComparison(),
  };
}
