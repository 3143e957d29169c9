// A comparison on disk: the same study under SGD and under its surrogates, one results folder each.
import { join } from 'node:path';
import { createRegistry } from '../../core/container.js';
import { writeHeld } from '../../node/files/held-files.js';
import type { RunRow } from '../../node/results/runs-table.js';
import { type BuiltinPlugins, loadPlugins } from '../../node/scenario/load-plugins.js';
import type { LoadedScenario } from '../../node/scenario/load-scenario.js';
import { prepareStudy, type Study } from '../../node/study/study.js';
import { coefficientsFile, coefficientsPath, nameByResults } from './coefficients-file.js';
import { type ComparisonPlan, planComparison, REFERENCE } from './comparison-plan.js';
import { rowsToFit } from './fitted-realisations.js';
import { encodeCoefficients, measureCoefficients } from './measured-coefficients.js';
import { storedSeries } from './read-instance.js';

export interface PreparedComparison extends Omit<ComparisonPlan<Study>, 'prepareSurrogate'> {
  /**
   * The study of a surrogate, once the reference has been computed: its coefficients may have to be measured there.
   *
   * @param rows of the reference
   * @throws EigenflowError `results` when they cannot be
   */
  prepareSurrogate(name: string, rows: readonly RunRow[]): Promise<Study>;
}

/**
 * @param out results folder of the comparison
 * @throws EigenflowError `scenario` when the scenario declares no comparison or it does not fit; nothing has been written
 */
export async function prepareComparison(
  { scenario, folder }: LoadedScenario,
  builtin: BuiltinPlugins,
  out: string,
): Promise<PreparedComparison> {
  const plan = await planComparison<Study>(scenario, {
    registry: createRegistry(await loadPlugins(scenario.plugins, folder, builtin)),
    prepare: (name, content, load) =>
      prepareStudy({ scenario: content, folder, results: join(out, name) }, builtin, 'strict', load),
    coefficientsOf: coefficientsPath,
  });
  return {
    ...plan,
    async prepareSurrogate(name, rows) {
      const { coefficients } = plan.comparison.surrogates[name];
      if (coefficients) {
        const source = join(out, REFERENCE);
        const known = { source, rows: rowsToFit(rows, plan.fitted[name]), seriesOf: storedSeries(source) };
        const measured = encodeCoefficients(measureCoefficients(known, coefficients));
        await writeHeld(out, coefficientsFile(out, name), measured);
        await nameByResults(out, name);
      }
      return plan.prepareSurrogate(name);
    },
  };
}
