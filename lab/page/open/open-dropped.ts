// Opens whatever a user drops on the page or chooses from the disk. Everything but a plugin is data; a plugin is code, and
// runs only after the user has been told so.
import { signal } from '@preact/signals';
import type { CheckpointSpectra, OwnPlugin } from '../../protocol.js';
import type { StudyFile } from '../../worker/study-file.js';
import { addPlugin } from '../engine.js';
import { engines, problem } from '../state.js';
import { kindOfFiles, withoutLitter } from './kind-of-files.js';
import { openStudyFiles, tellingNames } from './origin.js';

/** Checkpoints that are being looked at. */
export const spectra = signal<(CheckpointSpectra & { readonly name: string }) | undefined>(undefined);
/** A file of code that waits for the user's word. */
export const offeredPlugin = signal<{ readonly name: string; readonly source: string } | undefined>(undefined);
export const ownPlugins = signal<readonly OwnPlugin[]>([]);
/** What is being read, for a line that says so. */
export const reading = signal<string | undefined>(undefined);

/** From an <input> for files or for a folder. */
export const droppedFrom = (files: Iterable<File>): StudyFile[] =>
  [...files].map((file) => ({ path: file.webkitRelativePath || file.name, size: file.size, source: { blob: file } }));

async function blobOf({ path, source }: StudyFile): Promise<Blob> {
  if ('blob' in source) return source.blob;
  if ('bytes' in source) return new Blob([new Uint8Array(source.bytes)]);
  const response = await fetch(source.url);
  if (!response.ok) throw new Error(`${path} cannot be fetched: status ${response.status}`);
  return response.blob();
}

async function openCheckpoints(files: readonly StudyFile[], name: string): Promise<void> {
  const found = await tellingNames(() => engines.archive.readCheckpoints(files));
  spectra.value = { ...found, name };
}

async function openArchive(file: StudyFile, name: string): Promise<void> {
  const bytes = new Uint8Array(await (await blobOf(file)).arrayBuffer());
  const files = withoutLitter(await engines.archive.unpack(bytes, name));
  const held = kindOfFiles(files);
  if (held.kind === 'study') return openStudyFiles(files, name);
  if (held.kind === 'checkpoints') return openCheckpoints(files, name);
  const message =
    held.kind === 'nothing' ? held.message : 'It holds no results folder; unpack it and open what is in it.';
  throw new Error(`${name}: ${message}`);
}

/**
 * @param given with the folders that they were dropped in, `results/runs/ab12.npz`
 * @throws Error that names the file, the mistake and the remedy
 */
export async function openDropped(given: readonly StudyFile[]): Promise<void> {
  const files = withoutLitter(given);
  const found = kindOfFiles(files);
  if (found.kind === 'nothing') throw new Error(found.message);
  problem.value = undefined;
  reading.value = found.name;
  try {
    if (found.kind === 'study') await openStudyFiles(files, found.name);
    else if (found.kind === 'checkpoints')
      await openCheckpoints(
        files.filter(({ path }) => !path.endsWith('.json') || path.endsWith('.index.json')),
        found.name,
      );
    else if (found.kind === 'archive') await openArchive(files[0], found.name);
    else offeredPlugin.value = { name: found.name, source: await (await blobOf(files[0])).text() };
  } finally {
    reading.value = undefined;
  }
}

/** Runs the code that was offered. @throws Error that names the mistake */
export async function acceptPlugin(): Promise<void> {
  const file = offeredPlugin.value;
  if (!file) return;
  offeredPlugin.value = undefined;
  problem.value = undefined;
  const added = await addPlugin(file);
  ownPlugins.value = [...ownPlugins.value.filter(({ listedAs }) => listedAs !== added.listedAs), added];
}
