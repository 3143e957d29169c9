// The manifest of somebody else is data: what is wrong in it is named with the file and a remedy by every command that
// reads it, and none of them fails later over what it took for granted.
import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { MOST_RUNS } from '../../core/scenario/sweep.js';
import { type Manifest, readManifest } from '../../node/results/results-folder.js';
import { eigenflowMany, type Outcome } from '../cli/command.js';
import { compute, eightRuns, newFolder } from '../node/studies.js';

const scenario = { ...eightRuns, steps: 20 };
/** Parts of the scenario that are replaced; undefined takes one away. */
const withParts = (changes: object) => ({ scenario: { ...scenario, ...changes } });
const withSweep = (changes: object) => withParts({ sweep: { ...scenario.sweep, ...changes } });

/** What is written into the manifest, by what it is. The last entry is what the message says of it. */
const forgeries: [string, (manifest: Manifest) => object, string][] = [
  ['an empty scenario', () => ({ scenario: {} }), 'scenario.title: expected a text, found undefined'],
  ['a scenario that is a list', () => ({ scenario: [] }), 'scenario: a scenario is an object with a title'],
  ['no plugins', () => withParts({ plugins: undefined }), 'scenario.plugins: expected a list of plugin names'],
  ['a plugin that is a number', () => withParts({ plugins: [3] }), 'scenario.plugins: expected a list of plugin names'],
  ['no model', () => withParts({ model: undefined }), 'scenario.model: is missing'],
  ['an optimiser that is a list', () => withParts({ optimiser: [] }), 'scenario.optimiser: expected { "use": "NAME"'],
  ['an observer that is null', () => withParts({ observers: { state: null } }), 'scenario.observers.state: expected {'],
  ['a classifier without a name', () => withParts({ classifier: {} }), 'scenario.classifier.use: expected the name of'],
  ['a description that is no text', () => withParts({ description: {} }), 'scenario.description: expected a text'],
  ['figures that are no list', () => withParts({ figures: 'x' }), 'scenario.figures: expected a list, found "x"'],
  ['a sweep that is a text', () => withParts({ sweep: 'x' }), 'scenario.sweep: expected { axes, zip, seeds }'],
  ['a zip that is a number', () => withSweep({ zip: 3 }), 'scenario.sweep.zip: expected a list of axis paths'],
  ['seeds that are a text', () => withSweep({ seeds: 'x' }), 'scenario.sweep.seeds: expected a whole number'],
  ['an adaptive part that is null', () => withSweep({ adaptive: null }), 'scenario.sweep.adaptive: expected { every'],
  [
    'a scenario of too many runs',
    () => withSweep({ seeds: 1e6 }),
    'scenario.sweep: asks for 4000000 runs; at most 1000',
  ],
  [
    'an unknown build of the kernels',
    ({ kernels }) => ({ kernels: { ...kernels, name: 'fast' } }),
    '(kernels.name: expected "strict" or "relaxed", found "fast")',
  ],
  [
    'a build that every object has',
    ({ kernels }) => ({ kernels: { ...kernels, name: 'toString' } }),
    '(kernels.name: expected "strict" or "relaxed", found "toString")',
  ],
  [
    'a build that is a number',
    ({ kernels }) => ({ kernels: { ...kernels, name: 3 } }),
    '(kernels.name: expected "strict" or',
  ],
  [
    'a hash that is a list',
    ({ kernels }) => ({ kernels: { ...kernels, hash: ['a'] } }),
    '(kernels.hash: expected a text',
  ],
  [
    'kernels that may be portable',
    ({ kernels }) => ({ kernels: { ...kernels, portable: 'x' } }),
    '(kernels.portable: expected true or false, found "x")',
  ],
  [
    'no version of Node',
    ({ versions }) => ({ versions: { ...versions, node: undefined } }),
    '(versions.node: is missing',
  ],
  [
    'versions that are objects',
    ({ versions }) => ({ versions: { ...versions, plugins: { sgd: {} } } }),
    '(versions.plugins.sgd: expected a text, found {})',
  ],
  [
    'code that is null',
    ({ versions }) => ({ versions: { ...versions, code: null } }),
    '(versions.code: expected { name: value }, found null)',
  ],
  ['a first run without parts', () => ({ resolved: {} }), '(resolved.rootSeed: is missing'],
  [
    'a first run without a model',
    ({ resolved }) => ({ resolved: { ...resolved, model: null } }),
    '(resolved.model: expected an',
  ],
  ['a place that is a number', () => ({ scenarioFolder: 3 }), '(scenarioFolder: expected a text, found 3)'],
  [
    'an axis without values',
    ({ axes }) => ({ axes: axes.map((axis) => ({ ...axis, values: [] })) }),
    '(axes[0].values: expected a list',
  ],
  ['an axis that is there twice', ({ axes }) => ({ axes: [axes[0], axes[0]] }), '(axes: a name is there twice)'],
  [
    'axes that cannot vary together',
    ({ axes }) => ({ axes: [axes[0], { ...axes[1], group: axes[0].group, values: [1] }] }),
    '(axes: those of one group differ in length)',
  ],
  ['no seeds', () => ({ seeds: 0 }), '(seeds: expected a whole number of at least 1, found 0)'],
  ['more runs than a sweep may have', () => ({ seeds: MOST_RUNS / 4 + 1 }), '(axes (100004 runs; at most 100000))'],
];

let good: string;
const outcomes = new Map<string, Outcome>();
const commands = ['report', 'status', 'figures', 'analyse', 'export', 'verify', 'why'];
const folders = new Map<string, string>();
beforeAll(async () => {
  const folder = newFolder();
  good = (await compute(scenario, { folder })).out;
  const manifest = readManifest(good);
  writeFileSync(join(folder, 'scenario.json'), JSON.stringify(scenario));
  const invocations = forgeries.flatMap(([what, forge], i) => {
    const out = join(folder, `forged-${i}`);
    cpSync(good, out, { recursive: true });
    writeFileSync(join(out, 'manifest.json'), JSON.stringify({ ...manifest, ...forge(manifest) }));
    folders.set(what, out);
    return commands.map((command) => ({
      what,
      command,
      args: command === 'why' ? ['why', out, 'scenario.json'] : [command, out],
    }));
  });
  const found = eigenflowMany(invocations.map(({ args }) => ({ folder, args })));
  invocations.forEach(({ what, command }, i) => {
    outcomes.set(`${command} ${what}`, found[i]);
  });
}, 120_000);

describe('a manifest with', () => {
  it.each(forgeries)('%s', (what, _forge, message) => {
    for (const command of commands) {
      const { status, stdout, stderr } = outcomes.get(`${command} ${what}`)!;
      expect([command, stderr]).toEqual([command, expect.stringContaining(message)]);
      expect(stderr.startsWith(`eigenflow: ${join(folders.get(what)!, 'manifest.json')}: is not as eigenflow`)).toBe(
        true,
      );
      expect(stderr).toMatch(/^[^\n]*; restore it, or use another folder\n$/);
      expect([command, status, stdout]).toEqual([command, 2, '']);
    }
  });
});

it('a sweep that only goes on with the run is told with the file, and results can be looked at', () => {
  const out = join(newFolder(), 'out');
  cpSync(good, out, { recursive: true });
  const file = join(out, 'manifest.json');
  const stored = JSON.parse(readFileSync(file, 'utf8'));
  const { steps: _steps, ...endless } = stored.scenario;
  const adaptive = { ...stored.scenario, sweep: { ...stored.scenario.sweep, adaptive: { every: 99 } } };
  const told = ([args, forged]: [string, object]) => {
    writeFileSync(file, JSON.stringify({ ...stored, scenario: forged }));
    return eigenflowMany([{ folder: join(out, '..'), args: [args, out] }])[0];
  };
  expect(told(['status', endless])).toMatchObject({ status: 0 });
  expect(told(['run', endless])).toMatchObject({
    status: 2,
    stderr: expect.stringContaining(`${file}: is not as eigenflow writes it (scenario.steps: a scenario has one of`),
  });
  expect(told(['status', adaptive])).toMatchObject({
    status: 2,
    stderr: expect.stringContaining(
      `${file}: is not as eigenflow writes it (scenario.sweep.adaptive.every: expected a`,
    ),
  });
});

it('a build of the kernels that is not here stops what computes, with the way out, and nothing else', () => {
  const out = join(newFolder(), 'out');
  cpSync(good, out, { recursive: true });
  const manifest = readManifest(out);
  const forged = { ...manifest, kernels: { name: 'relaxed', hash: '0123456789abcdef', portable: false } };
  writeFileSync(join(out, 'manifest.json'), JSON.stringify(forged));
  const [looked, computed] = eigenflowMany([
    { folder: out, args: ['status', out] },
    { folder: out, args: ['run', out, '--export', 'none'] },
  ]);
  expect(looked.status).toBe(0);
  expect(computed.stderr).not.toMatch(/^ +at /m);
  // Where it was built, and Node knows it, it computes.
  if (computed.status !== 0)
    expect(computed).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/^eigenflow: kernels: .* strict build\n$/),
    });
});

it('no order for the terminal comes out of titles, messages and names of files', () => {
  const out = join(newFolder(), 'out');
  cpSync(good, out, { recursive: true });
  const evil = '\u001b[2J\u009b31m\u0007';
  const title = `${evil}A study${'x'.repeat(1e6)}`;
  writeFileSync(join(out, 'manifest.json'), JSON.stringify({ ...readManifest(out), title }));
  writeFileSync(join(out, 'runs', `${evil}.txt`), 'x');
  const table = readFileSync(join(out, 'runs.csv'), 'utf8').split('\n');
  const [id] = table[1].split(',');
  rmSync(join(out, 'runs', `${id}.npz`));
  const seal = table[1].slice(table[1].lastIndexOf(','));
  const row = table[1].replace('completed', 'failed').slice(0, -`,${seal}`.length);
  table[1] = `${row},${evil}a reason${'y'.repeat(1e6)}${seal}`;
  writeFileSync(join(out, 'runs.csv'), table.join('\n'));
  const shown = eigenflowMany(
    [
      ['status', out],
      ['verify', out, '--dry-run'],
      ['run', out, '--set', 'seed=3'],
    ].map((args) => ({ folder: out, args })),
  );
  for (const { stdout, stderr } of shown) {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
    expect(stdout + stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
    expect(stdout.length + stderr.length).toBeLessThan(20_000);
  }
  expect(shown[0].stdout).toContain('a reasonyyy');
  expect(shown[1].stdout).toContain('runs/\\u009b31m\\u0007.txt: has no name of a run');
});

it('no plugin that a results folder names is loaded to look at it; one that the command line names is', () => {
  const folder = newFolder();
  const out = join(folder, 'out');
  cpSync(good, out, { recursive: true });
  const plugin = join(folder, 'mine.mjs');
  const ran = join(folder, 'ran');
  writeFileSync(
    plugin,
    `import { writeFileSync } from 'node:fs';
     import { definePlugin } from 'eigenflow';
     writeFileSync(${JSON.stringify(ran)}, '');
     export default definePlugin({ name: 'mine', version: '1.0.0', components: [] });`,
  );
  // As an earlier version wrote it: nothing proves that it is as it was.
  const { scenario: stored, seal: _seal, ...manifest } = readManifest(out);
  const forged = { ...manifest, scenario: { ...stored, plugins: [...stored.plugins, plugin] } };
  writeFileSync(join(out, 'manifest.json'), JSON.stringify(forged));
  writeFileSync(join(folder, 'scenario.json'), JSON.stringify(scenario));
  const looks = ['status', 'export', 'report', 'verify', 'figures'].map((command) => [command, out]);
  const looked = eigenflowMany([...looks, ['why', out, 'scenario.json']].map((args) => ({ folder, args })));
  expect(looked.map(({ status, stderr }) => [status, stderr])).toEqual(new Array(6).fill([0, '']));
  const [analysed] = eigenflowMany([{ folder, args: ['analyse', out] }]);
  expect(analysed.status).toBe(2);
  expect(analysed.stderr).toContain(
    `plugins: the runs of ${out} need ${plugin}, and loading a plugin runs it; where it is yours: --plugins ${plugin}`,
  );
  expect(existsSync(ran)).toBe(false);
  expect(looked[4].stdout).toContain(`figures of the plugin ${plugin} are not offered: add --plugins ${plugin} where`);
  const [named, none] = eigenflowMany([
    { folder, args: ['figures', out, '--plugins', './mine.mjs'] },
    { folder, args: ['report', out, '--plugins', './none.mjs'] },
  ]);
  expect(named.status).toBe(0);
  expect(existsSync(ran)).toBe(true);
  expect(none).toMatchObject({ status: 2, stderr: expect.stringContaining('none.mjs') });
});
