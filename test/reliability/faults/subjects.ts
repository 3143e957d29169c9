// The commands whose operations on files are made to fail, each with a folder to begin with.
import { cpSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eigenflowMany } from '../../cli/command.js';
import type { Subject } from './faults.js';

const scenario = {
  title: 'Faults',
  plugins: ['teacher-student', 'sgd', 'training', 'spectrum', 'phases'],
  seed: 1,
  epochs: 40,
  model: { use: 'teacher-student', initialWidth: 0.5, inputs: 3, hidden: 3, samples: 16 },
  loss: { use: 'half-mean-square' },
  noise: { use: 'minibatch', batchSize: 4, order: 'cyclic' },
  optimiser: { use: 'sgd', learningRate: 1 },
  observers: {
    loss: { use: 'full-loss' },
    overlap: { use: 'overlap' },
    growth: { use: 'span-growth', block: 'W' },
    w: { use: 'weights', block: 'W' },
    spectrum: { use: 'gram-spectrum', block: 'W', when: { perDecade: 4 } },
  },
  classifier: { use: 'outcome' },
  sweep: { axes: { 'optimiser.learningRate': [0.5, 8] } },
  figures: [{ kind: 'flow', name: 'levels', value: 'spectrum.levels', x: 'epoch', ownScales: true }],
};

const comparison = {
  ...scenario,
  title: 'Faults of a comparison',
  plugins: [...scenario.plugins, 'langevin'],
  epochs: undefined,
  classifier: undefined,
  figures: undefined,
  sweep: undefined,
  time: 0.5,
  noise: { use: 'minibatch', batchSize: 1, order: 'iid' },
  optimiser: { use: 'sgd', learningRate: 0.03125 },
  observers: { spectrum: { use: 'gram-spectrum', block: 'W', when: { points: 5 } } },
  compare: {
    levels: 'spectrum.levels',
    top: 2,
    replicas: 2,
    surrogates: {
      langevin: {
        noise: { use: 'langevin', temperature: 0.03125, subset: 16 },
        optimiser: { use: 'sgd', learningRate: 0.03125 },
      },
    },
  },
};

const FORMATS = ['csv', 'zarr', 'netcdf', 'parquet'] as const;

export type SubjectName =
  | 'run'
  | 'work'
  | 'compare'
  | 'analyse'
  | `export --format ${(typeof FORMATS)[number]}`
  | 'figures'
  | 'report'
  | 'verify'
  | 'status'
  | 'submit';

const RUN = ['run', 'scenario.json', '--out', 'results', '--workers', '0', '--export', 'none'];

function call(folder: string, args: readonly string[]): void {
  const [{ status, stderr }] = eigenflowMany([{ folder, args }]);
  if (status !== 0) throw new Error(`${args.join(' ')}: ${stderr}`);
}

/** @param base an empty folder, in which the first folders of the commands are made */
export function subjectsIn(base: string): (Subject & { readonly name: SubjectName })[] {
  const folder = (name: string) => {
    const path = join(base, name);
    mkdirSync(path);
    writeFileSync(join(path, 'scenario.json'), JSON.stringify(scenario));
    writeFileSync(join(path, 'compare.json'), JSON.stringify(comparison));
    return path;
  };
  const fresh = folder('fresh');
  const stored = folder('stored');
  call(stored, RUN);
  const half = join(base, 'half');
  cpSync(stored, half, { recursive: true });
  const [run] = readdirSync(join(half, 'results', 'runs'));
  rmSync(join(half, 'results', 'runs', run));
  const exported = (format: (typeof FORMATS)[number]) => {
    // In the place of an older one.
    const path = join(base, format);
    cpSync(stored, path, { recursive: true });
    call(path, ['export', 'results', '--format', format]);
    const name = `export --format ${format}` as const;
    return { name, before: path, args: ['export', 'results', '--format', format] };
  };
  const on = (name: 'analyse' | 'figures' | 'report' | 'verify' | 'status' | 'submit', ...options: string[]) => ({
    name,
    before: stored,
    args: [name, 'results', ...options],
  });
  return [
    { name: 'run', before: fresh, args: [...RUN, '--keep-checkpoints'] },
    { name: 'work', before: half, args: ['work', 'results', '--part', '0/1', '--workers', '0'] },
    { name: 'compare', before: fresh, args: ['compare', 'compare.json', '--out', 'results', '--workers', '0'] },
    on('analyse', '--workers', '0', '--observers', 'weight-norm', '--set', 'observers.weight-norm.block=W'),
    ...FORMATS.map(exported),
    on('figures', '--format', 'svg'),
    on('report'),
    on('verify'),
    on('status'),
    on('submit', '--dry-run'),
  ];
}
