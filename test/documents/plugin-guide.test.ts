// The guide to plugins: its smallest plugin of every kind is complete, passes the conformance suite, is as short as the
// guide says, and all of them together make a study that runs. test/package follows its commands from an empty folder.
import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { COMPONENT_KINDS, type ComponentKind, type Plugin } from '../../core/contracts/component.js';
import { testComponent } from '../../core/testing.js';
import { readNpz } from '../../node/files/npz.js';
import { loadPlugins } from '../../node/scenario/load-plugins.js';
import { eigenflow } from '../cli/command.js';
import { newFolder } from '../node/studies.js';
import { declaredNames } from './declared-names.js';
import { documentAt, guidePlugins, guideTest, root } from './documents.js';

const codes = guidePlugins();
const names = [...codes.keys()];
const pathTo = (name: string) => `./${name}.ts`;

/** The one that replaces a service and has no component. */
const STRICTER = 'largest-weight';
const withComponent = names.filter((name) => name !== STRICTER);

let folder: string;
let plugins: readonly Plugin[];
/** The first of each kind is the smallest one. */
const smallest = (kind: ComponentKind) => plugins.find(({ components }) => components[0]?.kind === kind) as Plugin;

beforeAll(async () => {
  folder = newFolder();
  for (const [name, code] of codes) writeFileSync(join(folder, `${name}.ts`), code);
  // As `npm install rxjs` would.
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(join(root, 'node_modules/rxjs'), join(folder, 'node_modules/rxjs'));
  plugins = await loadPlugins(names.map(pathTo), folder, {});
});

test('there is one of every kind, and an observer that derives', () => {
  const kinds = plugins.flatMap(({ components }) => components.map(({ kind }) => kind));
  expect([...kinds].sort()).toEqual([...COMPONENT_KINDS, 'observer'].sort());
});

test.each(withComponent)('%s passes the conformance suite', (name) => {
  const plugin = plugins[names.indexOf(name)];
  expect(plugin.components.map((component) => component.name)).toEqual([name]);
  testComponent(plugin.components[0]);
});

test('the conformance test is that of a plugin of the guide, with parameters that it has', () => {
  const tested = /from '\.\/(.+?)\.js'/.exec(guideTest())?.[1] as string;
  const [, params] = /params: (\{.*?\})/.exec(guideTest()) as RegExpExecArray;
  const plugin = plugins[names.indexOf(tested)];
  testComponent(plugin.components[0], {
    params: Object.fromEntries(JSON.parse(params.replace(/\{ (\w+): (.+) \}/, '[["$1", $2]]'))),
  });
});

/** A study of one run, with a plugin of each kind. @returns what the command says, and the file of the run */
async function study(name: string, plugins: readonly string[], rate: number) {
  const use = (kind: ComponentKind) => ({ use: smallest(kind).name });
  const scenario = {
    title: 'Guide',
    plugins: plugins.map(pathTo),
    steps: 200,
    model: use('model'),
    loss: use('loss'),
    noise: use('noise'),
    optimiser: { ...use('optimiser'), rate },
    observers: {
      mean: { ...use('observer'), when: { every: 50 } },
      growth: { use: 'weight-growth', when: { every: 50 } },
    },
    classifier: use('classifier'),
  };
  writeFileSync(join(folder, `${name}.json`), JSON.stringify(scenario));
  const args = ['run', `${name}.json`, '--export', 'none', '--no-figures'];
  const { status, stderr, stdout } = await eigenflow(folder, args);
  expect(status, stderr).toBe(0);
  const runs = join(folder, 'results', name, 'runs');
  const [run] = readdirSync(runs);
  return { stdout, run, file: join(runs, run) };
}

test('together they make a study: the weights move, and what derive makes of them is stored', async () => {
  const { stdout, file } = await study('guide', names, 0.01);
  expect(stdout).toContain('1 runs: 1 completed');
  const stored = readNpz(file);
  const [mean, square, rate] = ['mean.mean', 'growth.square', 'growth.rate'].map((channel) => [
    ...stored.get(channel).data,
  ]);
  expect(new Set(mean).size).toBe(5);
  // One step of size 0.01 after the other, 50 of them between two frames.
  const expected = square.slice(1).map((value, i) => (value - square[i]) / 0.5);
  expect(rate).toHaveLength(4);
  for (const [i, value] of rate.entries()) expect(value).toBeCloseTo(expected[i], 10);
});

test('the stricter check ends a run that the usual one lets pass, and makes another run of it', async () => {
  // The gradient of this loss is bounded: at this rate, weights of some hundreds move about and do not grow.
  const usual = await study('usual', withComponent, 300);
  expect(usual.stdout).toContain('1 runs: 1 completed');
  const squares = readNpz(usual.file).get('growth.square').data;
  // At step 100, where the weights are looked at: the largest of eight is no smaller than their root mean square.
  expect(Math.sqrt(squares[2] / 8)).toBeGreaterThan(100);
  const stricter = await study('stricter', names, 300);
  expect(stricter.stdout).toContain('1 runs: 1 diverged');
  expect(readNpz(stricter.file).get('growth.square').data).toEqual(squares.slice(0, 2));
  expect(stricter.run).not.toBe(usual.run);
});

describe('how much there is to read and to know', () => {
  const rows = [...documentAt('docs/writing-a-plugin.md').text.matchAll(/^\| ([a-z]+) \| (\d+) \| (\d+) \|$/gm)];
  const said = Object.fromEntries(rows.map(([, kind, lines, words]) => [kind, { lines: +lines, names: +words }]));

  test('is what the table says', () => {
    const words = declaredNames(new Map([...codes].map(([name, code]) => [`${name}.ts`, code])));
    const counted = COMPONENT_KINDS.map((kind) => {
      const { name } = smallest(kind);
      const lines = (codes.get(name) as string).split('\n').filter((line) => line.trim() !== '').length;
      return [kind, { lines, names: words.get(`${name}.ts`)?.length }];
    });
    expect(said).toEqual(Object.fromEntries(counted));
    // What the counting counts, and what it does not: the plugin's own names, and those of the language.
    expect(words.get('descent.ts')?.join(' ')).toBe(
      'above axpy cite components create default defineOptimiser definePlugin doc evaluate gradient kernels name ' +
        'number objective params state step stepSize summary theta unit version',
    );
  });

  test('is little', () => {
    expect(said.observer.lines).toBeLessThanOrEqual(12);
    expect(said.optimiser.lines).toBeLessThanOrEqual(20);
    expect(said.model.lines).toBeLessThanOrEqual(40);
  });
});
