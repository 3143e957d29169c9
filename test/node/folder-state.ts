// How far a results folder has come, from the names of its files.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const arraysIn = (folder: string) =>
  existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith('.npz')) : [];

export const checkpointsIn = (out: string) => arraysIn(join(out, 'checkpoints'));
export const storedIn = (out: string) => arraysIn(join(out, 'runs'));

/** Checkpoints of runs that are not stored. */
export const openIn = (out: string) => checkpointsIn(out).filter((file) => !storedIn(out).includes(file));

/** A state of a study at which it is killed: at least so many runs are stored, and so many others have a checkpoint. */
export interface Stage {
  readonly stored: number;
  readonly open: number;
}

export const isAt = (out: string, { stored, open }: Stage) =>
  storedIn(out).length >= stored && openIn(out).length >= open;
