// What the controls have changed in a scenario, slot by slot: small enough for a link, and put back on the scenario of the study.
import type { Json } from '../../../core/contracts/json.js';
import { canonical } from '../../../core/scenario/identity.js';
import type { Scenario } from '../../../core/scenario/scenario.js';

/** By slot; null where the slot was taken away. */
export type Changes = Readonly<Record<string, Json>>;

type Slots = Readonly<Record<string, Json | undefined>>;

/** Slots that a link may change: what runs, and not what is said of it. */
const SLOTS = new Set([
  'plugins',
  'seed',
  'steps',
  'epochs',
  'time',
  'model',
  'loss',
  'noise',
  'optimiser',
  'observers',
  'classifier',
  'limits',
]);

export function changesOf(before: Scenario, after: Scenario): Changes {
  const [was, is] = [before, after] as unknown as [Slots, Slots];
  const names = [...SLOTS].filter((name) => canonical(was[name] ?? null) !== canonical(is[name] ?? null));
  return Object.fromEntries(names.map((name) => [name, is[name] ?? null]));
}

/** @param changes from a link: anything. @throws Error for what is no set of changes; values are for the engine to check */
export function withChanges(scenario: Scenario, changes: Json): Scenario {
  if (typeof changes !== 'object' || changes === null || Array.isArray(changes)) {
    throw new Error('This link is damaged: what it changes in the scenario cannot be read.');
  }
  const stranger = Object.keys(changes).find((name) => !SLOTS.has(name));
  if (stranger !== undefined)
    throw new Error(`This link changes "${stranger}", which is nothing that a run depends on.`);
  const merged: Record<string, unknown> = { ...scenario, ...changes };
  for (const [name, value] of Object.entries(changes)) if (value === null) delete merged[name];
  return merged as unknown as Scenario;
}
