// Packages are loaded when they are asked for: drawing, exports and TypeScript cost nothing where there is none of them.
import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { newFolder } from '../node/studies.js';
import { eigenflow, main } from './command.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const record = new URL('./packages/record.mjs', import.meta.url).href;
const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/** What every command loads: they are small. */
const ALWAYS = ['@noble/hashes', 'commander', 'fflate'];

let folder: string;
const list = () => join(folder, 'loaded');
const environment = () => ({ ...process.env, NODE_OPTIONS: `--import ${record}`, LOADED_PACKAGES: list() });

/** Of the packages that eigenflow depends on, those of which a module was loaded. */
function loaded(): string[] {
  const names = new Set(readFileSync(list(), 'utf8').split('\n'));
  return Object.keys(dependencies).filter((name) => names.has(name));
}

async function loadedBy(args: readonly string[]): Promise<string[]> {
  rmSync(list(), { force: true });
  const { status, stderr } = await eigenflow(folder, args, { environment: environment() });
  expect([status, status === 0 ? '' : stderr]).toEqual([0, '']);
  return loaded().filter((name) => !ALWAYS.includes(name));
}

const scenario = {
  title: 'Packages',
  plugins: ['teacher-student', 'sgd', 'training'],
  seed: 1,
  epochs: 1,
  model: { use: 'teacher-student', hidden: 4, features: 3, samples: 20, initialWidth: 0.5 },
  loss: { use: 'half-mean-square' },
  noise: { use: 'minibatch', batchSize: 4, order: 'cyclic' },
  optimiser: { use: 'sgd', learningRate: 0.5 },
  observers: { loss: { use: 'full-loss', when: { everyEpochs: 1 } } },
  sweep: { axes: {}, seeds: 2 },
};
const figures = [{ kind: 'flow', name: 'loss', value: 'loss.loss', x: 'step' }];

beforeAll(async () => {
  folder = newFolder();
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
  write('plain.json', JSON.stringify(scenario));
  write('drawn.json', JSON.stringify({ ...scenario, figures }));
  write('typed.ts', `export default ${JSON.stringify(scenario)};`);
  await eigenflow(folder, ['run', 'drawn.json', '--out', 'results', '--export', 'none', '--workers', '0']);
});

describe('a command loads', () => {
  const run = (file: string, out: string, ...rest: string[]) => ['run', file, '--out', out, ...rest];
  const alone = ['--export', 'none', '--workers', '0'];
  it.each<[string, readonly string[], readonly string[]]>([
    ['--version', ['--version'], []],
    ['--help', ['--help'], []],
    ['help of a command', ['run', '--help'], []],
    ['plugins', ['plugins'], []],
    ['plugins, by name', ['plugins', 'sgd', '--parameters'], []],
    ['schema', ['schema'], []],
    ['doctor', ['doctor'], []],
    ['new', ['new', 'plugin', 'own', '--kind', 'observer'], []],
    ['run, of JSON', run('plain.json', 'a', ...alone), []],
    ['run, on threads', run('plain.json', 'b', '--export', 'none', '--workers', '2'), ['piscina']],
    ['run, with its export', run('plain.json', 'c', '--workers', '0'), ['@zarrita/storage', 'zarrita']],
    ['run, of TypeScript', run('typed.ts', 'd', ...alone), ['esbuild']],
    ['status', ['status', 'results'], []],
    ['verify', ['verify', 'results'], []],
    ['advise', ['advise', '-l', '0.5', '-b', '4', '-i', '1'], []],
    ['figures, as SVG', ['figures', 'results', '--format', 'svg'], ['fontkit', 'vega']],
    ['figures, as PNG', ['figures', 'results', '--format', 'png'], ['@resvg/resvg-js', 'fontkit', 'vega']],
    ['figures, as PDF', ['figures', 'results', '--format', 'pdf'], ['fontkit', 'pdfkit', 'svg-to-pdfkit', 'vega']],
    ['report', ['report', 'results'], ['fontkit', 'vega']],
    ['export, as CSV', ['export', 'results', '--format', 'csv'], []],
    ['export, as Zarr', ['export', 'results', '--format', 'zarr'], ['@zarrita/storage', 'zarrita']],
    ['export, as netCDF', ['export', 'results', '--format', 'netcdf'], ['h5wasm']],
    ['export, as Parquet', ['export', 'results', '--format', 'parquet'], ['hyparquet-writer']],
  ])('%s', async (_, args, expected) => {
    expect(await loadedBy(args)).toEqual(expected);
  });
});

it.each(['core/index', 'core/theory', 'core/testing', 'node/index', 'analysis/index', 'cli/builtin'])(
  'a script that imports %s loads what every command does, and no more',
  (entry) => {
    rmSync(list(), { force: true });
    writeFileSync(list(), '');
    const file = pathToFileURL(join(main, '..', '..', `${entry}.js`)).href;
    execFileSync(process.execPath, ['--input-type=module', '--eval', `import ${JSON.stringify(file)};`], {
      env: environment(),
    });
    expect(loaded().filter((name) => !ALWAYS.includes(name))).toEqual([]);
  },
);
