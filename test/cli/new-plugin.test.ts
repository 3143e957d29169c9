// `eigenflow new plugin`: for each of the six kinds a package that passes its conformance test and that a scenario can
// list at once. test/package checks its types, and runs its own test, where eigenflow is installed.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { COMPONENT_KINDS, type ComponentKind } from '../../core/contracts/component.js';
import { testComponent } from '../../core/testing.js';
import { readNpz } from '../../node/files/npz.js';
import { loadPlugins } from '../../node/scenario/load-plugins.js';
import { newFolder } from '../node/studies.js';
import { eigenflow, eigenflowMany, type Outcome } from './command.js';

const FILES = ['README.md', 'index.test.ts', 'index.ts', 'package.json', 'tsconfig.json'];

let folder: string;
let made: Outcome[];
beforeAll(() => {
  folder = newFolder();
  made = eigenflowMany(
    COMPONENT_KINDS.map((kind) => ({ folder, args: ['new', 'plugin', `my-${kind}`, '--kind', kind] })),
  );
});

const read = (...path: string[]) => readFileSync(join(folder, ...path), 'utf8');

describe.each(COMPONENT_KINDS)('kind %s', (kind) => {
  const name = `my-${kind}`;

  it('is a package, and the command says how to list it', () => {
    expect(made[COMPONENT_KINDS.indexOf(kind)]).toEqual({
      status: 0,
      stdout:
        `${name}/: index.ts, index.test.ts, package.json, tsconfig.json, README.md\n` +
        `list "./${name}/index.ts" under plugins in a scenario, or see it with: eigenflow plugins ./${name}/index.ts\n`,
      stderr: '',
    });
    expect(readdirSync(join(folder, name)).sort()).toEqual([...FILES].sort());
    expect(JSON.parse(read(name, 'package.json'))).toMatchObject({
      ...{ name, version: '0.1.0', type: 'module', keywords: ['eigenflow-plugin'] },
      peerDependencies: { eigenflow: expect.stringMatching(/^\^\d+\.\d+\.\d+$/) },
      devDependencies: { typescript: expect.any(String), vitest: expect.any(String) },
    });
  });

  it('leaves no word of the template unfilled', () => {
    for (const file of FILES) {
      expect(read(name, file)).not.toMatch(/\b(NAME|KIND|USE|EIGENFLOW|TYPESCRIPT|VITEST)\b|undefined"/);
    }
  });

  it('imports the public package only', () => {
    const imports = ['index.ts', 'index.test.ts'].flatMap((file) =>
      [...read(name, file).matchAll(/ from '(.+?)'/g)].map(([, from]) => from),
    );
    expect([...new Set(imports)].sort()).toEqual(['./index.js', 'eigenflow', 'eigenflow/testing', 'vitest']);
  });

  it('holds one component of its kind, which passes the conformance suite', async () => {
    const [plugin] = await loadPlugins([`./${name}/index.ts`], folder, {});
    expect(plugin.components.map((component) => [component.kind, component.name])).toEqual([[kind, name]]);
    testComponent(plugin.components[0]);
  });
});

/** A short study with the plugin in its place; the rest comes with eigenflow. */
function scenarioWith(kind: ComponentKind) {
  const name = `my-${kind}`;
  const parts = {
    model: { use: 'teacher-student', samples: 40 } as object,
    loss: { use: 'half-mean-square' } as object,
    noise: { use: 'minibatch', batchSize: 4, order: 'cyclic' } as object,
    optimiser: { use: 'sgd', learningRate: 0.1 } as object,
  };
  if (kind in parts) parts[kind as keyof typeof parts] = { use: name };
  return {
    title: name,
    plugins: [
      'teacher-student',
      'sgd',
      'training',
      './my-observer/index.ts',
      ...(kind === 'observer' ? [] : [path(kind)]),
    ],
    steps: 200,
    ...parts,
    observers: {
      loss: { use: 'full-loss', when: { at: [0, 'end'] } },
      drift: { use: 'my-observer', when: { at: [0, 'end'] } },
    },
    ...(kind === 'classifier' ? { classifier: { use: name } } : {}),
  };
}

const path = (kind: ComponentKind) => `./my-${kind}/index.ts`;

describe('a scenario that lists it by its path', () => {
  it.each(COMPONENT_KINDS)('runs: %s', async (kind) => {
    const name = `my-${kind}`;
    writeFileSync(join(folder, `${name}.json`), JSON.stringify(scenarioWith(kind)));
    const run = await eigenflow(folder, ['run', `${name}.json`, '--export', 'none', '--no-figures']);
    expect(run.status, run.stderr).toBe(0);
    const results = join(folder, 'results', name);
    const runs = join(results, 'runs');
    const stored = readNpz(join(runs, readdirSync(runs)[0]));
    const [loss, distance] = ['loss.loss', 'drift.distance'].map((channel) => stored.get(channel).data);
    // All of them learn: the weights move, and the loss falls.
    expect(distance[0]).toBe(0);
    expect(distance[1]).toBeGreaterThan(0);
    expect(loss[1]).toBeLessThan(loss[0]);
    if (kind === 'classifier') expect(readFileSync(join(results, 'verdicts.csv'), 'utf8')).toMatch(/\blearned\b/);
  });
});

describe('refuses, with nothing written,', () => {
  it('a name that is taken', () => {
    mkdirSync(join(folder, 'mine'));
    writeFileSync(join(folder, 'mine', 'index.ts'), 'my work');
    const [outcome] = eigenflowMany([{ folder, args: ['new', 'plugin', 'mine'] }]);
    expect(outcome).toEqual({
      status: 2,
      stdout: '',
      stderr: 'eigenflow: mine: exists already; choose another name\n',
    });
    expect(readdirSync(join(folder, 'mine'))).toEqual(['index.ts']);
    expect(read('mine', 'index.ts')).toBe('my work');
  });

  it('a kind that is none, and a kind of scenario', () => {
    const [unknown, scenario] = eigenflowMany([
      { folder, args: ['new', 'plugin', 'other', '--kind', 'optimizer'] },
      { folder, args: ['new', 'scenario', 'other', '--kind', 'loss'] },
    ]);
    expect(unknown.status).toBe(2);
    expect(unknown.stderr).toMatch(/--kind.*model, loss, noise, optimiser, observer, classifier/);
    expect(scenario).toMatchObject({ status: 2, stderr: expect.stringContaining('eigenflow new plugin NAME --kind') });
    expect(existsSync(join(folder, 'other')) || existsSync(join(folder, 'other.ts'))).toBe(false);
  });
});
