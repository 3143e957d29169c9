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

/** The table, and the reasons below it. */
export function combinationsTable({ models, rows }: Combinations): string {
  const reasons = [...new Set(rows.flatMap(({ refusals }) => refusals.filter((reason) => reason !== undefined)))];
  const cell = (reason: string | undefined) => (reason === undefined ? 'yes' : `no (${reasons.indexOf(reason) + 1})`);
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    line(['', ...models.map((name) => `\`${name}\``)]),
    line(['---', ...models.map(() => '---')]),
    ...rows.map(({ optimiser, refusals }) => line([`\`${optimiser}\``, ...refusals.map(cell)])),
    '',
    ...reasons.map((reason, i) => `${i + 1}. ${reason}`),
  ].join('\n');
}
