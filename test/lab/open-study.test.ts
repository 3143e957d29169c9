// What the lab takes: results, maps and scenarios. Whatever is wrong with one is said before a page is served.
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseScenario } from '../../core/scenario/parse.js';
import { openStudy } from '../../lab/host/open-study.js';
import { describeStudy, isBytes } from '../../lab/host/study.js';
import { builtinPlugins } from '../../plugins/builtin.js';
import { root } from '../documents/documents.js';
import { smallMap } from '../node/small-map.js';
import { compute, newFolder } from '../node/studies.js';

const shippedMap = join(root, 'maps', 'tanh-teacher-student');
const arrays = join(root, 'test', 'reference', 'trajectories', 'ordered.npz');
const open = (target: string) => openStudy(target, builtinPlugins);
const { model: _model, classifier: _classifier, observers: _observers, ...rest } = smallMap;

/** A scenario in a folder of its own, that reads the arrays of this file. */
function scenarioReading(file: string, changes: object = {}): { folder: string; scenario: string } {
  const folder = newFolder();
  const scenario = join(folder, 'own.json');
  const model = { use: 'teacher-student', arrays: file };
  writeFileSync(scenario, JSON.stringify({ ...rest, model, observers: {}, ...changes }));
  return { folder, scenario };
}

describe('a scenario', () => {
  it('is one file of JSON, whatever it was written in', async () => {
    const study = await open(join(root, 'scenarios', 'three-phases.ts'));
    expect([study.kind, study.foreignPlugins]).toEqual(['scenario', []]);
    const content = study.open('scenario.json');
    if (content === undefined || !isBytes(content)) throw new Error('is not in memory');
    const scenario = JSON.parse(new TextDecoder().decode(content));
    expect(scenario.title).toBe(study.name);
    // It stays what it is.
    expect(JSON.parse(JSON.stringify(parseScenario(scenario)))).toEqual(scenario);
    expect(study.list()).toEqual([{ path: 'scenario.json', size: content.length }]);
  });

  it('brings the arrays that it names, by the path that it names them by', async () => {
    const { folder, scenario } = scenarioReading('./data/a.npz');
    mkdirSync(join(folder, 'data'));
    cpSync(arrays, join(folder, 'data', 'a.npz'));
    writeFileSync(join(folder, 'data', 'b.npz'), 'not of the study');
    const study = await open(scenario);
    expect(study.list().map(({ path }) => path)).toEqual(['scenario.json', 'data/a.npz']);
    const found = study.open('data/a.npz');
    expect(found && !isBytes(found) && found.status.size).toBe(readFileSync(arrays).length);
    for (const path of ['data/b.npz', 'own.json', '../own.json'])
      expect([path, study.open(path)]).toEqual([path, undefined]);
  });

  it('that names arrays elsewhere is refused with the way out', async () => {
    for (const file of ['../a.npz', arrays]) {
      const { folder, scenario } = scenarioReading(file);
      if (file !== arrays) cpSync(arrays, join(folder, file));
      await expect(open(scenario)).rejects.toThrow(
        `${file}: lies outside of the scenario's folder (model.arrays), and the page is given nothing from there; copy it`,
      );
    }
    const { folder, scenario } = scenarioReading('a.npz');
    symlinkSync(arrays, join(folder, 'a.npz'));
    await expect(open(scenario)).rejects.toThrow('is a symbolic link, which could lead anywhere');
  });

  it('that could not run is refused as the command that runs it does', async () => {
    const { folder, scenario } = scenarioReading('a.npz', { optimiser: { use: 'sdg', learningRate: 1 } });
    cpSync(arrays, join(folder, 'a.npz'));
    await expect(open(scenario)).rejects.toThrow('did you mean "sgd"?');
  });

  it('with a plugin of its own says so: the page has none but those that come with eigenflow', async () => {
    const folder = newFolder();
    cpSync(join(root, 'test/fixtures/eigenflow-unit-steps'), join(folder, 'own'), { recursive: true });
    const plugins = [...smallMap.plugins, './own/index.js'];
    writeFileSync(join(folder, 'own.json'), JSON.stringify({ ...smallMap, plugins }));
    expect((await open(join(folder, 'own.json'))).foreignPlugins).toEqual(['./own/index.js']);
  });
});

describe('a map', () => {
  it('is its two files', async () => {
    const study = await open(shippedMap);
    const { name, kind, files } = JSON.parse(describeStudy(study));
    expect([name, kind]).toEqual([JSON.parse(readFileSync(join(shippedMap, 'map.json'), 'utf8')).title, 'map']);
    expect(files.map(({ path, url }: { path: string; url: string }) => [path, url])).toEqual([
      ['map.json', 'study/map.json'],
      ['runs.csv', 'study/runs.csv'],
    ]);
    expect(study.open('README.md')).toBeUndefined();
  });

  it('that is damaged is refused', async () => {
    const folder = join(newFolder(), 'map');
    cpSync(shippedMap, folder, { recursive: true });
    writeFileSync(join(folder, 'map.json'), '{}');
    await expect(open(folder)).rejects.toThrow(`${join(folder, 'map.json')}: is not a map that this eigenflow reads`);
  });
});

describe('a results folder', () => {
  it('may be named by a link, and is the folder that the link led to', async () => {
    const { out } = await compute({ ...smallMap, sweep: { seeds: 1 } });
    const link = join(newFolder(), 'link');
    symlinkSync(out, link);
    const study = await open(link);
    expect([study.name, study.kind]).toEqual(['Small map', 'folder']);
    const found = study.open('manifest.json');
    expect(found && !isBytes(found) && found.status.isFile()).toBe(true);
    expect(study.list().some(({ path }) => path.startsWith('runs/'))).toBe(true);
  });

  it('that holds no results is refused, and so is what is not there', async () => {
    const folder = newFolder();
    await expect(open(folder)).rejects.toThrow(`${folder}: is not a results folder: it has no manifest.json`);
    const nowhere = join(folder, 'nowhere');
    await expect(open(nowhere)).rejects.toThrow(
      `${nowhere}: there is no such results folder, map or scenario file; check the path`,
    );
    await expect(open(join(shippedMap, 'map.json'))).rejects.toThrow('name the folder that it lies in');
    await expect(open(join(shippedMap, 'runs.csv'))).rejects.toThrow(
      'a scenario is a file that ends in .ts, .js or .json',
    );
  });
});
