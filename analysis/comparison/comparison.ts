// Prepares a comparison: the same study under SGD and under its surrogates, one results folder each.
import { join } from 'node:path';
import { createRegistry, type Registry } from '../../core/container.js';
import { EigenflowError, suggestOrStop } from '../../core/errors.js';
import type { ArrayLoader } from '../../core/scenario/resolve.js';
import type { Comparison, ObserverUse, Scenario, Surrogate } from '../../core/scenario/scenario.js';
import { COEFFICIENT_CHANNELS } from '../../core/theory/level-equation/coefficients.js';
import type { RunRow } from '../../node/results/runs-table.js';
import { type BuiltinPlugins, loadPlugins } from '../../node/scenario/load-plugins.js';
import type { LoadedScenario } from '../../node/scenario/load-scenario.js';
import { prepareStudy, type Study } from '../../node/study/study.js';
import { coefficientsFile, coefficientsPath, nameByResults } from './coefficients-file.js';
import type { FittedOn } from './comparison-record.js';
import { dynamicsDifferences } from './dynamics.js';
import { checkEqualTimes, checkWindows, planDynamics } from './equal-times.js';
import { fittedOn, rowsToFit } from './fitted-realisations.js';
import { placeholderCoefficients, writeCoefficients } from './measured-coefficients.js';

export const REFERENCE = 'reference';
/** The component that says whether a step is small. */
export const SHARPNESS = 'sharpness';
const DEFAULT_TOP = 6;

export interface PreparedComparison {
  readonly comparison: Comparison;
  readonly top: number;
  readonly reference: Study;
  /** The names of the surrogates, all checked. */
  readonly surrogates: readonly string[];
  /** How the dynamics that a surrogate declares differ from those of SGD, by its name; where they do. */
  readonly differences: Readonly<Record<string, readonly string[]>>;
  /** What measured coefficients are fitted to, by the name of the surrogate that has them. */
  readonly fitted: Readonly<Record<string, FittedOn>>;
  /**
   * The study of a surrogate, once the reference has been computed: its coefficients may have to be measured there.
   *
   * @param rows of the reference
   * @throws EigenflowError `results` when they cannot be
   */
  prepareSurrogate(name: string, rows: readonly RunRow[]): Promise<Study>;
}

const fail = (path: string, message: string) => new EigenflowError('scenario', path, message);

/** @throws EigenflowError `scenario` when the scenario cannot be compared */
function comparisonOf({ compare, time, sweep }: Scenario): Comparison & { readonly time: number } {
  if (!compare) {
    throw fail(
      'compare',
      'is missing; write for example compare: { surrogates: { langevin: { noise: { use: "langevin", temperature: 0.03 }, ' +
        'optimiser: { use: "sgd", learningRate: 0.02 } } }, levels: "spectrum.levels", replicas: 32 }',
    );
  }
  if (time === undefined) throw fail('time', 'a comparison is made at equal learning time: give the length as time');
  if (sweep !== undefined) {
    throw fail('sweep', 'a comparison has one setting; its realisations are compare.replicas');
  }
  return { ...compare, time };
}

/** The sweep over realisations: of endless samples, of the noise model, or of an integrator that makes its own noise. */
function overReplicas(scenario: Scenario, replicas: number, registry: Registry, name: string): Scenario {
  const slot = (['model', 'noise', 'optimiser'] as const).find(
    (kind) => 'replica' in registry.find(kind, scenario[kind].use, kind).params,
  );
  if (!slot) {
    throw fail(
      name === REFERENCE ? 'noise' : `compare.surrogates.${name}`,
      `none of "${scenario.model.use}", "${scenario.noise.use}" and "${scenario.optimiser.use}" has a parameter replica: its ` +
        'noise cannot be repeated from the same start',
    );
  }
  return { ...scenario, sweep: { axes: { [`${slot}.replica`]: Array.from({ length: replicas }, (_, i) => i) } } };
}

/** What a surrogate observes unless it says otherwise: the levels, and whether its step is small. */
function observersOf(observers: Scenario['observers'], levels: string): Record<string, ObserverUse> {
  const [name] = levels.split('.');
  return Object.fromEntries(
    Object.entries(observers ?? {}).filter(([key, { use }]) => key === name || use === SHARPNESS),
  );
}

/** The parameter of a surrogate's model that names its file of coefficients. */
function coefficientParameter(scenario: Scenario, registry: Registry, path: string): string {
  const { model } = scenario;
  const { params } = registry.find('model', model.use, `${path}.model`);
  const parameter = Object.keys(params).find((key) => params[key].type === 'arrays');
  if (!parameter) {
    throw fail(`${path}.model`, `"${model.use}" takes no measured coefficients; "general-levels" does`);
  }
  if (model[parameter] !== undefined) {
    throw fail(`${path}.model.${parameter}`, 'coefficients come from a file or are measured; take one of the two away');
  }
  return parameter;
}

/** Number of levels of an observer that measures coefficients. @throws EigenflowError `scenario` */
function measuredLevels({ preflight: { channels } }: Study, from: string, path: string): number {
  if (COEFFICIENT_CHANNELS.every((channel) => `${from}.${channel}` in channels)) {
    return channels[`${from}.levels`].shape[0];
  }
  const able = [...new Set(Object.keys(channels).map((name) => name.split('.')[0]))].filter((name) =>
    COEFFICIENT_CHANNELS.every((channel) => `${name}.${channel}` in channels),
  );
  throw fail(
    `${path}.coefficients.from`,
    `no observer "${from}" measures coefficients${suggestOrStop(from, able)} ` +
      `Observers that do: ${able.join(', ') || 'none; add one that uses "dyson-coefficients"'}`,
  );
}

/** Number of levels in the channel that is compared. @throws EigenflowError `scenario` where it is none */
function levelCount({ preflight: { channels } }: Study, levels: string, path: string): number {
  const channel = channels[levels];
  if (channel?.shape.length === 1) return channel.shape[0];
  const known = Object.keys(channels).filter((name) => channels[name].shape.length === 1);
  const there = known.join(', ') || 'none';
  throw fail(path, `no channel of levels "${levels}"${suggestOrStop(levels, known)} There are: ${there}`);
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
  const comparison = comparisonOf(scenario);
  const { compare: _compare, figures: _figures, classifier: _classifier, ...base } = scenario;
  const registry = createRegistry(await loadPlugins(scenario.plugins, folder, builtin));
  const study = (name: string, content: Scenario, load?: ArrayLoader) => {
    const titled = { ...content, title: `${scenario.title}: ${name}` };
    const replicated = overReplicas(titled, comparison.replicas, registry, name);
    return prepareStudy({ scenario: replicated, folder, results: join(out, name) }, builtin, 'strict', load);
  };

  const reference = await study(REFERENCE, base);
  const { levels, time, windows } = comparison;
  const top = Math.min(comparison.top ?? DEFAULT_TOP, levelCount(reference, levels, 'compare.levels'));
  const planned = planDynamics(reference, levels, 'SGD');
  if (windows) checkWindows(windows, time, planned);

  const contentOf = ({ coefficients: _coefficients, ...slots }: Surrogate): Scenario => ({
    ...base,
    observers: observersOf(scenario.observers, levels),
    ...slots,
  });
  const fileOf = (name: string) => coefficientsFile(out, name);
  /** The surrogate's scenario with its coefficients in the file kept for them. */
  const withFile = (name: string, surrogate: Surrogate): Scenario => {
    const content = contentOf(surrogate);
    const parameter = coefficientParameter(content, registry, `compare.surrogates.${name}`);
    return { ...content, model: { ...content.model, [parameter]: coefficientsPath(name) } };
  };

  const differences: Record<string, readonly string[]> = {};
  const fitted: Record<string, FittedOn> = {};
  /** Nothing is computed before all dynamics are known to be looked at at the same times. */
  const check = (name: string, prepared: Study) => {
    const path = `compare.surrogates.${name}`;
    const count = levelCount(prepared, levels, `${path}.observers`);
    if (count < top) {
      throw fail(path, `has ${count} levels where ${top} are compared; lower compare.top`);
    }
    const own = planDynamics(prepared, levels, name);
    checkEqualTimes(planned, own, { name, levels, time });
    const found = dynamicsDifferences(planned.declared, own.declared);
    if (found.length > 0) differences[name] = found;
    return prepared;
  };

  const ready = new Map<string, Study>();
  for (const [name, surrogate] of Object.entries(comparison.surrogates)) {
    const { coefficients } = surrogate;
    if (coefficients) {
      fitted[name] = fittedOn(coefficients, comparison.replicas, `compare.surrogates.${name}`);
      const measured = measuredLevels(reference, coefficients.from, `compare.surrogates.${name}`);
      check(name, await study(name, withFile(name, surrogate), () => placeholderCoefficients(measured)));
      continue;
    }
    ready.set(name, check(name, await study(name, contentOf(surrogate))));
  }
  return {
    comparison,
    top,
    reference,
    surrogates: Object.keys(comparison.surrogates),
    differences,
    fitted,
    async prepareSurrogate(name, rows) {
      const known = ready.get(name);
      if (known) return known;
      const surrogate = comparison.surrogates[name];
      if (surrogate.coefficients) {
        const known = rowsToFit(rows, fitted[name]);
        await writeCoefficients(fileOf(name), join(out, REFERENCE), known, surrogate.coefficients);
        await nameByResults(out, name);
      }
      return study(name, withFile(name, surrogate));
    },
  };
}
