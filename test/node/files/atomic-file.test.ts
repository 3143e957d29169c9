// A file is there in full or not at all, and a failure leaves nothing behind.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { EigenflowError } from '../../../core/errors.js';
import { writeFileAtomic } from '../../../node/files/atomic-file.js';
import { explainFileError } from '../../../node/files/file-error.js';
import { temporaryFolder } from './temporary-folder.js';

const folder = temporaryFolder();

test('writes and replaces, and leaves no temporary file', async () => {
  const target = join(folder, 'written');
  mkdirSync(target);
  await writeFileAtomic(join(target, 'a'), 'one');
  await writeFileAtomic(join(target, 'a'), Uint8Array.of(50));
  expect(readFileSync(join(target, 'a'), 'utf8')).toBe('2');
  expect(readdirSync(target)).toEqual(['a']);
});

test('of many writers at once, one wins whole', async () => {
  const target = join(folder, 'race');
  mkdirSync(target);
  const contents = Array.from({ length: 20 }, (_, i) => String(i).repeat(100_000));
  await Promise.all(contents.map((content) => writeFileAtomic(join(target, 'a'), content)));
  expect(contents).toContain(readFileSync(join(target, 'a'), 'utf8'));
  expect(readdirSync(target)).toEqual(['a']);
});

test('a failure removes the temporary file, keeps what was there, and names the path', async () => {
  const target = join(folder, 'refused');
  mkdirSync(join(target, 'a'), { recursive: true });
  writeFileSync(join(target, 'a', 'kept'), 'x');
  await expect(writeFileAtomic(join(target, 'a'), 'one')).rejects.toThrow(
    /refused\/a: cannot write it: this is a folder/,
  );
  expect(readdirSync(target)).toEqual(['a']);
  await expect(writeFileAtomic(join(target, 'none', 'a'), 'x')).rejects.toBeInstanceOf(EigenflowError);
});

test.each([
  ['ENOSPC', /no space left .* free some/],
  ['EACCES', /permission denied; .*--out/],
  ['EROFS', /read-only; .*--out/],
])('%s is answered with a remedy', (code, remedy) => {
  const error = explainFileError(Object.assign(new Error('x'), { code }), '/results/a', 'write');
  expect(error.message).toMatch(/^\/results\/a: cannot write it: /);
  expect(error.message).toMatch(remedy);
  expect(error.code).toBe('file');
});
