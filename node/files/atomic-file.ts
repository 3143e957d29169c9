// Files whose content is at hand, written in full or not at all.
import { closeSync, existsSync, fstatSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { link, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { EigenflowError } from '../../core/errors.js';
import { explainFileError } from './file-error.js';
import { notAsWritten, noteOutput, type Output, writeOutput } from './output.js';
import { readFully } from './plain-file.js';
import { sweepOnce, temporaryName } from './temporary-name.js';

/** Writes a file whose content is at hand, as `writeOutput` does. An existing file is replaced. */
export function writeFileAtomic(path: string, content: Uint8Array | string): Promise<void> {
  return writeOutput(path, outputOf(content));
}

/** As `writeFileAtomic`, but refuses where there is something already. */
export function writeNewFile(path: string, content: Uint8Array | string): Promise<void> {
  return writeOutput(path, { ...outputOf(content), put: putWhereNothingIs });
}

/** As `writeFileAtomic`, for those who cannot wait: what happens next depends on the file. */
export function writeFileAtomicSync(path: string, content: Uint8Array | string): void {
  sweepOnce(dirname(path));
  const temporary = temporaryName(path);
  try {
    writeFileSync(temporary, content, { flag: 'wx', flush: true });
    checkContent(temporary, content);
    renameSync(temporary, path);
    noteOutput();
  } catch (error) {
    rmSync(temporary, { force: true });
    throw explainFileError(error, path, 'write');
  }
}

function outputOf(content: Uint8Array | string): Output {
  return {
    async write(temporary) {
      await writeFile(temporary, content, { flag: 'wx' });
      return () => checkContent(temporary, content);
    },
  };
}

const COMPARED_BYTES = 2 ** 20;

/** @throws Error where the file holds anything else */
function checkContent(temporary: string, content: Uint8Array | string): void {
  const expected = typeof content === 'string' ? Buffer.from(content) : content;
  const file = openSync(temporary, 'r');
  try {
    const { size } = fstatSync(file);
    if (size !== expected.length) throw notAsWritten(`it has ${size} bytes of ${expected.length}`);
    const part = Buffer.allocUnsafe(Math.min(size, COMPARED_BYTES));
    for (let at = 0; at < size; at += part.length) {
      const length = readFully(file, part.subarray(0, size - at), at);
      const wanted = expected.subarray(at, at + Math.min(part.length, size - at));
      if (length !== wanted.length || part.compare(wanted, 0, wanted.length, 0, length) !== 0) {
        throw notAsWritten('it has other bytes');
      }
    }
  } finally {
    closeSync(file);
  }
}

/** A link fails where a name is taken. Some file systems have none: there, another process may come in between. */
async function putWhereNothingIs(temporary: string, path: string): Promise<void> {
  const refuse = (cause?: unknown) =>
    new EigenflowError('file', path, 'exists already, so it is left alone; choose another name', { cause });
  try {
    await link(temporary, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST' || existsSync(path)) throw refuse(error);
    await rename(temporary, path);
    return;
  }
  await rm(temporary, { force: true });
}
