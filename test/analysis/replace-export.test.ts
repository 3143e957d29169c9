// Exports take the place of older ones, whoever else exports at the same time; nothing is lost and nothing is left.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { MARKER } from '../../analysis/export/dataset.js';
import { replaceExport } from '../../analysis/export/replace-export.js';
import { identifyProcess } from '../../node/files/process-identity.js';
import { sweepTemporary, temporaryName } from '../../node/files/temporary-name.js';
import { newFolder } from '../node/studies.js';

let folder: string;
let path: string;
beforeEach(() => {
  folder = newFolder();
  path = join(folder, 'dataset.zarr');
});

/** What a Zarr export looks like from here. */
function write(place: string, content: string): string {
  mkdirSync(place);
  writeFileSync(join(place, 'zarr.json'), `{"${MARKER}": "${content}"}`);
  return place;
}
const finished = (content: string) => write(temporaryName(path), content);
const contentOf = (place: string) => readFileSync(join(place, 'zarr.json'), 'utf8').match(/: "(.*)"/)?.[1];

describe('putting an export in its place', () => {
  it.each([
    ['where there is none', () => {}],
    ['where there is an older one', () => write(path, 'older')],
  ])('at the same time as others, %s', async (_what, prepare) => {
    prepare();
    // All of them look at the place before the first one changes it.
    await Promise.all(['a', 'b', 'c', 'd'].map((content) => replaceExport(finished(content), path)));
    expect('abcd').toContain(contentOf(path));
    expect(readdirSync(folder)).toEqual(['dataset.zarr']);
  });

  it('in vain leaves the older one there', async () => {
    write(path, 'older');
    await expect(replaceExport(join(folder, 'nothing'), path)).rejects.toThrow('no such file');
    expect(contentOf(path)).toBe('older');
    expect(readdirSync(folder)).toEqual(['dataset.zarr']);
  });

  it('of another kind', async () => {
    write(path, 'older');
    const table = temporaryName(path);
    writeFileSync(table, MARKER);
    await replaceExport(table, path);
    expect(readFileSync(path, 'utf8')).toBe(MARKER);
    await replaceExport(finished('newer'), path);
    expect(contentOf(path)).toBe('newer');
    expect(readdirSync(folder)).toEqual(['dataset.zarr']);
  });
});

describe('what was left by a process', () => {
  const self = identifyProcess();
  // On Linux also where its number has been given out again.
  const ended = { ...self, pid: spawnSync(process.execPath, ['--version']).pid, began: '1' };
  const elsewhere = { ...self, machine: 'another one' };
  const old = new Date(Date.now() - 48 * 3600 * 1000);
  const sweep = (name: string, age?: Date) => {
    const place = write(name, 'half');
    if (age) utimesSync(place, age, age);
    sweepTemporary(folder, (name) => name === basename(path));
    return existsSync(place);
  };

  it('that has ended is removed', () => expect(sweep(temporaryName(path, ended))).toBe(false));
  it('that lives stays', () => expect(sweep(temporaryName(path), old)).toBe(true));
  it('of another machine stays', () => expect(sweep(temporaryName(path, elsewhere))).toBe(true));
  it('of another machine is removed after a day', () => expect(sweep(temporaryName(path, elsewhere), old)).toBe(false));
  it('under the names of older versions is removed after a day', () =>
    expect(sweep(join(folder, '.dataset.zarr.0123456789ab.tmp'), old)).toBe(false));
  it('of another export stays', () =>
    expect(sweep(join(folder, basename(temporaryName(join(folder, 'other.zarr'), ended))))).toBe(true));
  it('is no file of somebody else', () => expect(sweep(join(folder, '.dataset.zarr.mine.tmp'), old)).toBe(true));
});
