// From a scenario to its runs: every run as plain data with all parameters checked and filled in, ready to be sent to
// a worker.
import type { Registry } from '../container.js';
import type { NamedArrays } from '../contracts/arrays.js';
import type { Axis } from '../contracts/classifier.js';
import { COMPONENT_KINDS, type ComponentKind } from '../contracts/component.js';
import type { Json } from '../contracts/json.js';
import { EigenflowError } from '../errors.js';
import { isPathOfArrays } from '../plugin/bind-parameters.js';
import { checkParameters } from '../plugin/check-parameters.js';
import { checkKeysAndDepth } from '../schema/schema.js';
import { canonical, digest, type KnownTexts, RESULTS_SCHEMA } from './identity.js';
import { checkFields } from './parse.js';
import { valueAt, withValue } from './paths.js';
import type { ObserverUse, Scenario, Trigger, Use } from './scenario.js';
import { expandSweep, type Grid } from './sweep.js';

/** Arrays of a file by the path that the scenario names. */
export type ArrayLoader = (path: string) => NamedArrays;

export interface ResolvedUse {
  readonly use: string;
  readonly params: Readonly<Record<string, Json>>;
}

export interface ResolvedObserver extends ResolvedUse {
  readonly when: Trigger;
}

/** One run, complete. Survives structuredClone. */
export interface RunConfig {
  readonly id: string;
  /** The same for all runs that differ from this one in their length and in the times of their frames at most. */
  readonly course: string;
  /** Value of each sweep axis. */
  readonly axes: Readonly<Record<string, Json>>;
  /** Index on the seeds axis. */
  readonly seed: number;
  readonly rootSeed: number;
  /** First words of every stream's path beside the seed: the replica, and the cell when cells draw independently. */
  readonly streamPath: readonly string[];
  readonly length: { readonly steps: number } | { readonly epochs: number } | { readonly time: number };
  readonly limits: { readonly loss?: number; readonly weightGrowth: number };
  readonly model: ResolvedUse;
  readonly loss: ResolvedUse;
  readonly noise: ResolvedUse;
  readonly optimiser: ResolvedUse;
  readonly observers: Readonly<Record<string, ResolvedObserver>>;
  readonly classifier?: ResolvedUse;
}

export interface ResolvedSweep {
  readonly grid: Grid;
  /** Cell by cell, seeds fastest. */
  readonly runs: readonly RunConfig[];
}

export const DEFAULT_TRIGGER: Trigger = { points: 21 };
const DEFAULT_WEIGHT_GROWTH = 1e3;

/** Checked value of a parameter by its path, such as `noise.batchSize`; undefined where there is none. */
export function parameterOf(config: RunConfig, path: string): Json | undefined {
  const split = path.lastIndexOf('.');
  const slots = { model: config.model, loss: config.loss, noise: config.noise, optimiser: config.optimiser };
  const observers = Object.entries(config.observers).map(([name, use]) => [`observers.${name}`, use] as const);
  const use = new Map<string, ResolvedUse>([...Object.entries(slots), ...observers]).get(path.slice(0, split));
  const name = path.slice(split + 1);
  return use && Object.hasOwn(use.params, name) ? use.params[name] : undefined;
}

function resolveUse(registry: Registry, kind: ComponentKind, path: string, given: Use | ObserverUse): ResolvedUse {
  const { use, ...rest } = given;
  const component = registry.find(kind, use, path);
  return { use, params: checkParameters(path, rest, component.params) };
}

/** Replaces the path of an array file by its content's digest: the content is what a run depends on. */
export function withDigests(
  registry: Registry,
  kind: ComponentKind,
  resolved: ResolvedUse,
  load: ArrayLoader,
): ResolvedUse {
  const { params: schema } = registry.find(kind, resolved.use, kind);
  const params = Object.fromEntries(
    Object.entries(resolved.params).map(([name, value]) => [
      name,
      isPathOfArrays(schema[name], value) ? load(value).digest : value,
    ]),
  );
  return { ...resolved, params };
}

/** One component of a run. */
interface Part {
  readonly resolved: ResolvedUse;
  /** What the identity of the run says of it. */
  readonly identity: ResolvedUse;
  /** Name and version of its plugin. */
  readonly plugin: readonly [string, string];
}

interface ObserverParts {
  readonly resolved: RunConfig['observers'];
  readonly identity: RunConfig['observers'];
  /** The identity without the times of frames. */
  readonly untimed: Readonly<Record<string, ResolvedUse>>;
  readonly plugins: readonly Part['plugin'][];
}

/** What scenarios make of their slots. */
interface PartResolver {
  slot(kind: ComponentKind, given: Use): Part;
  observers(given: Scenario['observers']): ObserverParts;
  /** A classifier reads results and changes none, so it is no part of the identity. */
  classifier(given: Scenario['classifier']): ResolvedUse | undefined;
  /** Plugins that put services of their own in place of the usual ones: they may change any run. */
  readonly replacingServices: readonly Part['plugin'][];
  /** Identities of parts, written out once for all runs that share them. */
  readonly known: KnownTexts;
}

/** `make`, which is not asked again for the value that it was asked for last. */
function rememberLast<Given, Made>(make: (given: Given) => Made): (given: Given) => Made {
  let last: { readonly given: Given; readonly made: Made } | undefined;
  return (given) => {
    if (last === undefined || last.given !== given) last = { given, made: make(given) };
    return last.made;
  };
}

/** Cells share what no axis varies: it is resolved once, and all runs of a large sweep hold one copy of it. */
function createPartResolver(registry: Registry, load: ArrayLoader): PartResolver {
  const known: KnownTexts = new WeakMap();
  const remember = <T extends object>(identity: T): T => {
    known.set(identity, canonical(identity, known));
    return identity;
  };
  const resolve = (kind: ComponentKind, path: string, given: Use | ObserverUse): Part => {
    const resolved = resolveUse(registry, kind, path, given);
    const { name, version } = registry.owner(kind, given.use);
    return { resolved, identity: remember(withDigests(registry, kind, resolved, load)), plugin: [name, version] };
  };
  const slots = new Map(
    COMPONENT_KINDS.map((kind) => [kind, rememberLast((given: Use) => resolve(kind, kind, given))]),
  );
  return {
    known,
    slot: (kind, given) => (slots.get(kind) as (given: Use) => Part)(given),
    observers: rememberLast((given = {}) => {
      const parts = Object.entries(given).map(([name, { when = DEFAULT_TRIGGER, ...use }]) => {
        return { name, when, part: resolve('observer', `observers.${name}`, use) };
      });
      return {
        resolved: Object.fromEntries(parts.map(({ name, when, part }) => [name, { ...part.resolved, when }])),
        identity: remember(Object.fromEntries(parts.map(({ name, when, part }) => [name, { ...part.identity, when }]))),
        untimed: remember(Object.fromEntries(parts.map(({ name, part }) => [name, part.identity]))),
        plugins: parts.map(({ part }) => part.plugin),
      };
    }),
    replacingServices: registry.plugins.flatMap(({ name, version, services = {} }): Part['plugin'][] =>
      Object.keys(services).length > 0 ? [[name, version]] : [],
    ),
    classifier: rememberLast((given) => given && resolveUse(registry, 'classifier', 'classifier', given)),
  };
}

function lengthOf({ steps, epochs, time }: Scenario): RunConfig['length'] {
  if (steps !== undefined) return { steps };
  return epochs !== undefined ? { epochs } : { time: time as number };
}

function resolveRun(
  scenario: Scenario,
  axes: Readonly<Record<string, Json>>,
  seed: number,
  independent: boolean,
  parts: PartResolver,
  kernelBuild: string,
): RunConfig {
  const model = parts.slot('model', scenario.model);
  const loss = parts.slot('loss', scenario.loss);
  const noise = parts.slot('noise', scenario.noise);
  const optimiser = parts.slot('optimiser', scenario.optimiser);
  const observers = parts.observers(scenario.observers);
  const classifier = parts.classifier(scenario.classifier);
  const body = {
    rootSeed: scenario.seed ?? 1,
    streamPath: independent ? [`replica ${seed}`, canonical(axes)] : [`replica ${seed}`],
    length: lengthOf(scenario),
    limits: { loss: scenario.limits?.loss, weightGrowth: scenario.limits?.weightGrowth ?? DEFAULT_WEIGHT_GROWTH },
    model: model.resolved,
    loss: loss.resolved,
    noise: noise.resolved,
    optimiser: optimiser.resolved,
    observers: observers.resolved,
  };
  const plugins = [
    ...[model, loss, noise, optimiser].map(({ plugin }) => plugin),
    ...observers.plugins,
    ...parts.replacingServices,
  ];
  const identity = {
    schema: RESULTS_SCHEMA,
    kernelBuild,
    plugins: Object.fromEntries(plugins),
    ...body,
    model: model.identity,
    loss: loss.identity,
    noise: noise.identity,
    optimiser: optimiser.identity,
    observers: observers.identity,
  };
  const course = digest({ ...identity, length: undefined, observers: observers.untimed }, parts.known);
  return { id: digest(identity, parts.known), course, axes, seed, ...body, classifier };
}

/**
 * @param kernelBuild name of the kernel build: builds that round differently make different runs
 * @throws EigenflowError with the path of the first mistake in any cell
 */
export function resolveScenario(
  scenario: Scenario,
  registry: Registry,
  load: ArrayLoader,
  kernelBuild = 'strict',
): ResolvedSweep {
  checkKeysAndDepth(scenario, '', 'scenario');
  const grid = expandSweep(scenario);
  checkBaseValues(scenario, grid.axes, registry);
  const parts = createPartResolver(registry, load);
  const runs: RunConfig[] = [];
  const cellOf = new Map<string, Readonly<Record<string, Json>>>();
  for (const axes of grid.cells) {
    let cell = scenario;
    for (const [path, value] of Object.entries(axes)) cell = withValue(cell, path, value);
    checkFields(cell);
    for (let seed = 0; seed < grid.seeds; seed++) {
      const run = resolveRun(cell, axes, seed, grid.independent, parts, kernelBuild);
      const other = cellOf.get(run.id);
      if (other) {
        throw new EigenflowError(
          'scenario',
          'sweep.axes',
          `the cells ${canonical(other)} and ${canonical(axes)} are the same run: an axis varies something that has no effect`,
        );
      }
      cellOf.set(run.id, axes);
      runs.push(run);
    }
  }
  return { grid, runs };
}

const SLOTS: readonly ComponentKind[] = ['model', 'loss', 'noise', 'optimiser', 'classifier'];

function kindOf(slot: string): ComponentKind | undefined {
  return /^observers\.[^.]+$/.test(slot) ? 'observer' : SLOTS.find((kind) => kind === slot);
}

/**
 * Fields of the scenario itself are for `checkFields`. A parameter counts as right where one of the components that its
 * slot may hold takes it.
 *
 * @throws EigenflowError `parameter` or `component` with the path of the value
 */
export function checkBaseValues(scenario: Scenario, axes: readonly Axis[], registry: Registry): void {
  for (const { name: path } of axes) {
    const split = path.lastIndexOf('.');
    const [slot, name] = [path.slice(0, split), path.slice(split + 1)];
    const kind = kindOf(slot);
    const value = valueAt(scenario, path);
    if (kind === undefined || value === undefined) continue;
    const find = (use: unknown) => registry.find(kind, String(use), slot);
    if (name === 'use') {
      find(value);
      continue;
    }
    const swept = axes.find((axis) => axis.name === `${slot}.use`)?.values ?? [];
    const takers = [valueAt(scenario, `${slot}.use`), ...swept].filter((use) => use !== undefined).map(find);
    const taker = takers.find(({ params }) => Object.hasOwn(params, name));
    if (taker) checkParameters(slot, { [name]: value }, { [name]: taker.params[name] });
  }
}
