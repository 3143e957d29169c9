// The arrays of a checkpoint, whether it is one file or several: shards are read as if they were one.
import { createHash } from 'node:crypto';
import { basename, dirname, relative } from 'node:path';
import type { NamedArrays } from '../../core/contracts/arrays.js';
import { EigenflowError, suggest } from '../../core/errors.js';
import { readNpz } from '../../node/files/npz.js';
import { readSafetensors } from '../../node/files/safetensors.js';
import type { CheckpointFile } from './checkpoint-files.js';

export interface CheckpointArrays extends NamedArrays {
  /** Without reading elements. @throws EigenflowError `arrays` when there is none of that name */
  shapeOf(name: string): readonly number[];
  /** As stored, also without reading elements. */
  dtypeOf(name: string): string;
}

const readFile = (path: string): CheckpointArrays =>
  /\.safetensors$/i.test(path) ? readSafetensors(path) : readNpz(path);

/**
 * An array of a file in a folder of its own has the folder before its name, `unet/conv.weight`, where there are several.
 *
 * @throws EigenflowError `file` or `arrays`, also where two files have an array of the same name
 */
export function openCheckpoint({ path, files }: Pick<CheckpointFile, 'path' | 'files'>): CheckpointArrays {
  if (files.length === 1) return readFile(files[0]);
  const parts = files.map((file) => ({ file, arrays: readFile(file) }));
  const isSplit = new Set(files.map((file) => dirname(file))).size > 1;
  const owners = new Map<string, { readonly arrays: CheckpointArrays; readonly name: string; readonly file: string }>();
  for (const { file, arrays } of parts) {
    const prefix = isSplit ? `${relative(path, dirname(file))}/` : '';
    for (const name of arrays.names) {
      const other = owners.get(prefix + name);
      if (other !== undefined) {
        const message = `${basename(other.file)} and ${basename(file)} both hold "${name}": they are no parts of one checkpoint`;
        throw new EigenflowError('arrays', path, message);
      }
      owners.set(prefix + name, { arrays, name, file });
    }
  }
  const names = [...owners.keys()];
  const ownerOf = (name: string) => {
    const owner = owners.get(name);
    if (owner) return owner;
    throw new EigenflowError('arrays', path, `no array called "${name}"${suggest(name, names)}`);
  };
  return {
    source: path,
    names,
    has: (name) => owners.has(name),
    get: (name) => ownerOf(name).arrays.get(ownerOf(name).name),
    shapeOf: (name) => ownerOf(name).arrays.shapeOf(ownerOf(name).name),
    dtypeOf: (name) => ownerOf(name).arrays.dtypeOf(ownerOf(name).name),
    get digest() {
      const hash = createHash('sha256');
      for (const { arrays } of parts) hash.update(arrays.digest);
      return hash.digest('hex');
    },
  };
}
