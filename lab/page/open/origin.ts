// Where the study on the page is from: the page itself, a preset, or files of the user; and how each of them is opened.
import { signal } from '@preact/signals';
import type { Scenario } from '../../../core/scenario/scenario.js';
import type { Place, Preset, Study } from '../../protocol.js';
import type { StudyFile } from '../../worker/study-file.js';
import { engines, firstPlace, goTo, messageOf, openFiles } from '../state.js';
import { findStudy } from '../study-source.js';

export type Origin =
  | { readonly kind: 'page' }
  | { readonly kind: 'preset'; readonly name: string }
  | { readonly kind: 'files'; readonly name: string };

export const origin = signal<Origin>({ kind: 'page' });
/** Fetched when they are asked for first. */
export const presets = signal<readonly Preset[] | undefined>(undefined);

/** Goes somewhere in a study that has just been opened. @param start where it would be seen otherwise */
export type Arrive = (opened: Study, start: Place['at']) => Promise<void>;

export async function loadPresets(): Promise<readonly Preset[]> {
  presets.value ??= await engines.archive.presets();
  return presets.value;
}

/** Where a worker keeps files is no place that a user knows. */
const withoutPlaces = (error: unknown) =>
  new Error(messageOf(error).replaceAll(/\/(study|checkpoints)-\d+(\/|\b)/g, ''), { cause: error });

export async function tellingNames<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    throw withoutPlaces(error);
  }
}

async function open(files: readonly StudyFile[], from: Origin, arrive?: Arrive, at: Place['at'] = {}): Promise<void> {
  const begin = async (opened: Study) => {
    origin.value = from;
    const start = { ...firstPlace(opened).at, ...at };
    await (arrive ? arrive(opened, start) : goTo({ at: start, seed: 0 }));
  };
  await tellingNames(() => openFiles(files, begin));
}

/** @throws Error where the page has none */
export async function openPageStudy(arrive?: Arrive): Promise<void> {
  await open((await findStudy(engines.archive)).files, { kind: 'page' }, arrive);
}

const asFile = (scenario: Scenario): StudyFile => {
  const bytes = new TextEncoder().encode(JSON.stringify(scenario));
  return { path: 'scenario.json', size: bytes.length, source: { bytes } };
};

/** @param arrive where it shall be seen; the place that the preset has where nothing is said */
export async function openPreset(name: string, arrive?: Arrive): Promise<void> {
  const preset = (await loadPresets()).find((known) => known.name === name);
  if (!preset) throw new Error(`This page has no preset called "${name}".`);
  await open([asFile(preset.scenario)], { kind: 'preset', name }, arrive, preset.at);
}

export const openScenario = (scenario: Scenario, arrive?: Arrive) =>
  open([asFile(scenario)], { kind: 'files', name: scenario.title }, arrive);

/** A results folder, an exported map, or a scenario with what it names. */
export const openStudyFiles = (files: readonly StudyFile[], name: string) => open(files, { kind: 'files', name });
