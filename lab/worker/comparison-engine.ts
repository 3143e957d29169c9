// What a worker does for a comparison: the calls of comparison-protocol.ts.
import type { Dynamics } from '../../analysis/comparison/comparison-plan.js';
import { createSimulation } from '../../core/engine/simulation.js';
import type { ArrayLoader } from '../../core/scenario/resolve.js';
import type { Scenario } from '../../core/scenario/scenario.js';
import type { ComparisonEngine, ComparisonOutline, ComparisonRequest } from '../comparison-protocol.js';
import { comparisonMemory, type OpenComparison, openComparison } from './compare.js';
import { shownVerdict } from './compare-shown.js';
import { scenarioAt } from './place.js';
import { presetComparison } from './surrogate-presets.js';

/** The scenario of the place without a sweep: of a seed that is not the first, the comparison is told apart. */
function aloneAt({ scenario, place: { at } }: Pick<ComparisonRequest, 'scenario' | 'place'>): Scenario {
  const { classifier: _classifier, ...alone } = scenarioAt(scenario, { at, seed: 0 });
  return alone;
}

/** The comparison that the scenario declares, of one surrogate. */
function declaredComparison(request: ComparisonRequest): Scenario | undefined {
  const { compare } = request.scenario;
  const surrogate = compare?.surrogates[request.surrogate];
  if (!compare || !surrogate) return undefined;
  const { instances: _instances, ...rest } = compare;
  const own = { ...rest, replicas: request.realisations, surrogates: { [request.surrogate]: surrogate } };
  return { ...aloneAt(request), compare: own };
}

/** What one realisation takes, and the temperature that it declares. */
function surveyOf({ sweep, registry, memory, load }: Dynamics) {
  const config = sweep.runs[0];
  const simulation = memory.withRoom((workspace) => createSimulation(config, registry, workspace, load));
  const [{ temperature }] = simulation.declaredAt([0]);
  return { steps: simulation.steps, gradients: simulation.steps * simulation.samplesPerStep, temperature };
}

/** The surrogate without what is only compared: it is watched by observers of the page. */
function liveSurrogate({ compare, ...base }: Scenario, name: string): Scenario {
  const { observers: _observers, coefficients: _coefficients, ...slots } = compare?.surrogates[name] ?? {};
  return { ...base, ...slots, observers: {} };
}

async function outline(request: ComparisonRequest, load: ArrayLoader): Promise<ComparisonOutline> {
  const { surrogate, place } = request;
  const declared = declaredComparison(request);
  const preset = declared
    ? undefined
    : await presetComparison(aloneAt(request), request, { memory: comparisonMemory(), load });
  const scenario = declared ?? (preset as NonNullable<typeof preset>).scenario;
  const { plan } = await openComparison(scenario, place.seed, load);
  const isFitted = plan.fitted[surrogate] !== undefined;
  const reference = surveyOf(plan.reference);
  const own = isFitted ? undefined : surveyOf(await plan.prepareSurrogate(surrogate));
  return {
    scenario,
    surrogate,
    time: scenario.time as number,
    steps: { reference: reference.steps, surrogate: own?.steps ?? Number.NaN },
    gradients: { reference: reference.gradients, surrogate: own?.gradients ?? Number.NaN },
    temperature: { reference: reference.temperature, surrogate: own?.temperature ?? Number.NaN },
    ...(preset && { substeps: preset.substeps }),
    ...(preset?.stepTimesSharpness !== undefined && { stepTimesSharpness: preset.stepTimesSharpness }),
    differences: plan.differences[surrogate] ?? [],
    notes: preset?.notes ?? [],
    isFitted,
    ...(!isFitted && { live: liveSurrogate(scenario, surrogate) }),
  };
}

/** @param load arrays of the study that is open */
export function createComparisonEngine(load: ArrayLoader): ComparisonEngine {
  let open: OpenComparison | undefined;
  const opened = () => {
    if (!open) throw new Error('no comparison is open in this worker');
    return open;
  };
  return {
    outlineComparison: (request) => outline(request, load),
    async openComparison(scenario, seed) {
      open = await openComparison(scenario, seed, load);
    },
    realise: async (side, replica) => opened().realise(side, replica),
    measureCoefficients: async () => opened().measureCoefficients(),
    takeCoefficients: async (file) => opened().takeCoefficients(file),
    keepRealisation: async (realisation) => opened().keep(realisation),
    async judgeComparison() {
      const report = opened().judge();
      return report && shownVerdict(report);
    },
  };
}
