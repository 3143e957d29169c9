// `eigenflow run`: what it computes, where it writes, what it prints, and how it ends.
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readNpz } from '../../node/files/npz.js';
import { readManifest } from '../../node/results/results-folder.js';
import { parseRunsTable, type RunRow } from '../../node/results/runs-table.js';
import { newFolder } from '../node/studies.js';
import { eigenflow } from './command.js';

/** A folder with files; objects are written as JSON. */
function folderWith(files: Readonly<Record<string, string | object>>): string {
  const folder = newFolder();
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
  }
  return folder;
}

const rowsOf = (out: string): RunRow[] =>
  parseRunsTable(
    readFileSync(join(out, 'runs.csv'), 'utf8'),
    readManifest(out).axes.map(({ name }) => name),
  );
const arraysOf = (out: string, row = 0) => readNpz(join(out, 'runs', `${rowsOf(out)[row].id}.npz`));

const small = {
  title: 'Small',
  plugins: ['teacher-student', 'sgd', 'spectrum'],
  seed: 1,
  steps: 50,
  model: { use: 'teacher-student', hidden: 8, features: 4, samples: 40 },
  loss: { use: 'half-mean-square' },
  noise: { use: 'minibatch', batchSize: 4, order: 'cyclic' },
  optimiser: { use: 'sgd', learningRate: 0.5 },
  observers: { state: { use: 'weights', block: 'W', when: { at: [0, 'end'] } } },
};

it('runs a JSON scenario with given arrays as it stands, paths relative to the scenario', async () => {
  const folder = folderWith({
    'study/given.json': `{"title":"given arrays","plugins":["teacher-student","sgd","spectrum"],"seed":1,"steps":5000,
 "model":{"use":"teacher-student","arrays":"a.npz","activation":"tanh"},
 "loss":{"use":"half-mean-square"},"noise":{"use":"minibatch","batchSize":7,"order":"cyclic"},
 "optimiser":{"use":"sgd","learningRate":0.25},
 "observers":{"state":{"use":"weights","block":"W","when":{"at":[0,1,2,10,100,1000,5000]}},
              "spectrum":{"use":"gram-spectrum","block":"W","when":{"at":[0,5000]}}}}`,
  });
  const trajectory = fileURLToPath(new URL('../reference/trajectories/ordered.npz', import.meta.url));
  cpSync(trajectory, join(folder, 'study', 'a.npz'));
  const { status, stdout, stderr } = await eigenflow(folder, ['run', 'study/given.json', '--out', 'out']);
  expect(status).toBe(0);
  expect(stderr).toContain('1 runs to compute\n');
  expect(stdout).toBe('1 runs: 1 completed\ndataset: out/dataset.zarr\n');

  const given = readNpz(trajectory);
  const [rows, cols] = given.get('W_initial').shape;
  const arrays = arraysOf(join(folder, 'out'));
  expect(arrays.get('state.weights').shape).toEqual([7, rows, cols]);
  expect(arrays.get('spectrum.levels').shape).toEqual([2, rows]);
  expect([...arrays.get('state.weights.step').data]).toEqual([0, 1, 2, 10, 100, 1000, 5000]);
  expect(arrays.get('state.weights').data.subarray(0, rows * cols)).toEqual(given.get('W_initial').data);
});

describe('what it writes and prints', () => {
  it('leaves results under the name of the scenario, and news on stderr in plain lines', async () => {
    const folder = folderWith({ 'small.json': { ...small, sweep: { seeds: 2 } } });
    const { status, stdout, stderr } = await eigenflow(folder, ['run', 'small.json', '--workers', '1']);
    expect(status).toBe(0);
    expect(stdout).toBe('2 runs: 2 completed\ndataset: results/small/dataset.zarr\n');
    expect(stderr).toMatch(
      /^2 runs to compute\n(.*\n)*2 done, 0 diverged, 0 failed, 0 left \| [\d.]+( k| M)? steps\/s\n$/,
    );
    for (const control of ['\r', '\x1b']) expect(stderr).not.toContain(control);
    expect(readdirSync(join(folder, 'results', 'small')).sort()).toEqual([
      'checkpoints',
      'dataset.zarr',
      'manifest.json',
      'runs',
      'runs.csv',
    ]);
  });

  it('says what is stored when it is called again, and computes only the rest', async () => {
    const folder = folderWith({ 'small.json': small, 'more.json': { ...small, sweep: { seeds: 3 } } });
    const run = (file: string) => eigenflow(folder, ['run', file, '--out', 'out', '--export', 'none']);
    expect((await run('small.json')).stderr).toContain('1 runs to compute\n');
    expect(await run('small.json')).toEqual({
      status: 0,
      stdout: '1 runs: 1 completed\n',
      stderr: '1 of 1 runs are stored; 0 to compute\n',
    });
    const more = await run('more.json');
    expect(more.status).toBe(0);
    expect(more.stderr).toMatch(/^1 of 3 runs are stored; 2 to compute\n(.*\n)*2 done, 0 diverged, 0 failed, 0 left/);
  });

  it('ends with status 0 when every run has ended, diverged ones too', async () => {
    const sweep = { axes: { 'optimiser.learningRate': [0.5, 1e6] } };
    const model = { ...small.model, activation: 'identity' };
    const folder = folderWith({ 'a.json': { ...small, model, sweep } });
    const { status, stderr } = await eigenflow(folder, ['run', 'a.json', '--out', 'out', '--export', 'none']);
    expect(status).toBe(0);
    expect(stderr).toContain('1 done, 1 diverged, 0 failed, 0 left');
    expect(rowsOf(join(folder, 'out')).map((row) => row.status)).toEqual(['completed', 'diverged']);
  });

  it('ends with status 1 when a run has failed, with its message', async () => {
    const folder = folderWith({
      'a.json': {
        ...small,
        plugins: [...small.plugins, './fragile.ts'],
        observers: { x: { use: 'fragile', value: 1 } },
        sweep: { axes: { 'observers.x.value': [1, 2] } },
      },
      'fragile.ts': `
        import { defineObserver, definePlugin, number } from 'eigenflow';
        const fragile = defineObserver({
          name: 'fragile', summary: 'x', params: { value: number({ doc: 'x', unit: '1' }) }, cite: [],
          create: ({ value }) => ({
            channels: { x: { unit: '1', doc: 'x' } },
            observe: (out) => { if (value === 2) throw new Error('value 2 breaks it'); out.x[0] = value; },
          }),
        });
        export default definePlugin({ name: 'fragile', version: '1.0.0', components: [fragile] });`,
    });
    const { status, stdout, stderr } = await eigenflow(folder, ['run', 'a.json', '--out', 'out']);
    expect(status).toBe(1);
    expect(stdout).toBe('2 runs: 1 completed, 1 failed\ndataset: out/dataset.zarr\n');
    expect(stderr).toContain('1 done, 0 diverged, 1 failed, 0 left');
    expect(stderr).toMatch(/failed: run [0-9a-f]{20}: observers\.x: value 2 breaks it\n/);
    const state = await eigenflow(folder, ['status', 'out']);
    expect(state.status).toBe(0);
    expect(state.stdout).toMatch(
      /^Small\n {2}runs {6}2\n {2}completed 1\n {2}failed {4}1\n {2}missing {3}0\n {2}failed: run \w{20}: observers\.x: value 2 breaks it\n$/,
    );
  });

  it('refuses a study of many hours with an estimate, before it writes anything', async () => {
    const folder = folderWith({ 'long.json': { ...small, steps: 1e12, sweep: { seeds: 10 } } });
    const { status, stdout, stderr } = await eigenflow(folder, ['run', 'long.json', '--out', 'out']);
    expect(status).toBe(2);
    expect(stderr).toMatch(
      /^eigenflow: 10 runs with 1\.00e\+13 steps in all take about [\d.]+ days here\. Start them with --yes/,
    );
    expect(stdout).toBe('');
    expect(existsSync(join(folder, 'out'))).toBe(false);
  });
});

describe('overrides', () => {
  it('--set changes values, texts, lists, and what the scenario does not mention', async () => {
    const folder = folderWith({ 'small.json': small });
    // As some editors save it.
    writeFileSync(join(folder, 'small.json'), `\uFEFF${readFileSync(join(folder, 'small.json'), 'utf8')}`);
    const sets = [
      'optimiser.learningRate=.25',
      'noise.order=iid',
      'title=Set here',
      'sweep.axes.model.hidden=[4,8]',
      'limits.loss=50',
    ];
    const args = sets.flatMap((set) => ['--set', set]);
    const run = await eigenflow(folder, ['run', 'small.json', '--out', 'out', '--export', 'none', ...args]);
    expect(run.stderr).not.toContain('eigenflow:');
    expect(run.status).toBe(0);
    expect(readManifest(join(folder, 'out')).scenario).toMatchObject({
      title: 'Set here',
      optimiser: { use: 'sgd', learningRate: 0.25 },
      noise: { order: 'iid', batchSize: 4 },
      limits: { loss: 50 },
      sweep: { axes: { 'model.hidden': [4, 8] } },
    });
    expect(arraysOf(join(folder, 'out'), 0).get('state.weights').shape).toEqual([2, 4, 4]);
    expect(arraysOf(join(folder, 'out'), 1).get('state.weights').shape).toEqual([2, 4, 8]);
  });

  it('--seed is the seed of the scenario, and draws another network', async () => {
    const folder = folderWith({ 'small.json': small });
    const run = (out: string, ...args: string[]) =>
      eigenflow(folder, ['run', 'small.json', '--out', out, '--export', 'none', ...args]);
    await Promise.all([
      run('one'),
      run('same', '--seed', '1'),
      run('two', '--seed', '2'),
      run('set', '--set', 'seed=2'),
    ]);
    const weights = (out: string) => arraysOf(join(folder, out)).get('state.weights').data;
    expect(weights('same')).toEqual(weights('one'));
    expect(weights('two')).not.toEqual(weights('one'));
    expect(weights('set')).toEqual(weights('two'));
    expect(readManifest(join(folder, 'two')).scenario.seed).toBe(2);
  });
});

it('loads plugins by path and by the name of a package, in its worker threads too', async () => {
  const observer = (name: string, value: number) => `
    import { defineObserver, definePlugin } from 'eigenflow';
    const observer = defineObserver({
      name: '${name}', summary: 'A constant', params: {}, cite: ['doi:10.1000/${name}'],
      create: () => ({
        channels: { x: { unit: '1', doc: 'a constant' } },
        observe: (out) => { out.x[0] = ${value}; },
      }),
    });
    export default definePlugin({ name: 'plugin-${name}', version: '3.2.1', components: [observer] });`;
  const folder = folderWith({
    'study/scenario.ts': `
      import { defineScenario } from 'eigenflow';
      import { small } from './small.js';
      export default defineScenario({
        ...small,
        plugins: [...small.plugins, './own/near.ts', 'eigenflow-plugin-far'],
        observers: { near: { use: 'near' }, far: { use: 'far' } },
        sweep: { seeds: 4 },
      });`,
    'study/small.ts': `export const small = ${JSON.stringify(small)};`,
    'study/own/near.ts': observer('near', 1.5),
    'node_modules/eigenflow-plugin-far/package.json': {
      name: 'eigenflow-plugin-far',
      type: 'module',
      exports: './far.js',
    },
    'node_modules/eigenflow-plugin-far/far.js': observer('far', 2.5),
  });
  const run = await eigenflow(folder, [
    'run',
    'study/scenario.ts',
    '--out',
    'out',
    '--workers',
    '2',
    '--export',
    'none',
  ]);
  expect(run.stderr).toContain('4 done, 0 diverged, 0 failed, 0 left');
  expect(run.status).toBe(0);
  const arrays = arraysOf(join(folder, 'out'), 3);
  expect([arrays.get('near.x').data[0], arrays.get('far.x').data[0]]).toEqual([1.5, 2.5]);
  const manifest = readManifest(join(folder, 'out'));
  expect(manifest.versions.plugins).toMatchObject({ 'plugin-near': '3.2.1', 'plugin-far': '3.2.1' });
  expect(manifest.citations).toEqual(expect.arrayContaining(['doi:10.1000/near', 'doi:10.1000/far']));
});

it('the stack of a mistake in a plugin names the lines that its author wrote', async () => {
  const folder = folderWith({
    'scenario.json': { ...small, plugins: [...small.plugins, './plugin.ts'], observers: { broken: { use: 'broken' } } },
    'plugin.ts': `
      import { defineObserver, definePlugin } from 'eigenflow';
      import { fit } from './fit.js';
      interface Gone { readonly inTheBundle: string }
      const broken = defineObserver({
        name: 'broken', summary: 'Breaks', params: {}, cite: [],
        create: () => ({
          channels: { x: { unit: '1', doc: 'nothing' } },
          observe: () => fit({ step: 1 }),
        }),
      });
      export default definePlugin({ name: 'plugin-broken', version: '1.0.0', components: [broken] });`,
    'fit.ts': `export interface Point { readonly step: number }

      export function fit(point: Point): void {
        throw new Error(\`no fit at \${point.step}\`);
      }`,
  });
  const run = await eigenflow(folder, ['run', 'scenario.json', '--out', 'out', '--export', 'none']);
  expect(run.status).toBe(1);
  const [row] = rowsOf(join(folder, 'out'));
  const { stack } = JSON.parse(readFileSync(join(folder, 'out', 'failures', `${row.id}.json`), 'utf8'));
  expect(stack).toContain(`at fit (${join(folder, 'fit.ts')}:4:15)`);
  expect(stack).toMatch(new RegExp(`observe \\(${join(folder, 'plugin.ts')}:9:26\\)`));
});
