// Checkpoints that other programs have written: files of arrays in a folder, in the order of the step numbers in their
// names.
import { existsSync, readdirSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';
import type { NamedArrays } from '../../arrays.js';
import { EigenflowError } from '../../errors.js';
import { readNpz } from '../formats/npz.js';
import { readSafetensors } from '../formats/safetensors.js';
import { explainFileError } from '../results/file-error.js';

export interface CheckpointFile {
  readonly path: string;
  /** The last number in the name. */
  readonly number: number;
}

const ENDINGS = ['.npz', '.safetensors'];

/** Arrays of a checkpoint by the ending of its name. @throws EigenflowError `file` or `arrays` */
export function readArrays(
  path: string,
): NamedArrays & { shapeOf(name: string): readonly number[]; dtypeOf(name: string): string } {
  return extname(path) === '.safetensors' ? readSafetensors(path) : readNpz(path);
}

function list(folder: string): { name: string; path: string; isFolder: boolean }[] {
  try {
    return readdirSync(folder)
      .filter((name) => !name.startsWith('.'))
      .map((name) => {
        const path = join(folder, name);
        return { name, path, isFolder: statSync(path).isDirectory() };
      });
  } catch (error) {
    throw explainFileError(error, folder, 'read');
  }
}

const holdsArrays = (name: string) => ENDINGS.includes(extname(name));

/** Last run of digits in a name, without its ending. */
function numberIn(name: string): number | undefined {
  const digits = name.slice(0, name.length - (holdsArrays(name) ? extname(name).length : 0)).match(/\d+/g);
  return digits ? Number(digits[digits.length - 1]) : undefined;
}

/**
 * Files `<name with a number>.npz` and `.safetensors` in the folder, and folders `<name with a number>` that hold one such
 * file, as PyTorch trainers write them. Other entries are left alone. Ascending in their numbers, read as numbers: step
 * 900 before step 1000.
 *
 * @throws EigenflowError `results` when there are fewer than two, when two have the same number or one has none
 */
export function listCheckpoints(folder: string): CheckpointFile[] {
  if (!existsSync(folder) || !statSync(folder).isDirectory()) {
    throw new EigenflowError('results', folder, 'is no folder; name one with checkpoints as .npz or .safetensors');
  }
  const fault = (message: string) => new EigenflowError('results', folder, message);
  const found = list(folder).flatMap(({ name, path, isFolder }): CheckpointFile[] => {
    if (!isFolder && !holdsArrays(name)) return [];
    const number = numberIn(name);
    if (!isFolder) {
      if (number !== undefined) return [{ path, number }];
      throw fault(`${name} has no step number in its name; rename it to, for example, step-1000${extname(name)}`);
    }
    if (number === undefined) return [];
    const inside = list(path).filter((entry) => !entry.isFolder && holdsArrays(entry.name));
    if (inside.length > 1) {
      const names = inside.map((entry) => entry.name).join(', ');
      throw fault(`the folder ${name} holds ${names}: a checkpoint must be one file; merge its parts`);
    }
    return inside.map((entry) => ({ path: entry.path, number }));
  });
  found.sort((a, b) => a.number - b.number);
  const twice = found.find(({ number }, i) => i > 0 && number === found[i - 1].number);
  if (twice) throw fault(`two checkpoints have the number ${twice.number}; keep one of them in the folder`);
  if (found.length < 2) {
    const count = found.length === 0 ? 'no checkpoints' : 'a single checkpoint';
    throw fault(`holds ${count}; a trajectory needs two or more files that end in .npz or .safetensors`);
  }
  return found;
}
