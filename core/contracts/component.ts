// How a plugin describes itself: plain data plus `create`. Authors need neither a decorator nor the container.

import type { Classifier } from './classifier.js';
import type { Environment, NoiseEnvironment, ObserverEnvironment, OptimiserEnvironment } from './environment.js';
import type { FigureDeclaration } from './figure.js';
import type { Json } from './json.js';
import type { Loss } from './loss.js';
import type { Model } from './model.js';
import type { NoiseModel } from './noise-model.js';
import type { Observer } from './observer.js';
import type { Optimiser } from './optimiser.js';
import type { ParameterSchema, ParameterValues } from './parameters.js';
import type { ServiceBindings } from './services.js';

/** Raised when a contract changes so that older plugins no longer fit. */
export const CONTRACT_VERSION = 2;

export interface ComponentKinds {
  model: Model;
  loss: Loss;
  noise: NoiseModel;
  optimiser: Optimiser;
  observer: Observer;
  classifier: Classifier;
}

export type ComponentKind = keyof ComponentKinds;

/** What `create` receives of the run: the components that are made before it. Model, loss, noise, optimiser, observers. */
export interface Environments {
  model: Environment;
  loss: Environment;
  noise: NoiseEnvironment;
  optimiser: OptimiserEnvironment;
  observer: ObserverEnvironment;
  classifier: Environment;
}

export const COMPONENT_KINDS: readonly ComponentKind[] = [
  'model',
  'loss',
  'noise',
  'optimiser',
  'observer',
  'classifier',
];

/** What an author writes. */
export interface ComponentDefinition<K extends ComponentKind, S extends ParameterSchema> {
  /** Lower-case words with hyphens; scenarios refer to it by `use`. */
  readonly name: string;
  /** One sentence without a full stop. */
  readonly summary: string;
  readonly params: S;
  /** Sources: arXiv numbers, DOIs or URLs. `[]` must be typed out. */
  readonly cite: readonly string[];
  /**
   * Of a classifier: parameters that are conventions, each with other values that are as good as the default. Advice
   * tells how far its answer depends on them. Such a classifier judges each run by itself from its first and last
   * frames, and uses no environment.
   */
  readonly conventions?: Readonly<Record<string, readonly Json[]>>;
  /**
   * Of a model, a loss or an optimiser: true when it leaves all arithmetic of a step to kernels, the same ones with the
   * same arguments whenever it is given the same vectors and numbers. The engine then captures a step once and plays it
   * without JavaScript. A parameter that follows a schedule may change the arguments: a step plays on with the numbers
   * that are such a parameter as it is, and is made call by call where anything else depends on it.
   */
  readonly kernelsOnly?: boolean | ((params: ParameterValues<S>) => boolean);
  /** Complete when it is returned: all memory carved, every mistake told. */
  create(params: ParameterValues<S>, environment: Environments[K]): ComponentKinds[K];
}

/** A component of known kind whose parameters have been forgotten by the type system, as the container keeps it. */
export interface Component<K extends ComponentKind = ComponentKind> {
  readonly kind: K;
  readonly name: string;
  readonly summary: string;
  readonly params: ParameterSchema;
  readonly cite: readonly string[];
  readonly conventions?: Readonly<Record<string, readonly Json[]>>;
  readonly kernelsOnly?: boolean | ((params: never) => boolean);
  create(params: never, environment: Environments[K]): ComponentKinds[K];
}

export interface Plugin {
  readonly name: string;
  /** Semantic version. It is part of a run's identity: raise it when numbers change. */
  readonly version: string;
  readonly contract: number;
  readonly components: readonly Component[];
  /** Drawn by `eigenflow figures` from any results that hold what they need; channels named by component. */
  readonly figures?: readonly FigureDeclaration[];
  /** Services of a run that it puts in place of the usual ones. */
  readonly services?: ServiceBindings;
}

function component<K extends ComponentKind>(kind: K) {
  return <const S extends ParameterSchema>(definition: ComponentDefinition<K, S>): Component<K> => ({
    kind,
    ...definition,
  });
}

export const defineModel = component('model');
export const defineLoss = component('loss');
export const defineNoiseModel = component('noise');
export const defineOptimiser = component('optimiser');
export const defineObserver = component('observer');
export const defineClassifier = component('classifier');

/** A named, versioned group of components, the unit that a scenario lists under `plugins`. */
export function definePlugin(plugin: Omit<Plugin, 'contract'>): Plugin {
  return { contract: CONTRACT_VERSION, ...plugin };
}
