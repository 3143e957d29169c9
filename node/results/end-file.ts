// What longer training goes on from: a checkpoint near the end of every run, kept beside the results where it is asked for.
import { dirname, join } from 'node:path';
import type { EndCheckpoint } from '../../core/engine/continuation.js';
import type { RunConfig } from '../../core/scenario/resolve.js';
import { listHeld, makeHeldFolder, readHeld, writeHeld } from '../files/held-files.js';
import { decodeEnd, encodeEnd } from './checkpoint-file.js';

export const endsFolder = (folder: string) => join(folder, 'ends');

/** Runs of one course differ in their length: the folder of a swept length holds several. */
const endName = ({ course, id }: Pick<RunConfig, 'course' | 'id'>) => `${course}-${id}.npz`;

/** @throws EigenflowError `file` when the disk is full or refuses */
export async function writeEnd(
  folder: string,
  config: Pick<RunConfig, 'course' | 'id'>,
  kernels: string,
  code: string,
  end: EndCheckpoint,
): Promise<void> {
  const path = join(endsFolder(folder), endName(config));
  makeHeldFolder(folder, dirname(path));
  await writeHeld(folder, path, encodeEnd(config.course, kernels, code, end));
}

/** Ends that are kept of the runs of a course, and why others do not serve. */
export interface FoundEnds {
  /** Longest first. */
  readonly ends: readonly EndCheckpoint[];
  /** Of one that does not serve. */
  readonly reason?: string;
}

/**
 * @param folder results in which shorter runs are looked for
 * @param kernels hash of the kernels that are to go on, as `readCheckpoint` has it
 * @throws EigenflowError `file` when a file is there and cannot be read
 */
export function readEnds(folder: string, course: string, kernels: string, code: string): FoundEnds {
  const at = endsFolder(folder);
  const files = listHeld(folder, at).filter((file) => file.startsWith(`${course}-`));
  const read = files.sort().map((file) => {
    const path = join(at, file);
    return { path, found: decodeEnd(path, readHeld(folder, path), course, kernels, code) };
  });
  const bad = read.find(({ found }) => typeof found === 'string');
  const ends = read.flatMap(({ found }) => (typeof found === 'string' ? [] : found));
  return {
    ends: [...ends].sort((a, b) => b.state.step - a.state.step),
    ...(bad && { reason: `${bad.path} ${bad.found}` }),
  };
}
