// The stage on which a component is tested: a real run, wired by the engine, with reference components in all the other
// places unless the author names some.

import { createRegistry } from '../container.js';
import type { NamedArrays } from '../contracts/arrays.js';
import type { Classifier } from '../contracts/classifier.js';
import { Clock } from '../contracts/clock.js';
import { type Component, definePlugin } from '../contracts/component.js';
import type { Environment } from '../contracts/environment.js';
import type { Json } from '../contracts/json.js';
import { makeComponents, openContainer, type RunComponents } from '../engine/components.js';
import { createSimulation, type Simulation } from '../engine/simulation.js';
import { EigenflowError } from '../errors.js';
import { openWorkspace, type Workspace } from '../kernels/arena.js';
import { bindParameters } from '../plugin/bind-parameters.js';
import { checkParameters } from '../plugin/check-parameters.js';
import { createComponent } from '../plugin/create-component.js';
import { createStream } from '../random/stream.js';
import { resolveScenario } from '../scenario/resolve.js';
import type { Use } from '../scenario/scenario.js';
import { type GuardedArena, guardedArena } from './check.js';
import { referenceLoss, referenceModel, referenceNoise, referenceOptimiser } from './reference.js';

/** Parameters as a scenario would write them. */
export type WrittenParameters = Readonly<Record<string, unknown>>;

/** A component that stands in for the rest of the run. */
export interface Prop {
  readonly component: Component;
  readonly params?: WrittenParameters;
}

export interface ConformanceOptions {
  /** Parameters of the component, as a scenario would write them. Those without a default are needed. */
  readonly params?: WrittenParameters;
  /** Arrays by the path that a parameter of type `arrays` names. */
  readonly arrays?: Readonly<Record<string, NamedArrays>>;
  /** What the rest of the run consists of. Default: two linear layers, 24 samples, plain loops. */
  readonly stage?: {
    readonly model?: Prop;
    readonly loss?: Prop;
    readonly noise?: Prop;
    readonly optimiser?: Prop;
  };
  /** Noise models: size of the data set. Default 24. */
  readonly samples?: number;
  /** Classifiers: shape of one frame by channel. Default: a number. */
  readonly shapes?: Readonly<Record<string, readonly number[]>>;
  /** Classifiers: parameters of the made-up runs, by path. Default: none. */
  readonly parameters?: Readonly<Record<string, Json>>;
  /** Models and losses: largest relative error of a derivative against finite differences. Default 1e-6. */
  readonly tolerance?: number;
}

/** What is tested, and with what. */
export interface Subject {
  readonly component: Component;
  readonly options: ConformanceOptions;
}

/** Name of the tested observer in the run. */
export const OBSERVER = 'subject';

/** Length of the run on the stage, more than any check makes of it; the engine does not advance beyond it. */
export const STEPS = 100_000;

/**
 * Two workspaces, kept: an instance is compared with a second one, and every WebAssembly memory reserves gigabytes of
 * address space.
 */
const workspaces: Workspace[] = [];

/** Which of the two workspaces. Opening a stage on one ends whatever stood there. */
export type Place = 0 | 1;

function clearedWorkspace(place: Place): Workspace {
  workspaces[place] ??= openWorkspace();
  workspaces[place].arena.clear();
  return workspaces[place];
}

/** Arrays come from the options, not from files. */
const loader = (options: ConformanceOptions) => (path: string) => {
  const arrays = options.arrays?.[path];
  if (!arrays) throw new EigenflowError('file', path, 'these arrays are not in the options of the conformance test');
  return arrays;
};

const uses = ({ component, params }: Prop): Use => ({ ...params, use: component.name }) as Use;

/**
 * @param changed parameters of the subject that differ from the options
 * @param watched whether the tested observer is there
 */
function prepare({ component, options }: Subject, place: Place, changed: WrittenParameters = {}, watched = true) {
  const subject: Prop = { component, params: { ...options.params, ...changed } };
  const props: Record<'model' | 'loss' | 'noise' | 'optimiser', Prop> = {
    model: { component: referenceModel },
    loss: { component: referenceLoss },
    noise: { component: referenceNoise },
    optimiser: { component: referenceOptimiser },
    ...options.stage,
  };
  const { kind } = component;
  if (kind !== 'observer' && kind !== 'classifier') props[kind] = subject;
  const components = new Set([...Object.values(props).map((prop) => prop.component), component]);
  const workspace = clearedWorkspace(place);
  const guarded = guardedArena(workspace.arena);
  const registry = createRegistry([
    definePlugin({
      name: 'conformance',
      version: '0.0.0',
      components: [...components],
      services: { arena: () => guarded },
    }),
  ]);
  const load = loader(options);
  const { runs } = resolveScenario(
    {
      title: 'Conformance',
      plugins: ['conformance'],
      steps: STEPS,
      model: uses(props.model),
      loss: uses(props.loss),
      noise: uses(props.noise),
      optimiser: uses(props.optimiser),
      observers: kind === 'observer' && watched ? { [OBSERVER]: uses(subject) } : {},
    },
    registry,
    load,
  );
  return { config: runs[0], registry, load, workspace, guarded };
}

export interface Wired extends Workspace {
  readonly components: RunComponents;
  /** Where the components carve their vectors. */
  readonly guarded: GuardedArena;
}

/** Creates the components; makes no run of them. */
export function wire(subject: Subject, place: Place = 0): Wired {
  const { config, registry, load, workspace, guarded } = prepare(subject, place);
  const container = openContainer(config, registry, workspace, load);
  return { ...workspace, guarded, components: makeComponents(container, config, registry) };
}

/** A run at step 0. */
export function simulate(
  subject: Subject,
  place: Place = 0,
  changed: WrittenParameters = {},
): Workspace & { simulation: Simulation } {
  const { config, registry, load, workspace } = prepare(subject, place, changed);
  return { ...workspace, simulation: createSimulation(config, registry, workspace, load) };
}

/** The same run without the tested observer. */
export function simulateUnwatched(subject: Subject, place: Place): Simulation {
  const { config, registry, load, workspace } = prepare(subject, place, {}, false);
  return createSimulation(config, registry, workspace, load);
}

/** Random numbers for the tests themselves. */
export const probes = ({ kernels }: Workspace) => createStream(kernels, 1, ['conformance', 'probes']);

/** What every component receives, outside a run. */
export function environment(place: Place = 0): Environment {
  const { kernels, arena } = clearedWorkspace(place);
  return {
    random: createStream(kernels, 1, ['conformance', 'subject']),
    common: createStream(kernels, 1, ['conformance', 'common']),
    arena,
    kernels,
  };
}

/** Parameters as `create` receives them. */
function boundParameters({ component, options }: Subject): unknown {
  const checked = checkParameters(component.name, options.params ?? {}, component.params);
  const { values, scheduled } = bindParameters(component.name, component.params, checked, loader(options));
  for (const parameter of scheduled) parameter.follow(new Clock());
  return values;
}

/** A classifier, which needs no run. */
export function openClassifier(subject: Subject, place: Place = 0): Classifier {
  const component = subject.component as Component<'classifier'>;
  return createComponent('classifier', component, boundParameters(subject), environment(place));
}

/** Whether the component says that it leaves all arithmetic of a step to kernels. */
export function isKernelsOnly(subject: Subject): boolean {
  const { kernelsOnly } = subject.component;
  return typeof kernelsOnly === 'function' ? kernelsOnly(boundParameters(subject) as never) : kernelsOnly === true;
}
