// What a comparison computes, found out and checked before the first step: the same scenario under SGD and under each surrogate.
// Wherever it is computed, on disk or in a tab, the host says how a dynamics is prepared.
import type { Registry } from '../../core/container.js';
import type { Preflight } from '../../core/engine/preflight.js';
import { EigenflowError, suggestOrStop } from '../../core/errors.js';
import type { Memory } from '../../core/kernels/arena.js';
import type { ArrayLoader, ResolvedSweep } from '../../core/scenario/resolve.js';
import type { Comparison, ObserverUse, Scenario, Surrogate } from '../../core/scenario/scenario.js';
import { COEFFICIENT_CHANNELS } from '../../core/theory/level-equation/coefficients.js';
import type { FittedOn } from './comparison-record.js';
import { dynamicsDifferences } from './dynamics.js';
import { checkEqualTimes, checkWindows, planDynamics } from './equal-times.js';
import { fittedOn } from './fitted-realisations.js';
import { placeholderCoefficients } from './measured-coefficients.js';

export const REFERENCE = 'reference';
/** The component that says whether a step is small. */
export const SHARPNESS = 'sharpness';
const DEFAULT_TOP = 6;

/** A dynamics of a comparison as it is known before its first step. */
export interface Dynamics {
  readonly sweep: ResolvedSweep;
  readonly registry: Registry;
  readonly memory: Memory;
  readonly load: ArrayLoader;
  readonly preflight: Pick<Preflight, 'channels'>;
}

export interface ComparisonHost<D extends Dynamics> {
  readonly registry: Registry;
  /** Checks a scenario of one dynamics over all realisations. @param load of arrays, where not that of the host */
  prepare(name: string, scenario: Scenario, load?: ArrayLoader): Promise<D>;
  /** Path by which a scenario names the measured coefficients of a surrogate. */
  coefficientsOf(name: string): string;
}

export interface ComparisonPlan<D extends Dynamics> {
  readonly comparison: Comparison;
  readonly top: number;
  readonly reference: D;
  /** The names of the surrogates, all checked. */
  readonly surrogates: readonly string[];
  /** How the dynamics that a surrogate declares differ from those of SGD, by its name; where they do. */
  readonly differences: Readonly<Record<string, readonly string[]>>;
  /** What measured coefficients are fitted to, by the name of the surrogate that has them. */
  readonly fitted: Readonly<Record<string, FittedOn>>;
  /** A surrogate, ready to run: its coefficients have been measured, where it has any. */
  prepareSurrogate(name: string): Promise<D>;
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
function measuredLevels({ preflight: { channels } }: Dynamics, from: string, path: string): number {
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
function levelCount({ preflight: { channels } }: Dynamics, levels: string, path: string): number {
  const channel = channels[levels];
  if (channel?.shape.length === 1) return channel.shape[0];
  const known = Object.keys(channels).filter((name) => channels[name].shape.length === 1);
  const there = known.join(', ') || 'none';
  throw fail(path, `no channel of levels "${levels}"${suggestOrStop(levels, known)} There are: ${there}`);
}

/** @throws EigenflowError `scenario` when the scenario declares no comparison or it does not fit */
export async function planComparison<D extends Dynamics>(
  scenario: Scenario,
  host: ComparisonHost<D>,
): Promise<ComparisonPlan<D>> {
  const comparison = comparisonOf(scenario);
  const { compare: _compare, figures: _figures, classifier: _classifier, ...base } = scenario;
  const { registry } = host;
  const prepare = (name: string, content: Scenario, load?: ArrayLoader) => {
    const titled = { ...content, title: `${scenario.title}: ${name}` };
    return host.prepare(name, overReplicas(titled, comparison.replicas, registry, name), load);
  };

  const reference = await prepare(REFERENCE, base);
  const { levels, time, windows } = comparison;
  const top = Math.min(comparison.top ?? DEFAULT_TOP, levelCount(reference, levels, 'compare.levels'));
  const planned = planDynamics(reference, levels, 'SGD');
  if (windows) checkWindows(windows, time, planned);

  const contentOf = ({ coefficients: _coefficients, ...slots }: Surrogate): Scenario => ({
    ...base,
    observers: observersOf(scenario.observers, levels),
    ...slots,
  });
  /** The surrogate's scenario, which names its coefficients. */
  const withCoefficients = (name: string, surrogate: Surrogate): Scenario => {
    const content = contentOf(surrogate);
    const parameter = coefficientParameter(content, registry, `compare.surrogates.${name}`);
    return { ...content, model: { ...content.model, [parameter]: host.coefficientsOf(name) } };
  };

  const differences: Record<string, readonly string[]> = {};
  const fitted: Record<string, FittedOn> = {};
  /** Nothing is computed before all dynamics are known to be looked at at the same times. */
  const check = (name: string, prepared: D) => {
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

  const ready = new Map<string, D>();
  for (const [name, surrogate] of Object.entries(comparison.surrogates)) {
    const { coefficients } = surrogate;
    if (coefficients) {
      fitted[name] = fittedOn(coefficients, comparison.replicas, `compare.surrogates.${name}`);
      const measured = measuredLevels(reference, coefficients.from, `compare.surrogates.${name}`);
      check(name, await prepare(name, withCoefficients(name, surrogate), () => placeholderCoefficients(measured)));
      continue;
    }
    ready.set(name, check(name, await prepare(name, contentOf(surrogate))));
  }
  return {
    comparison,
    top,
    reference,
    surrogates: Object.keys(comparison.surrogates),
    differences,
    fitted,
    async prepareSurrogate(name) {
      return ready.get(name) ?? prepare(name, withCoefficients(name, comparison.surrogates[name]));
    },
  };
}
