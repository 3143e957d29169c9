// What a newcomer calls first: help, the list of plugins, and the files to start from, which really run.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { readManifest } from '../../node/results/results-folder.js';
import { newFolder } from '../node/studies.js';
import { eigenflow, eigenflowMany } from './command.js';

it('says how it is used and which version it is', () => {
  const folder = newFolder();
  const [help, version, runHelp, nothing] = eigenflowMany(
    [['--help'], ['--version'], ['run', '--help'], []].map((args) => ({ folder, args })),
  );
  expect(help.status).toBe(0);
  for (const command of ['run', 'status', 'figures', 'export', 'plugins', 'new']) {
    expect(help.stdout).toMatch(new RegExp(`^  ${command} `, 'm'));
  }
  const { version: own } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  expect(version).toEqual({ status: 0, stdout: `${own}\n`, stderr: '' });
  expect(runHelp.stdout).toContain('--set <path=value>');
  expect(nothing.status).toBe(2);
  expect(nothing.stderr).toContain('Usage: eigenflow');
});

describe('new', () => {
  let folder: string;
  beforeAll(() => {
    folder = newFolder();
  });

  it('scenario: a file that runs', async () => {
    const [made] = eigenflowMany([{ folder, args: ['new', 'scenario', 'first-try'] }]);
    expect(made).toEqual({ status: 0, stdout: 'first-try.ts: run it with: eigenflow run first-try.ts\n', stderr: '' });
    const sets = ['--set', 'sweep.seeds=1', '--set', 'epochs=1', '--set', 'model.samples=400'];
    const run = await eigenflow(folder, ['run', 'first-try.ts', '--export', 'none', ...sets]);
    expect(run.stderr).toMatch(/\d+ done, \d+ diverged, 0 failed, 0 left/);
    expect(run.status).toBe(0);
    const manifest = readManifest(join(folder, 'results', 'first-try'));
    expect(manifest.title).toBe('first-try');
    expect(readdirSync(join(folder, 'results', 'first-try', 'runs'))).toHaveLength(16);
  });
});

describe('plugins', () => {
  const own = `
    import { defineLoss, definePlugin } from 'eigenflow';
    const loss = defineLoss({ name: 'own-loss', summary: 'A loss', params: {}, cite: ['arXiv:0000.00001'],
      create: () => ({ valueAndGradient() {} }) });
    export default definePlugin({ name: 'own', version: '0.0.1', components: [loss] });`;
  let folder: string;
  beforeAll(() => {
    folder = newFolder();
    const dependencies = { found: '*', other: '*', gone: '*', old: '*' };
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'user', dependencies }));
    writeFileSync(join(folder, 'own.ts'), own);
    writeFileSync(join(folder, 'old.ts'), `export default { name: 'old', version: '1', contract: 0, components: [] };`);
    for (const [name, keywords] of [
      ['found', ['eigenflow-plugin']],
      ['other', ['something']],
      ['old', ['eigenflow-plugin']],
    ] as const) {
      const home = join(folder, 'node_modules', name);
      mkdirSync(home, { recursive: true });
      const manifest = { name, keywords, type: 'module', exports: './index.js' };
      writeFileSync(join(home, 'package.json'), JSON.stringify(manifest));
      const old = `export default { name: 'old', version: '1', contract: 0, components: [] };`;
      writeFileSync(join(home, 'index.js'), name === 'old' ? old : own.replaceAll('own', name));
    }
  });

  /** What was said before, by the width and the arguments. */
  const said = new Map<string, string>();
  const list = async (args: readonly string[], columns = 500) => {
    const key = [columns, ...args].join(' ');
    const known = said.get(key);
    if (known !== undefined) return known;
    const environment = { ...process.env, COLUMNS: String(columns) };
    const { status, stdout, stderr } = await eigenflow(folder, ['plugins', ...args], { environment });
    expect([status, stderr]).toEqual([0, '']);
    said.set(key, stdout);
    return stdout;
  };

  it('lists components by kind, each with what a scenario writes under plugins to have it', async () => {
    const said = await list([]);
    const headings = said.match(/^[a-z].*$/gm);
    expect(headings?.slice(0, 6)).toEqual([
      'models',
      'losses',
      'noise models',
      'optimisers',
      'observers',
      'classifiers',
    ]);
    const [, optimisers] = said.split('\noptimisers\n');
    expect(optimisers).toMatch(/^ {2}sgd, in plugins: "sgd"\n {4}Plain stochastic gradient descent\n/);
    expect(said).not.toContain('schedulable');
    expect(said).toContain('\n  found-loss, in plugins: "found"\n    A loss\n');
    expect(said).not.toContain('other-loss');
  });

  it('lists parameters with ranges, units and citations for what is named, or for all', async () => {
    for (const said of [await list(['--parameters']), await list(['sgd', 'teacher-student'])]) {
      expect(said).toMatch(/\n {6}learningRate \(number; > 0; required; schedulable\): factor of the gradient/);
      expect(said).toMatch(/\n {6}order \(choice; cyclic \| reshuffled \| fresh-subset \| iid; required\): /);
      expect(said).toMatch(/\n {6}batchSize \(integer; >= 1, <= \d+; required; unit samples\): /);
      expect(said).toMatch(/\n {6}samples \(integer; >= 1, or endless; default 4000; unit samples\): /);
      expect(said).toMatch(/\n {6}cite: .*arXiv:2509\.01349/);
    }
  });

  it('says which packages were skipped, and why', async () => {
    const [, skipped] = (await list([])).split('\nskipped\n');
    expect(skipped).toMatch(
      /^ {2}old: plugins\[0\]: old: plugin old: was built for contract version 0; this eigenflow has version \d\. Install/,
    );
  });

  it('lists only what is named: plugins, packages, files, kinds, and components of other plugins', async () => {
    const parts = (text: string) =>
      [...text.matchAll(/^ {2}([a-z-]+), in plugins: "(.*?)"/gm)].map(([, ...part]) => part);
    expect(parts(await list(['sgd'])).map(([name]) => name)).toContain('momentum');
    expect(parts(await list(['./own.ts', 'other', 'found']))).toEqual([
      ['own-loss', './own.ts'],
      ['other-loss', 'other'],
      ['found-loss', 'found'],
    ]);
    expect(parts(await list(['minibatch', 'phases'])).filter(([, plugin]) => plugin === 'sgd')).toEqual([
      ['minibatch', 'sgd'],
    ]);
    expect(parts(await list(['losses']))).toEqual(
      expect.arrayContaining([
        ['half-mean-square', 'sgd'],
        ['found-loss', 'found'],
      ]),
    );
    expect(await list(['losses'])).toBe(await list(['loss']));
  });

  it.each([40, 80])('breaks lines between words at %i columns', async (columns) => {
    for (const args of [[], ['--parameters']]) {
      const said = await list(args, columns);
      // What is longer than a line cannot be broken.
      const long = said.split('\n').filter((line) => line.length > columns && line.trim().includes(' '));
      expect(long).toEqual([]);
      expect(said.replace(/\s+/g, ' ')).toBe((await list(args)).replace(/\s+/g, ' '));
    }
  });

  it('refuses what is unknown, or no plugin of this version, with nothing listed', () => {
    const calls = [['phasse'], ['minibatc'], ['./old.ts'], ['./gone.ts']];
    const outcomes = eigenflowMany(calls.map((names) => ({ folder, args: ['plugins', 'sgd', ...names] })));
    expect(outcomes.map(({ status, stdout }) => [status, stdout])).toEqual(calls.map(() => [2, '']));
    const [plugin, component, old, gone] = outcomes.map(({ stderr }) => stderr);
    expect(plugin).toContain(
      'eigenflow: phasse: no plugin or component is called so; did you mean "phases"? Plugins: ',
    );
    expect(component).toContain('minibatc: no plugin or component is called so; did you mean "minibatch"?');
    expect(old).toContain('plugin old: was built for contract version 0; this eigenflow has version 2.');
    expect(gone).toContain('gone.ts: there is no such file');
  });

  it('--json says the same to programs', () => {
    const [{ stdout }] = eigenflowMany([{ folder, args: ['plugins', '--json'] }]);
    const { loaded, skipped } = JSON.parse(stdout);
    const sgd = loaded.find(({ name }: { name: string }) => name === 'sgd');
    const component = sgd.components.find(({ name }: { name: string }) => name === 'minibatch');
    expect(component).toMatchObject({
      kind: 'noise',
      params: { batchSize: { type: 'integer', min: 1, unit: 'samples' }, order: { type: 'choice' } },
      cite: expect.arrayContaining(['arXiv:2509.01349']),
    });
    expect(loaded.map(({ name }: { name: string }) => name)).toContain('found');
    expect(skipped).toEqual([{ name: 'old', reason: expect.stringContaining('contract version 0') }]);
    expect(loaded.find(({ name }: { name: string }) => name === 'found').listedAs).toBe('found');
  });
});
