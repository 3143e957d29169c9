// What is published: it holds what package.json promises, and the types of a plugin are checked against it.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { transformSync } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { readNpz } from '../../node/files/npz.js';
import { blocks, documentAt, guidePlugins, guideTest, root } from '../documents/documents.js';
import { type Installed, install } from './installed.js';
import { npmPack, type Outside, openOutside } from './outside.js';

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

test('the page of the lab is there, built, and goes into one file', () => {
  const parts = readdirSync(join(installed.package, 'dist', 'lab'));
  expect(parts).toEqual(expect.arrayContaining(['app.js', 'index.html', 'style.css', 'worker.js']));
  // What builds and tests it stays at home.
  expect(existsSync(join(installed.package, 'lab'))).toBe(false);
  expect(parts.filter((name) => name.endsWith('.map'))).toEqual([]);
  const command = join(installed.package, 'dist/cli/main.js');
  const map = join(installed.package, 'maps', 'tanh-teacher-student');
  const page = join(installed.project, 'page.html');
  const { status, stdout } = spawnSync(process.execPath, [command, 'lab', map, '--export', page], { encoding: 'utf8' });
  expect([status, stdout]).toEqual([0, `${page}\n`]);
  expect(readFileSync(page, 'utf8')).toContain('data-kind="map"');
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

describe('a package of somebody else, installed from its tarball in an empty folder', () => {
  const source = join(root, 'test/fixtures/eigenflow-unit-steps');
  let outside: Outside;
  beforeAll(() => {
    outside = openOutside(installed);
    outside.npmInstall(npmPack(source, installed.project));
    outside.installEigenflow();
  });
  afterAll(() => outside?.remove());

  const scenario = (changes: object) => ({
    ...{ title: 'Outside', plugins: ['teacher-student', 'training', 'sgd', 'eigenflow-unit-steps'] },
    ...{ seed: 1, steps: 40 },
    model: { use: 'teacher-student', hidden: 4, features: 3, samples: 20, initialWidth: 0.5 },
    ...{ loss: { use: 'half-mean-square' }, optimiser: { use: 'unit-steps', stepLength: 0.01 } },
    noise: { use: 'full-batch' },
    observers: { gone: { use: 'progress', when: { every: 10 } }, loss: { use: 'full-loss', when: { every: 40 } } },
    ...changes,
  });
  const command = (...args: string[]) => {
    const { status, stdout, stderr } = outside.eigenflow(...args);
    expect(status, stderr).toBe(0);
    return stdout;
  };
  const read = (...path: string[]) => readFileSync(join(outside.folder, ...path), 'utf8');
  const put = (name: string, changes: object) =>
    writeFileSync(join(outside.folder, name), JSON.stringify(scenario(changes)));

  test('brings an optimiser and an observer of 30 lines at most each', () => {
    expect(readdirSync(join(outside.folder, 'node_modules/eigenflow-unit-steps')).sort()).toEqual([
      ...['index.js', 'package.json', 'progress.js', 'unit-steps.js'],
    ]);
    for (const file of ['unit-steps.js', 'progress.js']) {
      expect(read('node_modules/eigenflow-unit-steps', file).trimEnd().split('\n').length).toBeLessThanOrEqual(30);
    }
  });

  test('is found by the command, with its components and their parameters', () => {
    const listed = command('plugins');
    expect(listed).toContain('unit-steps');
    expect(listed).toContain('Distance from the initial weights');
    const asked = command('plugins', 'eigenflow-unit-steps');
    expect(asked).toContain('in plugins: "eigenflow-unit-steps", version 0.3.0');
    expect(asked).toContain('stepLength');
    expect(asked).toContain('gradients below this make shorter');
    // What editors complete and check scenarios with knows it, too.
    expect(JSON.stringify(JSON.parse(command('schema')))).toContain('stepLength');
  });

  test.each([
    [
      { optimiser: { use: 'unit-steps', steplength: 0.01 } },
      'optimiser.steplength: no such parameter; did you mean "stepLength"? Its parameters: stepLength, floor',
    ],
    [
      { optimiser: { use: 'unit-step', stepLength: 0.01 } },
      'optimiser.use: no optimiser called "unit-step"; did you mean "unit-steps"?',
    ],
    [{ optimiser: { use: 'unit-steps' } }, 'optimiser.stepLength: is required: length of a step'],
    [
      { optimiser: { use: 'unit-steps', stepLength: -1 } },
      'optimiser.stepLength: -1 is out of range; it must be greater than 0',
    ],
    [
      { observers: { gone: { use: 'progress', power: 'tow' } } },
      'observers.gone.power: expected one of one, two, found "tow"; did you mean "two"?',
    ],
  ])('a mistake in its parameters is told with its place and the remedy: %j', (changes, message) => {
    put('wrong.json', changes);
    const { status, stderr } = outside.eigenflow('run', 'wrong.json', '--out', 'wrong');
    expect(stderr).toContain(message);
    expect(status).toBe(2);
    expect(existsSync(join(outside.folder, 'wrong'))).toBe(false);
  });

  test('its channel is stored, exported and drawn, by its own figure and by that of a scenario', () => {
    const lines = [{ kind: 'line', name: 'lines', value: 'gone.way', x: { axis: 'optimiser.stepLength' } }];
    const axes = { 'optimiser.stepLength': [0.01, 0.02] };
    put('lab.json', { sweep: { axes, seeds: 2 }, figures: lines });
    expect(command('run', 'lab.json', '--out', 'lab', '--export', 'csv', '--workers', '0')).toContain('4 completed');
    const [run] = readdirSync(join(outside.folder, 'lab', 'runs')).filter((name) => name.endsWith('.npz'));
    const way = [...readNpz(join(outside.folder, 'lab', 'runs', run)).get('gone.way').data];
    expect(way).toHaveLength(5);
    expect(way[0]).toBe(0);
    // No longer than the steps together, and after the first ten they still point the same way.
    const length = way[1] / 10 > 0.011 ? 0.02 : 0.01;
    expect(way[1]).toBeGreaterThan(9 * length);
    for (const [i, distance] of way.entries()) expect(distance).toBeLessThanOrEqual(10 * i * length * (1 + 1e-12));
    // Four runs, five frames each, of two channels one is ours; the last column is the number.
    const rows = read('lab', 'dataset.csv')
      .split('\n')
      .filter((row) => row.includes(',gone.way,'));
    expect(rows).toHaveLength(20);
    const exported = rows.filter((row) => row.startsWith(run.replace('.npz', '')));
    expect(exported.map((row) => Number(row.split(',').at(-1)))).toEqual(way);
    expect(command('figures', 'lab', '--only', 'way-and-distance', '--plugins', 'eigenflow-unit-steps')).toContain(
      'lab/figures/way-and-distance.svg',
    );
    const drawn = readdirSync(join(outside.folder, 'lab', 'figures'));
    expect(drawn).toEqual(expect.arrayContaining(['lines.svg', 'lines.csv', 'way-and-distance.svg']));
    for (const name of ['lines', 'way-and-distance']) {
      expect(read('lab', 'figures', `${name}.svg`)).toContain('way from the start');
    }
    // Its name and its version are in the identity of the runs.
    expect(read('lab', 'manifest.json')).toMatch(/eigenflow-unit-steps[^}]*0\.3\.0/);
  });
});

describe('the guide to plugins, line by line from an empty folder', () => {
  const guide = documentAt('docs/writing-a-plugin.md');
  const [make, run, give] = blocks(guide, 'bash').map((block) => block.trim().split('\n'));
  const [scenario] = blocks(guide, 'json');
  /** Needs a registry: here what it would install is there. */
  const ONLINE = 'npm install eigenflow';
  let outside: Outside;
  beforeAll(() => {
    outside = openOutside(installed);
  });
  afterAll(() => outside?.remove());

  const shell = (line: string) =>
    execFileSync('sh', ['-c', line], {
      cwd: outside.folder,
      encoding: 'utf8',
      env: { ...process.env, npm_config_offline: 'true', npm_config_update_notifier: 'false' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });

  test('two plugins are made, listed with their parameters, and run in a scenario', () => {
    expect(make).toContain(ONLINE);
    const said = make.map((line) => (line === ONLINE ? outside.installEigenflow() : shell(line)));
    expect(said.at(-1)).toMatch(/my-optimiser[\s\S]*my-observer/);
    writeFileSync(join(outside.folder, 'lab.json'), scenario);
    expect(run).toHaveLength(1);
    expect(shell(run[0])).toContain('9 runs: 9 completed');
    const results = join(outside.folder, 'results/lab');
    const stored = readdirSync(join(results, 'runs'));
    expect(stored).toHaveLength(9);
    for (const name of stored) {
      const moved = readNpz(join(results, 'runs', name)).get('moved.distance').data;
      expect(moved).toHaveLength(6);
      expect(moved[5]).toBeGreaterThan(moved[0]);
    }
    expect(readFileSync(join(results, 'figures/moved.svg'), 'utf8')).toContain('>distance<');
  });

  test('the observer passes its own test, becomes a package, and is used by its name', () => {
    const [testAndPack, install, list] = give;
    const steps = testAndPack.split(' && ');
    expect(steps).toEqual(['cd my-observer', 'npm install', 'npm test', 'npm pack']);
    // What `npm install` would get stands in the folder above.
    for (const name of ['typescript', 'vitest', '@types/node', '.bin/tsc', '.bin/vitest']) outside.have(name);
    expect(shell(steps.filter((step) => step !== 'npm install').join(' && '))).toContain('my-observer-0.1.0.tgz');
    const tarball = /^npm install (\S+)$/.exec(install)?.[1] as string;
    outside.npmInstall(tarball);
    expect(shell(list)).toContain('my-observer, in plugins: "my-observer", version 0.1.0');
    writeFileSync(join(outside.folder, 'named.json'), scenario.replace('./my-observer/index.ts', 'my-observer'));
    const said = outside.eigenflow('run', 'named.json', '--export', 'none', '--no-figures');
    expect([said.status, said.status === 0 ? '' : said.stderr]).toEqual([0, '']);
    expect(said.stdout).toContain('9 runs: 9 completed');
  });
});
