// Changes of a scenario that the controls make, before they are applied. Pure: a scenario and a place go in, others come out.
import type { ComponentKind } from '../../../core/contracts/component.js';
import type { Json } from '../../../core/contracts/json.js';
import { valueAt, withoutValue, withValue } from '../../../core/scenario/paths.js';
import type { ObserverUse, Scenario, Trigger, Use } from '../../../core/scenario/scenario.js';
import type { CatalogueEntry, Place } from '../../protocol.js';

export interface Draft {
  readonly scenario: Scenario;
  readonly at: Place['at'];
  readonly seed: number;
}

export type Slot = Exclude<ComponentKind, 'observer' | 'classifier'>;
export const SLOTS: readonly Slot[] = ['model', 'loss', 'noise', 'optimiser'];

export const LENGTHS = ['steps', 'epochs', 'time'] as const;
export type Length = (typeof LENGTHS)[number];

/** Plugins of all components in use are listed; those that the scenario listed already stay. */
function withPlugin(scenario: Scenario, plugin: string): Scenario {
  return scenario.plugins.includes(plugin) ? scenario : { ...scenario, plugins: [...scenario.plugins, plugin] };
}

/** What a component is after the axes of the map have been put in. */
export function useAt({ scenario, at }: Draft, slot: Slot): string {
  const swept = at[`${slot}.use`];
  return typeof swept === 'string' ? swept : scenario[slot].use;
}

/** Parameters of the old component stay where the new one has them too; axes that it lacks are left out. */
export function chooseComponent(draft: Draft, slot: Slot, entry: CatalogueEntry): Draft {
  const { use: _use, ...given } = draft.scenario[slot];
  const kept = Object.fromEntries(Object.entries(given).filter(([name]) => Object.hasOwn(entry.params, name)));
  const next: Use = { use: entry.name, ...kept };
  const at = Object.fromEntries(
    Object.entries(draft.at).filter(([path]) => {
      const [first, name] = path.split('.');
      return first !== slot || Object.hasOwn(entry.params, name);
    }),
  );
  return { ...draft, at, scenario: withPlugin({ ...draft.scenario, [slot]: next }, entry.plugin) };
}

/** What stands at a path such as `optimiser.learningRate`: on an axis of the map, that of the place. */
export function valueIn({ scenario, at }: Draft, path: string): Json | undefined {
  return Object.hasOwn(at, path) ? at[path] : (valueAt(scenario, path) as Json | undefined);
}

export function setValue(draft: Draft, path: string, value: Json | undefined): Draft {
  if (Object.hasOwn(draft.at, path) && value !== undefined) return { ...draft, at: { ...draft.at, [path]: value } };
  const scenario = value === undefined ? withoutValue(draft.scenario, path) : withValue(draft.scenario, path, value);
  return { ...draft, scenario };
}

export const lengthOf = ({ scenario, at }: Draft): Length =>
  LENGTHS.find((length) => scenario[length] !== undefined || Object.hasOwn(at, length)) ?? 'steps';

export function setLength(draft: Draft, length: Length, value: number): Draft {
  const others = LENGTHS.filter((other) => other !== length);
  const at = Object.fromEntries(
    Object.entries(draft.at).filter(([path]) => !(LENGTHS as readonly string[]).includes(path)),
  );
  const scenario = others.reduce<Scenario>(withoutValue, draft.scenario);
  return { ...draft, at, scenario: { ...scenario, [length]: value } };
}

/** A name that no observer has yet. */
function freeName(use: string, taken: readonly string[]): string {
  if (!taken.includes(use)) return use;
  let k = 2;
  while (taken.includes(`${use}-${k}`)) k += 1;
  return `${use}-${k}`;
}

export function addObserver(draft: Draft, entry: CatalogueEntry): Draft {
  const observers = draft.scenario.observers ?? {};
  const name = freeName(entry.name, Object.keys(observers));
  const scenario = { ...draft.scenario, observers: { ...observers, [name]: { use: entry.name } as ObserverUse } };
  return { ...draft, scenario: withPlugin(scenario, entry.plugin) };
}

export function removeObserver(draft: Draft, name: string): Draft {
  return { ...draft, scenario: withoutValue(draft.scenario, `observers.${name}`) };
}

export const setTrigger = (draft: Draft, name: string, when: Trigger | undefined): Draft => {
  const path = `observers.${name}.when`;
  return {
    ...draft,
    scenario: when === undefined ? withoutValue(draft.scenario, path) : withValue(draft.scenario, path, when),
  };
};
