// A plugin that is a file can be edited while its version stays: no run is made of two programs, and no folder either.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Scenario } from '../../core/scenario/scenario.js';
import { readNpz } from '../../node/files/npz.js';
import { readManifest } from '../../node/results/results-folder.js';
import { loadPlugins } from '../../node/scenario/load-plugins.js';
import { loadScenario } from '../../node/scenario/load-scenario.js';
import { checkCode, codeOf } from '../../node/scenario/plugin-code.js';
import { explainStudy } from '../../node/study/provenance.js';
import { prepareStudy } from '../../node/study/study.js';
import { builtinPlugins } from '../../plugins/builtin.js';
import { compute, eightRuns, newFolder } from '../node/studies.js';

const plugin = (value: number, version = '1.0.0') => `
  import { defineObserver, definePlugin } from 'eigenflow';
  const mine = defineObserver({
    name: 'mine', summary: 'A number', cite: [], params: {},
    create: () => ({
      channels: { x: { unit: '1', doc: 'a number' } },
      observe: (out) => { out.x[0] = ${value}; },
    }),
  });
  export default definePlugin({ name: 'mine', version: '${version}', components: [mine] });`;

const scenario: Scenario = {
  ...eightRuns,
  plugins: [...eightRuns.plugins, './mine.ts'],
  steps: 100_000,
  observers: { mine: { use: 'mine', when: { points: 5 } } },
  sweep: {},
};

const edit = (folder: string, text: string) => writeFileSync(join(folder, 'mine.ts'), text);
const measured = (out: string, id: string) => [...readNpz(join(out, 'runs', `${id}.npz`)).get('mine.x').data];

describe('a run that is broken off', () => {
  /** Ends at the first look at the clock, with a checkpoint. */
  const begin = async () => {
    const folder = newFolder();
    edit(folder, plugin(1));
    const first = await compute(scenario, { folder, runTimeLimit: 1e-9 });
    expect(readdirSync(join(first.out, 'checkpoints'))).toEqual([`${first.rows[0].id}.npz`]);
    return { folder, id: first.rows[0].id };
  };

  it('goes on with the same code, wherever that and the results lie', async () => {
    const { folder, id } = await begin();
    edit(folder, `// Only a remark.\n${plugin(1)}`);
    const { out, events } = await compute(scenario, { folder });
    expect(events).toContainEqual(expect.objectContaining({ type: 'resumed', id }));
    expect(measured(out, id)).toEqual([1, 1, 1, 1, 1]);
  });

  it('starts anew with other code, and says so', async () => {
    const { folder, id } = await begin();
    edit(folder, plugin(2));
    const { out, events } = await compute(scenario, { folder });
    const [reason, movedTo] = ['was made with other code of a plugin', `quarantine/checkpoints/${id}.npz`];
    expect(events).toContainEqual({ type: 'restarted', id, reason, movedTo });
    edit(folder, plugin(1));
    expect(existsSync(join(out, movedTo))).toBe(true);
    expect(measured(out, id)).toEqual([2, 2, 2, 2, 2]);
  });
});

describe('a folder with results', () => {
  const fewSteps = { ...scenario, steps: 10 };
  const computed = async () => {
    const folder = newFolder();
    edit(folder, plugin(1));
    return { folder, first: await compute(fewSteps, { folder }) };
  };

  it('does not take other code under the same version, and says how to go on', async () => {
    const { folder, first } = await computed();
    edit(folder, plugin(2));
    const manifest = readFileSync(join(first.out, 'manifest.json'), 'utf8');
    await expect(compute({ ...fewSteps, sweep: { seeds: 2 } }, { folder })).rejects.toThrow(
      `${first.out}: holds runs that were computed with other code of the plugin mine 1.0.0, under the same version. ` +
        'Raise the version in its definePlugin, which computes its runs anew, or choose another --out folder',
    );
    expect(readFileSync(join(first.out, 'manifest.json'), 'utf8')).toBe(manifest);
  });

  it('takes it under another version, with runs of other names, and remembers both', async () => {
    const { folder, first } = await computed();
    edit(folder, plugin(2, '1.1.0'));
    const again = await compute(fewSteps, { folder });
    expect(again.rows[0].id).not.toBe(first.rows[0].id);
    expect(measured(again.out, again.rows[0].id)).toEqual([2, 2, 2, 2, 2]);
    expect(Object.keys(readManifest(again.out).versions.code ?? {})).toEqual(['mine 1.0.0', 'mine 1.1.0']);
    edit(folder, plugin(3));
    await expect(compute(fewSteps, { folder })).rejects.toThrow('other code of the plugin mine 1.0.0');
    edit(folder, plugin(1));
    expect((await compute(fewSteps, { folder })).stored).toBe(1);
  });

  it('"why" shows that the code has changed', async () => {
    const { folder, first } = await computed();
    const changes = async () =>
      explainStudy(
        first.out,
        await prepareStudy(await loadScenario(join(folder, 'scenario.json')), builtinPlugins),
      ).changes.map(({ what }) => what);
    expect(await changes()).toEqual([]);
    edit(folder, plugin(2));
    expect(await changes()).toEqual(['code of plugin mine 1.0.0']);
  });

  it('knows no code of plugins that come with eigenflow', async () => {
    const { out } = await compute({ ...eightRuns, steps: 10 });
    expect(readManifest(out).versions).not.toHaveProperty('code');
  });
});

describe('the code of a plugin', () => {
  const hashOf = async (folder: string) => codeOf(await loadPlugins(['./mine.ts'], folder, builtinPlugins));

  it('is that of the files that it imports, too, and the same wherever they lie', async () => {
    const [here, there] = [newFolder(), join(newFolder(), 'deep', 'er')];
    for (const folder of [here, there]) {
      mkdirSync(folder, { recursive: true });
      edit(
        folder,
        plugin(1).replace('= 1', '= value').replace('import', "import { value } from './value.js';\nimport"),
      );
      writeFileSync(join(folder, 'value.ts'), 'export const value: number = 1;');
    }
    expect(await hashOf(here)).toEqual(await hashOf(there));
    writeFileSync(join(there, 'value.ts'), 'export const value: number = 2;');
    expect(await hashOf(here)).not.toEqual(await hashOf(there));
  });

  it('must be that of the study in every worker thread that starts later', async () => {
    const folder = newFolder();
    edit(folder, plugin(1));
    const begun = await hashOf(folder);
    edit(folder, plugin(2));
    const plugins = await loadPlugins(['./mine.ts'], folder, builtinPlugins);
    expect(() => checkCode(plugins, begun)).toThrow(
      'plugin mine 1.0.0: was edited while the study was running; start it again',
    );
  });
});
