// Plugins from outside: files by path, packages by name, and what is refused.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadPlugins } from '../../node/scenario/load-plugins.js';
import { builtinPlugins } from '../../plugins/builtin.js';
import { compute, eightRuns, newFolder } from './studies.js';

function write(folder: string, path: string, content: string | object): void {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
}

const load = async (folder: string, ...names: string[]) =>
  (await loadPlugins(names, folder, builtinPlugins)).map(({ name }) => name);

/** The text of a plugin without components. */
const plugin = (name: string) =>
  `import { definePlugin } from 'eigenflow';\nexport default definePlugin({ name: '${name}', version: '1.0.0', components: [] });\n`;

describe('files', () => {
  it('are found from the folder of the scenario, in TypeScript or JavaScript, with what they import', async () => {
    const folder = newFolder();
    write(folder, 'own.ts', `import { name } from './parts/name.js';\n${plugin('own').replace("'own'", 'name')}`);
    write(folder, 'parts/name.ts', `export const name: string = 'own';`);
    write(folder, 'plain.mjs', plugin('plain'));
    expect(await load(folder, './own.ts', 'sgd', './plain.mjs')).toEqual(['own', 'sgd', 'plain']);
    expect(await load('/', join(folder, 'own.ts'))).toEqual(['own']);
  });

  it('may import packages that only modules can import', async () => {
    const folder = newFolder();
    write(folder, 'node_modules/helper/package.json', {
      name: 'helper',
      type: 'module',
      exports: { import: './index.js' },
    });
    write(folder, 'node_modules/helper/index.js', `export const name = 'helped';`);
    write(folder, 'own.ts', `import { name } from 'helper';\nimport 'node:fs';\n${plugin('x').replace("'x'", 'name')}`);
    expect(await load(folder, './own.ts')).toEqual(['helped']);
  });

  it('name the file and the line of a mistake in what they import', async () => {
    const folder = newFolder();
    write(folder, 'own.ts', `import './parts/broken.js';\n${plugin('own')}`);
    write(folder, 'parts/broken.ts', '\n\nexport const = 1;');
    await expect(load(folder, './own.ts')).rejects.toThrow(/own\.ts: does not compile: parts\/broken\.ts, line 3: /);
    write(folder, 'parts/broken.ts', `\n\n\nthrow new Error('out of luck');`);
    await expect(load(folder, './own.ts')).rejects.toThrow(/out of luck \(parts\/broken\.ts:4\)$/);
  });

  it.each([
    ['missing', undefined, /there is no such file/],
    ['not TypeScript', 'export default {', /does not compile: line 1: /],
    ['without default export', 'export const plugin = 1;', /has no default export; write `export default/],
    [
      'that throw when they are loaded',
      `\n\nthrow new Error('out of luck');`,
      /own\.ts: could not be loaded: out of luck \(own\.ts:3\)/,
    ],
    [
      'with a mistake in a description',
      plugin('own').replace("'1.0.0'", "'first'"),
      /^plugins\[0\]: \.\/own\.ts: plugin own: has the version "first"; write one such as/,
    ],
    [
      'that import what is not there',
      `import 'no-such-package'; export default 1;`,
      /Could not resolve "no-such-package"/,
    ],
    ['that export something else', 'export default 7;', /does not export a plugin; its default export must come from/],
    ['that export null', 'export default null;', /does not export a plugin/],
  ])('%s are refused', async (_what, text, message) => {
    const folder = newFolder();
    if (text !== undefined) write(folder, 'own.ts', text);
    await expect(load(folder, './own.ts')).rejects.toThrow(message);
    await expect(load(folder, './own.ts')).rejects.toThrow(expect.objectContaining({ name: 'EigenflowError' }));
  });
});

describe('packages', () => {
  const install = (folder: string, name: string, manifest: object, text = plugin(name)) => {
    write(folder, `node_modules/${name}/package.json`, { name, version: '1.0.0', type: 'module', ...manifest });
    write(folder, `node_modules/${name}/index.js`, text);
  };

  it.each([
    ['main', { main: './index.js' }],
    ['exports', { exports: './index.js' }],
    ['exports for modules only', { exports: { '.': { import: './index.js' } } }],
    ['exports with types', { exports: { '.': { types: './index.d.ts', default: './index.js' } } }],
    ['nothing', {}],
  ])('are found in node_modules of the scenario by their %s', async (_what, manifest) => {
    const folder = newFolder();
    install(folder, 'eigenflow-plugin-x', manifest);
    expect(await load(folder, 'eigenflow-plugin-x')).toEqual(['eigenflow-plugin-x']);
  });

  it('are found in a folder above, with a scope, and by an entry of their own', async () => {
    const folder = newFolder();
    install(folder, '@lab/drift', { exports: { '.': './index.js', './more': './more.js' } });
    write(folder, 'node_modules/@lab/drift/more.js', plugin('more'));
    mkdirSync(join(folder, 'below'));
    expect(await load(join(folder, 'below'), '@lab/drift', '@lab/drift/more')).toEqual(['@lab/drift', 'more']);
  });

  it('keep the eigenflow that they are installed with, so that its version shows', async () => {
    const folder = newFolder();
    install(
      folder,
      'eigenflow',
      { main: './index.js' },
      `export const definePlugin = (plugin) => ({ contract: 99, ...plugin });`,
    );
    install(folder, 'aged', {});
    await expect(compute({ ...eightRuns, plugins: [...eightRuns.plugins, 'aged'] }, { folder })).rejects.toThrow(
      'plugins[4]: aged: plugin aged: was built for contract version 99; this eigenflow has version 2. Install matching versions',
    );
  });

  it('that are not there are named, with the nearest of those that come along', async () => {
    await expect(load(newFolder(), 'sgd', 'teacher-studnet')).rejects.toThrow(
      /^plugins\[1\]: no plugin called "teacher-studnet"; did you mean "teacher-student"\? Built in: teacher-student, sgd/,
    );
    await expect(load(newFolder(), 'toString')).rejects.toThrow('plugins[0]: no plugin called "toString". Built in:');
    await expect(load(newFolder(), 'fs')).rejects.toThrow('plugins[0]: no plugin called "fs"');
  });

  it('that cannot be loaded are named with the reason', async () => {
    const folder = newFolder();
    install(folder, 'broken', {}, `throw new Error('built for another machine');`);
    await expect(load(folder, 'broken')).rejects.toThrow(
      'plugins[0]: the package broken could not be loaded: built for another machine',
    );
  });
});

it('a plugin may be listed twice, but two plugins may not share a name', async () => {
  const folder = newFolder();
  write(folder, 'own.ts', plugin('own'));
  write(folder, 'copy.ts', plugin('own'));
  write(folder, 'sgd.ts', plugin('sgd'));
  expect(await load(folder, 'sgd', './own.ts', 'sgd', './own.ts')).toEqual(['sgd', 'own']);
  await expect(load(folder, './own.ts', './copy.ts')).rejects.toThrow(
    'plugins[1]: ./copy.ts and ./own.ts are both called "own"; list one of them, or rename one',
  );
  await expect(load(folder, 'sgd', './sgd.ts')).rejects.toThrow('./sgd.ts and sgd are both called "sgd"');
});

describe('a mistake in a component is told before anything is written', () => {
  const optimiser = (create: string) =>
    `import { defineOptimiser, definePlugin } from 'eigenflow';
     const own = defineOptimiser({ name: 'own', summary: 'Own', params: {}, cite: [], create: ${create} });
     export default definePlugin({ name: 'own', version: '1.0.0', components: [own] });`;
  it.each([
    [
      'no state',
      '() => ({ step() {} })',
      'optimiser: the optimiser "own" of plugin own has no `state`; expected a list',
    ],
    ['nothing', '() => {}', 'optimiser: the optimiser "own" of plugin own: create returns nothing; expected an object'],
    ['async', 'async () => ({})', 'plugin own, optimiser "own": has a create that is no plain function'],
    ['an error', "() => { throw new Error('boom'); }", 'the optimiser "own" of plugin own: create failed: boom'],
    [
      'an async step',
      '() => ({ state: [], stepSize: () => 1, async step() {} })',
      'has an async function as `step`; expected a function',
    ],
  ])('%s', async (_what, create, message) => {
    const folder = newFolder();
    write(folder, 'own.ts', optimiser(create));
    const scenario = {
      ...eightRuns,
      plugins: [...eightRuns.plugins, './own.ts'],
      optimiser: { use: 'own' },
      sweep: {},
    };
    const out = join(folder, 'out');
    const computed = compute(scenario, { folder, out });
    await expect(computed).rejects.toThrow(message);
    await expect(computed).rejects.toThrow(expect.objectContaining({ name: 'EigenflowError' }));
    expect(existsSync(out)).toBe(false);
  });
});
