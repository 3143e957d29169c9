// From a scenario to its runs: every run as plain data with all parameters checked and filled in, ready to be sent to
// a worker.
import type { NamedArrays } from '../arrays.js';
import type { Registry } from '../container.js';
import type { ComponentKind } from '../contracts/component.js';
import { EigenflowError } from '../errors.js';
import { checkParameters, type Json } from '../parameters/check.js';
import { checkBaseValues } from './base-values.js';
import { canonical, digest, RESULTS_SCHEMA } from './identity.js';
import { checkFields } from './parse.js';
import { withValue } from './paths.js';
import type { ObserverUse, Scenario, Trigger, Use } from './scenario.js';
import { expandSweep, type Grid } from './sweep.js';

/** Arrays of an `.npz` file by the path that the scenario names. */
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
      schema[name].type === 'arrays' ? load(String(value)).digest : value,
    ]),
  );
  return { ...resolved, params };
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
  registry: Registry,
  load: ArrayLoader,
  kernelBuild: string,
): RunConfig {
  const slots = {
    model: resolveUse(registry, 'model', 'model', scenario.model),
    loss: resolveUse(registry, 'loss', 'loss', scenario.loss),
    noise: resolveUse(registry, 'noise', 'noise', scenario.noise),
    optimiser: resolveUse(registry, 'optimiser', 'optimiser', scenario.optimiser),
  };
  const observers: Record<string, ResolvedObserver> = {};
  for (const [name, observer] of Object.entries(scenario.observers ?? {})) {
    const { when = DEFAULT_TRIGGER, ...use } = observer;
    observers[name] = { ...resolveUse(registry, 'observer', `observers.${name}`, use), when };
  }
  const classifier = scenario.classifier && resolveUse(registry, 'classifier', 'classifier', scenario.classifier);
  const body = {
    rootSeed: scenario.seed ?? 1,
    streamPath: independent ? [`replica ${seed}`, canonical(axes)] : [`replica ${seed}`],
    length: lengthOf(scenario),
    limits: { loss: scenario.limits?.loss, weightGrowth: scenario.limits?.weightGrowth ?? DEFAULT_WEIGHT_GROWTH },
    ...slots,
    observers,
  };
  const used: [ComponentKind, ResolvedUse][] = [
    ['model', slots.model],
    ['loss', slots.loss],
    ['noise', slots.noise],
    ['optimiser', slots.optimiser],
    ...Object.values(observers).map((observer): [ComponentKind, ResolvedUse] => ['observer', observer]),
  ];
  const versions = new Map(
    used.map(([kind, { use }]) => {
      const { name, version } = registry.owner(kind, use);
      return [name, version];
    }),
  );
  const identity = {
    schema: RESULTS_SCHEMA,
    kernelBuild,
    plugins: Object.fromEntries(versions),
    ...body,
    model: withDigests(registry, 'model', slots.model, load),
    loss: withDigests(registry, 'loss', slots.loss, load),
    noise: withDigests(registry, 'noise', slots.noise, load),
    optimiser: withDigests(registry, 'optimiser', slots.optimiser, load),
    observers: Object.fromEntries(
      Object.entries(observers).map(([name, { when, ...use }]) => [
        name,
        { ...withDigests(registry, 'observer', use, load), when },
      ]),
    ),
  };
  // A classifier reads results and changes none, so it is no part of the identity.
  return { id: digest(identity), axes, seed, ...body, classifier };
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
  const grid = expandSweep(scenario);
  checkBaseValues(scenario, grid.axes, registry);
  const runs: RunConfig[] = [];
  const cellOf = new Map<string, Readonly<Record<string, Json>>>();
  for (const axes of grid.cells) {
    let cell = scenario;
    for (const [path, value] of Object.entries(axes)) cell = withValue(cell, path, value);
    checkFields(cell);
    for (let seed = 0; seed < grid.seeds; seed++) {
      const run = resolveRun(cell, axes, seed, grid.independent, registry, load, kernelBuild);
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
