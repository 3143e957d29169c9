// The controls' own state: whether the drawer is open, what is being changed in it, and what the engine says of that.
import { computed, effect, signal } from '@preact/signals';
import type { Catalogue, CatalogueEntry, Fault } from '../../protocol.js';
import { attempt, engines, goTo, place, scenario, study } from '../state.js';
import type { Draft } from './draft.js';

export type Tab = 'presets' | 'scenario';

export const drawer = signal<Tab | undefined>(undefined);
/** Fetched when the drawer opens first, and again after a plugin was added. */
export const catalogue = signal<Catalogue | undefined>(undefined);

/** What the fields show; undefined while nothing is changed: they follow the page. */
const changed = signal<Draft | undefined>(undefined);

export const draft = computed((): Draft | undefined => {
  if (changed.value) return changed.value;
  return scenario.value && place.value && { scenario: scenario.value, ...place.value };
});
export const isDirty = computed(() => changed.value !== undefined);

/** Fields whose text is no value, by path. */
export const misread = signal<Readonly<Record<string, string>>>({});
const fault = signal<Fault | undefined>(undefined);
export const isChecking = signal(false);

/** Counts what throws texts of fields away. */
export const revision = signal(0);

export function edit(change: (draft: Draft) => Draft): void {
  if (draft.value) changed.value = change(draft.value);
}

export function noteMisread(path: string, problem: string | undefined): void {
  const { [path]: _was, ...others } = misread.value;
  misread.value = problem === undefined ? others : { ...others, [path]: problem };
}

/** What is wrong at a field: with its text, or by the engine. */
export function faultAt(path: string): string | undefined {
  if (misread.value[path] !== undefined) return misread.value[path];
  const found = fault.value;
  return found && (found.path === path || found.path.startsWith(`${path}.`)) ? found.message : undefined;
}

/** What is wrong, with its path, wherever a field for it is. */
export const firstFault = computed((): Fault | undefined => {
  const [misreadField] = Object.entries(misread.value);
  return misreadField ? { path: misreadField[0], message: misreadField[1] } : fault.value;
});

/** Milliseconds without a key pressed. */
const QUIET = 150;
let timer: ReturnType<typeof setTimeout> | undefined;
let checks = 0;
effect(() => {
  const now = changed.value;
  clearTimeout(timer);
  checks += 1;
  const number = checks;
  if (!now) {
    fault.value = undefined;
    isChecking.value = false;
    return;
  }
  isChecking.value = true;
  timer = setTimeout(async () => {
    const found = await engines.archive.check(now.scenario, { at: now.at, seed: now.seed });
    if (number !== checks) return;
    fault.value = found;
    isChecking.value = false;
  }, QUIET);
});

// Another study has other slots: nothing that was being changed belongs to it.
effect(() => {
  study.value;
  changed.value = undefined;
  misread.value = {};
  revision.value = revision.peek() + 1;
});

export const loadCatalogue = () =>
  attempt(async () => {
    catalogue.value = await engines.archive.catalogue();
  });

export function openDrawer(tab: Tab): void {
  drawer.value = tab;
  if (!catalogue.peek()) loadCatalogue();
}

export function entriesOf(kind: CatalogueEntry['kind']): readonly CatalogueEntry[] {
  return catalogue.value?.components.filter((entry) => entry.kind === kind) ?? [];
}

export const entryOf = (kind: CatalogueEntry['kind'], name: string): CatalogueEntry | undefined =>
  entriesOf(kind).find((entry) => entry.name === name);

/** Starts the run anew with what was changed. */
export async function apply(): Promise<void> {
  const now = changed.value;
  if (!now) return;
  scenario.value = now.scenario;
  changed.value = undefined;
  await goTo({ at: now.at, seed: now.seed });
}

export function discard(): void {
  changed.value = undefined;
  misread.value = {};
  revision.value += 1;
}

/** The scenario of the study again, at this place as far as it is one of the study. */
export async function reset(): Promise<void> {
  const [of, now] = [study.value, place.value];
  if (!of || !now) return;
  discard();
  scenario.value = of.scenario;
  const at = Object.fromEntries(of.axes.map(({ name, values }) => [name, now.at[name] ?? values[0]]));
  await goTo({ at, seed: now.seed });
}
