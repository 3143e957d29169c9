// Surrogates for a scenario that declares none: the matrix Langevin equation at its temperature, with a step that resolves the
// curvature, compared at equal learning times as `eigenflow compare` does it.
import { lastValueFrom } from 'rxjs';
import { gather } from '../../core/engine/gather.js';
import { run } from '../../core/engine/run.js';
import { createSimulation } from '../../core/engine/simulation.js';
import { EigenflowError } from '../../core/errors.js';
import type { Memory } from '../../core/kernels/arena.js';
import type { ArrayLoader, RunConfig } from '../../core/scenario/resolve.js';
import type { Scenario } from '../../core/scenario/scenario.js';
import type { ComparisonRequest, PresetName } from '../comparison-protocol.js';
import { runAt } from './place.js';
import { registryOf } from './plugins.js';

/** What is compared, and what was changed or chosen for it. */
export interface PresetComparison {
  /** With the field `compare`. */
  readonly scenario: Scenario;
  readonly substeps: number;
  /** Step of the surrogate times the sharpness of the first weights; undefined where it is not known. */
  readonly stepTimesSharpness?: number;
  readonly notes: readonly string[];
}

/** Times at which levels are compared, the start left out. */
const FRAMES = 16;
/** Of them, so many lie between two measurements of the sharpness. */
const FRAMES_PER_SHARPNESS = 4;
const TOP = 6;
/** Step x sharpness that Euler-Maruyama wants at most, and by how much the sharpness may grow beyond that of the start. */
const SMALL_STEP = 0.1;
const GROWTH = 2;
const MOST_SUBSTEPS = 64;
/** Without a sharpness. */
const USUAL_SUBSTEPS = 4;
/** A subset of the samples adds this much to T at most, relative; fewer samples than this are all taken. */
const ADDED_TEMPERATURE = 0.005;
const FEW_SAMPLES = 128;

const PRESET_NOISE: Readonly<Record<PresetName, Readonly<Record<string, string>>>> = {
  langevin: { use: 'langevin' },
  isotropic: { use: 'langevin', covariance: 'isotropic' },
};

export const isPreset = (name: string): name is PresetName => Object.hasOwn(PRESET_NOISE, name);

const refuse = (path: string, message: string) => new EigenflowError('scenario', path, message);

/** Plugins of the noise, and of the observers that the comparison needs. */
const PLUGINS = ['spectrum', 'langevin', 'stability'] as const;

/** What the run says of itself before its first step. */
function survey(config: RunConfig, tools: Parameters<typeof run>[1], wanted: string | undefined) {
  const { registry, memory, load } = tools;
  const simulation = memory.withRoom((workspace) => createSimulation(config, registry, workspace, load));
  const { model, steps, samplesPerStep } = simulation;
  const [declared] = simulation.declaredAt([0]);
  const matrices = model.layout
    .filter(({ rows, cols }) => rows > 1 && cols > 1)
    .sort((a, b) => Number(b.name === wanted) - Number(a.name === wanted) || b.rows * b.cols - a.rows * a.cols);
  return { samples: model.samples, steps, samplesPerStep, declared, block: matrices[0] };
}

/** Sharpness at the first weights; undefined where the model does not allow it to be measured. */
async function firstSharpness(scenario: Scenario, seed: number, tools: Parameters<typeof run>[1]) {
  const { epochs: _epochs, time: _time, ...rest } = scenario;
  const observers = { stability: { use: 'sharpness', when: { at: [0] } } } as const;
  try {
    const config = runAt({ ...rest, steps: 1, observers }, { at: {}, seed }, tools.registry, tools.load);
    const { series } = await lastValueFrom(gather(run(config, tools)));
    const found = series.get('stability.sharpness')?.data[0];
    return found !== undefined && Number.isFinite(found) ? found : undefined;
  } catch {
    return undefined;
  }
}

/** Samples that the Langevin noise looks at in a step; undefined for all of them. */
function subsetOf(samples: number, stepSize: number, temperature: number): number | undefined {
  const enough = Math.max(FEW_SAMPLES, Math.ceil(stepSize / (ADDED_TEMPERATURE * temperature)));
  return enough < samples ? enough : undefined;
}

/**
 * @param alone the scenario of one run, without sweep
 * @throws EigenflowError `scenario` that says why there is no such surrogate
 */
export async function presetComparison(
  alone: Scenario,
  { surrogate, realisations, part, substeps: wanted, block: wantedBlock, place: { seed } }: ComparisonRequest,
  { memory, load }: { readonly memory: Memory; readonly load: ArrayLoader },
): Promise<PresetComparison> {
  if (!isPreset(surrogate)) throw refuse('compare.surrogates', `there is no surrogate "${surrogate}" of this scenario`);
  const { observers: _observers, classifier: _classifier, figures: _figures, ...rest } = alone;
  const bare = { ...rest, plugins: [...new Set([...rest.plugins, ...PLUGINS])] };
  const notes: string[] = [];
  const { learningRate } = bare.optimiser;
  if (typeof learningRate !== 'number') {
    throw refuse(
      'optimiser.learningRate',
      'the step of the surrogate follows from a constant learning rate, which this run has not; declare its surrogate in ' +
        'the field compare of the scenario',
    );
  }
  if (bare.noise.use === 'langevin') throw refuse('noise', 'this run is the Langevin equation already');
  let base: Scenario = bare;
  if (bare.noise.order === 'cyclic') {
    base = { ...bare, noise: { ...bare.noise, order: 'iid' } };
    notes.push(
      'batches are drawn afresh in every step: those of the order "cyclic", which this run has, are the same in every ' +
        'realisation',
    );
  }
  const registry = await registryOf(base.plugins);
  const tools = { registry, memory, load };
  const { samples, steps, declared, block } = survey(runAt(base, { at: {}, seed }, registry, load), tools, wantedBlock);
  if (!block) throw refuse('model', 'has no weight matrix whose levels could be compared');
  if (!Number.isFinite(samples)) {
    throw refuse(
      'model',
      'samples that never come twice have no covariance over a data set, which the surrogate needs',
    );
  }
  const { temperature, descent } = declared;
  if (!(temperature > 0)) {
    throw refuse(
      'noise',
      temperature === 0
        ? 'has no noise: T is 0, and so is every difference'
        : 'declares no temperature that a surrogate could have',
    );
  }
  if (!descent)
    throw refuse('optimiser', 'does not say how its steps follow from gradients, so that T says nothing of them');

  const sharpness = await firstSharpness(base, seed, tools);
  const enough = sharpness === undefined ? USUAL_SUBSTEPS : Math.ceil((GROWTH * learningRate * sharpness) / SMALL_STEP);
  const substeps = wanted ?? Math.min(MOST_SUBSTEPS, Math.max(1, enough));
  const stepSize = learningRate / substeps;
  const every = Math.max(1, Math.ceil((part * steps) / FRAMES));
  const length = Math.min(steps, every * FRAMES);
  const subset = subsetOf(samples, stepSize, temperature);
  const observersOf = (factor: number): Scenario['observers'] => ({
    levels: { use: 'gram-spectrum', block: block.name, when: { every: every * factor } },
    ...(sharpness !== undefined && {
      stability: { use: 'sharpness', when: { every: every * FRAMES_PER_SHARPNESS * factor } },
    }),
  });
  const { steps: _steps, epochs: _epochs, ...timeless } = base;
  const scenario: Scenario = {
    ...timeless,
    time: length * learningRate,
    observers: observersOf(1),
    compare: {
      levels: 'levels.levels',
      top: Math.min(TOP, block.rows, block.cols),
      replicas: realisations,
      surrogates: {
        [surrogate]: {
          noise: { ...PRESET_NOISE[surrogate], use: 'langevin', temperature, ...(subset !== undefined && { subset }) },
          optimiser: { ...base.optimiser, learningRate: stepSize },
          observers: observersOf(substeps),
        },
      },
    },
  };
  return {
    scenario,
    substeps,
    ...(sharpness !== undefined && { stepTimesSharpness: stepSize * sharpness }),
    notes,
  };
}
