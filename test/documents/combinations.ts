// Which optimisers run on which models: one step of each on each.
import { createRegistry } from '../../core/container.js';
import type { Component, Plugin } from '../../core/contracts/component.js';
import { createSimulation } from '../../core/engine/simulation.js';
import { isEigenflowError } from '../../core/errors.js';
import { openMemory } from '../../core/kernels/arena.js';
import { resolveScenario } from '../../core/scenario/resolve.js';
import type { Scenario } from '../../core/scenario/scenario.js';
import { builtinPlugins } from '../../plugins/builtin.js';

export interface Combinations {
  readonly models: readonly string[];
  /** By optimiser: for each model undefined where it runs, or why not. */
  readonly rows: readonly { readonly optimiser: string; readonly refusals: readonly (string | undefined)[] }[];
}

/** Parameters that models cannot do without, or that make them small. */
const MODELS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  'teacher-student': { samples: 40 },
  network: { data: 'digits', hidden: [4] },
  'linear-teacher-student': { samples: 40 },
  'linear-hidden-layer': { samples: 40 },
  'random-linear-flow': { size: 6 },
  'random-design-regression': { inputs: 4, samples: 10 },
  'random-features': { dimension: 6, features: 4, samples: 5 },
  'poisson-collocation': { modes: 3, points: 8, targetModes: [1, 2] },
  quadratic: { copies: 2, initial: 1 },
  'linear-regression': { outputs: 2, initial: 'zero' },
  'diagonal-linear-network': { inputs: 9, samples: 4 },
  'bump-regression': { initial: 0.1 },
  'mean-estimation': { dimensions: 3, initial: 1 },
  'soft-committee': { inputs: 9 },
  'committee-flow': { inputs: 9, learningRate: 0.5 },
  'dyson-brownian-motion': { levels: 5, temperature: 1 },
  'laguerre-process': { rows: 3, cols: 5, temperature: 1 },
  'general-levels': {
    reference: [0, 1, 3],
    driftSlope: -1,
    offDiagonalVariance: 1,
    diagonalCovariance: 2,
    temperature: 1,
  },
};

/** Models whose output is what is to become small. */
const ENERGIES = ['gaussian-rbm', 'committee-flow'];

/** Where the data set does not do as a whole. */
const NOISE: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  'gaussian-rbm': { use: 'persistent-chains' },
  'soft-committee': { use: 'minibatch', batchSize: 4, order: 'iid' },
};

/** What says of the model in a message does not belong in a list of reasons for all models. */
const reasonOf = (error: unknown): string => {
  if (!isEigenflowError(error)) throw error;
  return error.message.replace(/^[^:]*: /, '').replaceAll(/"[a-z-]+" moves/g, 'it moves');
};

export async function combine(): Promise<Combinations> {
  const loaded = await Promise.all(Object.values(builtinPlugins).map((load) => load()));
  const plugins = loaded.map((module) => (module as { default: Plugin }).default);
  const registry = createRegistry(plugins);
  const components = plugins.flatMap((plugin) => plugin.components as readonly Component[]);
  const ofKind = (kind: string) => components.filter((component) => component.kind === kind);
  const memory = openMemory();
  const noFiles = (path: string): never => {
    throw new Error(`no file ${path} in this test`);
  };
  /** Weights after one step. @throws EigenflowError where the two do not go together */
  const step = (model: Component, optimiser: Component): { before: Float64Array; after: Float64Array } => {
    const rate = 'learningRate' in optimiser.params ? 'learningRate' : 'stepSize';
    const scenario = {
      title: 'One step',
      plugins: plugins.map(({ name }) => name),
      steps: 1,
      model: { use: model.name, ...MODELS[model.name] },
      loss: { use: ENERGIES.includes(model.name) ? 'mean-output' : 'half-mean-square' },
      noise: NOISE[model.name] ?? { use: 'full-batch' },
      optimiser: { use: optimiser.name, [rate]: 1e-3 },
    } as unknown as Scenario;
    const [config] = resolveScenario(scenario, registry, noFiles).runs;
    const simulation = memory.withRoom((workspace) => createSimulation(config, registry, workspace, noFiles));
    const before = simulation.view.theta.slice();
    simulation.advance(1);
    if (simulation.status !== 'completed') throw new Error(`${model.name}, ${optimiser.name}: ${simulation.status}`);
    return { before, after: simulation.view.theta.slice() };
  };
  const models = ofKind('model');
  return {
    models: models.map(({ name }) => name),
    rows: ofKind('optimiser').map((optimiser) => ({
      optimiser: optimiser.name,
      refusals: models.map((model) => {
        try {
          const { before, after } = step(model, optimiser);
          if (!after.every(Number.isFinite))
            throw new Error(`${model.name}, ${optimiser.name}: weights are not finite`);
          // Levels that start where no force acts do not move without noise.
          const rests = model.name === 'general-levels' && after.every((weight, i) => weight === before[i]);
          if (!rests && after.every((weight, i) => weight === before[i])) {
            throw new Error(`${model.name}, ${optimiser.name}: nothing moved`);
          }
          return undefined;
        } catch (error) {
          return reasonOf(error);
        }
      }),
    })),
  };
}

/** A row for all optimisers that run on the same models. */
export function combinationsTable({ models, rows }: Combinations): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const names = (list: readonly string[]) => list.map((name) => `\`${name}\``).join(', ');
  const groups = new Map<string, string[]>();
  const refusalsOf = new Map(rows.map(({ optimiser, refusals }) => [optimiser, refusals]));
  for (const { optimiser, refusals } of rows) {
    const key = JSON.stringify(refusals.map((reason) => reason ?? null));
    groups.set(key, [...(groups.get(key) ?? []), optimiser]);
  }
  return [
    line(['optimisers', 'run on', 'not on']),
    line(['---', '---', '---']),
    ...[...groups.values()].map((optimisers) => {
      const refusals = refusalsOf.get(optimisers[0]) ?? [];
      const reasons = [...new Set(refusals.filter((reason) => reason !== undefined))];
      const refusedFor = (reason: string | undefined) => models.filter((_, i) => refusals[i] === reason);
      const [running, refused] = [refusedFor(undefined), models.length - refusedFor(undefined).length];
      const isShorter = running.length <= refused;
      return line([
        names(optimisers),
        refused === 0 ? 'all models' : isShorter ? names(running) : 'all others',
        reasons.map((reason) => `${isShorter ? 'all others' : names(refusedFor(reason))}: ${reason}`).join('; ') ||
          'none',
      ]);
    }),
    '',
  ].join('\n');
}
