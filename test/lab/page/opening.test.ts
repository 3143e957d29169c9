// Files that are opened: what they are is known before they are read, and what cannot be opened is told with a remedy.
import { describe, expect, it } from 'vitest';
import { kindOfFiles, withoutLitter } from '../../../lab/page/open/kind-of-files.js';

const files = (...paths: string[]) => paths.map((path) => ({ path, size: 100 }));
const kind = (...paths: string[]) => kindOfFiles(files(...paths)).kind;
const told = (...given: { path: string; size: number }[]) => {
  const found = kindOfFiles(given);
  return found.kind === 'nothing' ? found.message : `opens as ${found.kind}`;
};

describe('what is opened', () => {
  it('is known by its names', () => {
    expect(kind('results/manifest.json', 'results/runs.csv', 'results/runs/ab.npz')).toBe('study');
    expect(kind('manifest.json', 'runs.csv')).toBe('study');
    expect(kind('my-map/map.json', 'my-map/runs.csv')).toBe('study');
    expect(kind('flow.json')).toBe('study');
    expect(kind('flow.json', 'weights.npz')).toBe('study');
    expect(kind('results.zip')).toBe('archive');
    expect(kind('model.safetensors')).toBe('checkpoints');
    expect(kind('run/step-1.npz', 'run/step-2.npz', 'run/notes.txt')).toBe('checkpoints');
    expect(kind('model-00001-of-00002.safetensors', 'model-00002-of-00002.safetensors')).toBe('checkpoints');
    expect(kind('own.js')).toBe('plugin');
  });

  it('is no file that a system leaves in a folder', () => {
    expect(withoutLitter(files('a/.DS_Store', '__MACOSX/a/x', 'a/map.json')).map(({ path }) => path)).toEqual([
      'a/map.json',
    ]);
  });

  it.each([
    ['own.ts', /esbuild own\.ts/],
    ['model.pt', /pickle.*safetensors/],
    ['model.h5', /numpy\.savez/],
    ['results.tar.gz', /zip/],
    ['photo.png', /nothing that this page opens\. Open a results folder/],
    ['<img src=x>.png', /^<img src=x>\.png is nothing/],
  ])('is told where it cannot be: %s', (path, message) => {
    expect(told({ path, size: 10 })).toMatch(message);
  });

  it('is not read where it is empty or too large for a tab', () => {
    expect(told({ path: 'flow.json', size: 0 })).toMatch(/flow\.json is empty/);
    expect(told({ path: 'flow.json', size: 2 ** 24 })).toMatch(/16 MiB, and a tab takes 8\.0 MiB/);
    expect(told({ path: 'own.js', size: 2 ** 24 })).toMatch(/tab takes/);
    expect(told({ path: 'a/step-1.npz', size: 2 ** 31 })).toMatch(/tab takes/);
    expect(told(...Array.from({ length: 20_001 }, (_, i) => ({ path: `disk/${i}`, size: 1 })))).toMatch(/20001 files/);
    expect(told()).toMatch(/no files/);
    expect(told(...files('photos/a.png', 'photos/b.png'))).toMatch(/no results folder: there is no manifest\.json/);
  });
});
