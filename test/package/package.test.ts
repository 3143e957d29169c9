// What is published: it holds what package.json promises, and the types of a plugin are checked against it.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { transformSync } from 'esbuild';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { blocks, documentAt, guidePlugins, guideTest, root } from '../documents/documents.js';
import { type Installed, install } from './installed.js';

// Building and packing takes seven seconds, and many times that where the machine is busy with other things.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 240_000 });

let installed: Installed;
beforeAll(() => {
  installed = install(['@types/node', 'vitest']);
});
afterAll(() => installed?.remove());

const manifest = () => JSON.parse(readFileSync(join(installed.package, 'package.json'), 'utf8'));

/** Files that stand in a field of package.json, however deep. */
const filesIn = (field: unknown): string[] =>
  typeof field === 'string' ? [field] : Object.values(field as object).flatMap(filesIn);

/** Errors that the strictest of users sees in files of the project and in the declarations that they use. */
function typeErrors(files: readonly string[]): string {
  const compilerOptions = {
    ...{ strict: true, noUncheckedIndexedAccess: true, skipLibCheck: false },
    ...{ noEmit: true, target: 'ES2022', module: 'NodeNext', types: ['node'] },
  };
  writeFileSync(join(installed.project, 'tsconfig.json'), JSON.stringify({ compilerOptions, files }));
  const compiler = join(root, 'node_modules/typescript/bin/tsc');
  return spawnSync(process.execPath, [compiler, '-p', '.'], { cwd: installed.project, encoding: 'utf8' }).stdout;
}

const write = (name: string, text: string) => writeFileSync(join(installed.project, name), text);

/** The blocks of the guide to scripts, which make one file. */
const script = () => blocks(documentAt('docs/from-a-script.md'), 'ts').join('\n');

test('every entry point and command is there, with its types', () => {
  const { exports, bin } = manifest();
  const files = [...filesIn(exports), ...filesIn(bin)];
  // All but package.json have types.
  expect(files.filter((file) => file.endsWith('.d.ts'))).toHaveLength(Object.keys(exports).length - 1);
  expect(files.filter((file) => !existsSync(join(installed.package, file)))).toEqual([]);
});

test('guides, changes and the licence are there, and every link in them leads to a file of the package', () => {
  const documents = readdirSync(installed.package, { recursive: true, encoding: 'utf8' }).filter(
    (path) => path.endsWith('.md') && !path.startsWith('node_modules'),
  );
  expect(documents).toEqual(
    expect.arrayContaining(['README.md', 'CHANGELOG.md', 'CONTRIBUTING.md', 'docs/running.md']),
  );
  const dead = documents.flatMap((path) => {
    const text = readFileSync(join(installed.package, path), 'utf8');
    const targets = [...text.matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, target]) => target);
    return targets
      .filter((target) => !existsSync(join(installed.package, dirname(path), target)))
      .map((target) => `${path} -> ${target}`);
  });
  expect(dead).toEqual([]);
  expect(existsSync(join(installed.package, 'LICENSE'))).toBe(true);
});

const KINDS = ['model', 'loss', 'noise', 'optimiser', 'observer', 'classifier'];

test('the type checker passes plugins of "eigenflow new plugin", code of the guides, and every entry', () => {
  const command = join(installed.package, 'dist/cli/main.js');
  for (const kind of KINDS) {
    execFileSync(process.execPath, [command, 'new', 'plugin', `my-${kind}`, '--kind', kind], {
      cwd: installed.project,
    });
  }
  const entries = Object.keys(manifest().exports).filter((entry) => entry !== './package.json');
  for (const [name, code] of guidePlugins()) write(`${name}.ts`, code);
  write('descent.test.ts', guideTest());
  write('script.ts', script());
  write('entries.ts', entries.map((entry) => `export * from 'eigenflow${entry.slice(1)}';\n`).join(''));
  const files = [
    ...KINDS.flatMap((kind) => [`my-${kind}/index.ts`, `my-${kind}/index.test.ts`]),
    ...[...guidePlugins().keys()].map((name) => `${name}.ts`),
    ...['descent.test.ts', 'script.ts', 'entries.ts'],
  ];
  expect(typeErrors(files)).toBe('');
});

test('a plugin of "eigenflow new plugin" passes the test of its own, once it is compiled as its package.json says', () => {
  const cwd = join(installed.project, 'my-observer');
  const { scripts } = JSON.parse(readFileSync(join(cwd, 'package.json'), 'utf8'));
  expect(scripts.test).toBe('tsc && vitest run dist');
  const run = (program: string, ...args: string[]) =>
    execFileSync(process.execPath, [join(root, 'node_modules', program), ...args], { cwd, encoding: 'utf8' });
  run('typescript/bin/tsc');
  expect(readdirSync(join(cwd, 'dist')).sort()).toEqual([
    ...['index.d.ts', 'index.js', 'index.test.d.ts', 'index.test.js'],
  ]);
  // vitest writes nothing but text where no terminal is.
  const said = run('vitest/vitest.mjs', 'run', 'dist', '--no-color');
  expect(said).toMatch(/Test Files +1 passed \(1\)/);
  expect(said).toMatch(/Tests +\d\d passed/);
  // What npm would pack is loaded by the name of the package.
  const [packed] = JSON.parse(
    execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { cwd, encoding: 'utf8' }),
  );
  expect(packed.files.map(({ path }: { path: string }) => path).sort()).toEqual([
    ...['README.md', 'dist/index.d.ts', 'dist/index.js', 'package.json'],
  ]);
  symlinkSync(cwd, join(installed.project, 'node_modules', 'my-observer'));
  const command = join(installed.package, 'dist/cli/main.js');
  const listed = execFileSync(process.execPath, [command, 'plugins', 'my-observer'], {
    cwd: installed.project,
    encoding: 'utf8',
  });
  expect(listed).toContain('my-observer, in plugins: "my-observer", version 0.1.0');
});

test('figures are drawn with the fonts that come with it: their package is not installed', () => {
  expect(existsSync(join(installed.project, 'node_modules', 'dejavu-fonts-ttf'))).toBe(false);
  const fonts = readdirSync(join(installed.package, 'dist', 'fonts')).sort();
  expect(fonts.filter((name) => name.endsWith('.ttf'))).toHaveLength(6);
  expect(fonts).toContain('LICENSE');
  const scenario = {
    ...{ title: 'Drawn', plugins: ['teacher-student', 'sgd', 'training'], seed: 1, epochs: 2 },
    model: { use: 'teacher-student', hidden: 4, features: 3, samples: 20, initialWidth: 0.5 },
    ...{ loss: { use: 'half-mean-square' }, optimiser: { use: 'sgd', learningRate: 0.5 } },
    noise: { use: 'minibatch', batchSize: 4, order: 'cyclic' },
    observers: { loss: { use: 'full-loss', when: { everyEpochs: 1 } } },
    figures: [{ kind: 'flow', name: 'loss', value: 'loss.loss', x: 'step' }],
  };
  write('drawn.json', JSON.stringify(scenario));
  const command = (...args: string[]) =>
    execFileSync(process.execPath, [join(installed.package, 'dist/cli/main.js'), ...args], {
      cwd: installed.project,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  command('run', 'drawn.json', '--out', 'drawn', '--export', 'none', '--workers', '0');
  for (const font of ['DejaVu Sans', 'DejaVu Sans Mono', 'DejaVu Serif']) {
    command('figures', 'drawn', '--font', font);
    const drawn = readdirSync(join(installed.project, 'drawn', 'figures'));
    expect(drawn).toEqual(expect.arrayContaining(['loss.pdf', 'loss.png', 'loss.svg']));
    expect(readFileSync(join(installed.project, 'drawn', 'figures', 'loss.svg'), 'utf8')).toContain(font);
  }
});

test('the script of the guide computes runs and a study on two threads, and reads what is stored', () => {
  const { code } = transformSync(script(), { loader: 'ts', target: 'node20' });
  write('script.mjs', code);
  const said = execFileSync(process.execPath, ['script.mjs'], { cwd: installed.project, encoding: 'utf8' });
  const lines = said.trim().split('\n');
  const epochs = lines.filter((line) => /^epoch \d+: loss 0\.\d+$/.test(line));
  // It ends where the loss is small.
  expect(epochs.length).toBeGreaterThan(1);
  expect(epochs.length).toBeLessThan(21);
  expect(lines[epochs.length]).toMatch(/^completed after 500 steps, loss [\d.e-]+ at time 250$/);
  const stored = lines.slice(epochs.length + 1);
  expect(stored).toHaveLength(6);
  for (const line of stored)
    expect(line).toMatch(/^{"optimiser.learningRate":(0\.5|2)} seed [012]: completed, loss [\d.e-]+$/);
});
