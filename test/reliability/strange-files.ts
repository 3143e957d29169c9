// Puts what is no plain file in the place of every file and folder of a results folder, one after the other, and gives every
// command that looks there: none may wait, follow a link, or write outside.
import { spawn, spawnSync } from 'node:child_process';
import { cpSync, lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { eigenflowMany, type Invocation, linesOf, manyScript, type Outcome, outcomesIn } from '../cli/command.js';

const SECRET = 'what somebody else keeps';

const scenario = {
  title: 'Every kind of file',
  plugins: ['teacher-student', 'sgd', 'training', 'spectrum', 'phases', 'phase-diagram-figures'],
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
    spectrum: { use: 'gram-spectrum', block: 'W', when: { perDecade: 8 } },
  },
  classifier: { use: 'outcome' },
  sweep: { axes: { 'optimiser.learningRate': [0.5, 8], 'model.initialWidth': [0.5, 2] }, seeds: 2 },
  figures: [{ kind: 'flow', name: 'levels', value: 'spectrum.levels', x: 'epoch', ownScales: true }],
};

const FORMATS = ['csv', 'zarr', 'netcdf', 'parquet', 'map'];

type Commands = readonly (readonly string[])[];

const FILLED_BY: Commands = [
  ['run', 'scenario.json', '--out', 'results', '--workers', '0', '--keep-checkpoints'],
  ...FORMATS.map((format) => ['export', 'results', '--format', format]),
  ['report', 'results'],
  ['analyse', 'results', '--workers', '0', '--observers', 'weight-norm', '--set', 'observers.weight-norm.block=W'],
  ['analyse', 'results', '--workers', '0', '--classifiers', 'order-parameters'],
  ['fit', 'results', '--law', 'gaussian', '--of', 'loss.loss', '--levels', '0'],
];

/** A results folder `results` that has a file of every kind, beside its scenario. */
export function fillFolder(root: string): void {
  writeFileSync(join(root, 'scenario.json'), JSON.stringify(scenario));
  const outcomes = eigenflowMany(FILLED_BY.map((args) => ({ folder: root, args })));
  const failed = outcomes.findIndex(({ status }) => status !== 0);
  if (failed >= 0) throw new Error(`${FILLED_BY[failed].join(' ')}: ${outcomes[failed].stderr}`);
  const write = (path: string, text: string) => {
    mkdirSync(join(root, 'results', path, '..'), { recursive: true });
    writeFileSync(join(root, 'results', path), text);
  };
  const [stored] = readdirSync(join(root, 'results', 'runs'));
  const id = stored.slice(0, -'.npz'.length);
  write('jobs/0001/submission.json', '{"engine":"slurm","parts":1,"arrays":[]}');
  write('jobs/0001/runs.txt', `${id}\n`);
  write(`failures/${id}.json`, JSON.stringify({ id, message: 'once', writer: 'a-1', host: 'a' }));
  write('claims/elsewhere-1-00000000.json', '{"host":"elsewhere","pid":1,"machine":"another","began":""}');
  write('claims/elsewhere-1-00000000.csv', readFileSync(join(root, 'results', 'runs.csv'), 'utf8'));
  write(`claims/${id}.0`, 'elsewhere-1-00000000');
  cpSync(join(root, 'results', 'ends', readdirSync(join(root, 'results', 'ends'))[0]), join(root, 'end.npz'));
  mkdirSync(join(root, 'results', 'checkpoints'), { recursive: true });
  cpSync(join(root, 'end.npz'), join(root, 'results', 'checkpoints', `${id}.npz`));
  write('quarantine/runs/old.npz', 'x');
}

/** What every command does there. The last one moves what it finds strange. */
export const COMMANDS: Commands = [
  ['status', 'results'],
  ['why', 'results', 'scenario.json'],
  ['submit', 'results', '--dry-run'],
  ['verify', 'results', '--dry-run'],
  ['advise', ...'--learning-rate 0.5 --batch-size 4 --initial-width 1 --map results'.split(' ')],
  ['advise', ...'--learning-rate 0.5 --batch-size 4 --initial-width 1 --map results/dataset.map'.split(' ')],
  ['fit', 'results', '--law', 'gaussian', '--of', 'loss.loss', '--levels', '0'],
  ['analyse', 'results', '--workers', '0', '--observers', 'weight-norm', '--set', 'observers.weight-norm.block=W'],
  ['analyse', 'results', '--workers', '0', '--classifiers', 'order-parameters'],
  ...FORMATS.map((format) => ['export', 'results', '--format', format]),
  ['figures', 'results', '--only', 'levels', '--format', 'svg'],
  ['report', 'results'],
  ['run', 'scenario.json', '--out', 'results', '--workers', '0', '--set', 'epochs=40', '--keep-checkpoints'],
  ['work', 'results', '--part', '0/1', '--workers', '0'],
  ['run', 'scenario.json', '--out', 'longer', '--workers', '0', '--set', 'epochs=41', '--continue-from', 'results'],
  ['verify', 'results'],
];

export const KINDS = ['pipe', 'socket', 'device', 'link to a file', 'link to a folder', 'link to nothing'] as const;
export type Kind = (typeof KINDS)[number] | 'the other kind';

function put(kind: Kind, path: string, root: string, wasFolder: boolean): void | Promise<void> {
  rmSync(path, { recursive: true, force: true });
  const outside = join(root, 'outside');
  switch (kind) {
    case 'pipe':
      spawnSync('mkfifo', [path]);
      return;
    case 'device':
      return symlinkSync('/dev/zero', path);
    case 'link to a file':
      return symlinkSync(join(outside, 'secret'), path);
    case 'link to a folder':
      return symlinkSync(outside, path);
    case 'link to nothing':
      return symlinkSync(join(outside, 'nothing'), path);
    case 'the other kind':
      return wasFolder ? writeFileSync(path, 'x') : void mkdirSync(path);
    case 'socket':
      // Names of sockets are short: it is made elsewhere, and put here by its inode.
      return new Promise((resolve) => {
        const server = createServer();
        const near = join(root, 's');
        server.listen(near, () => {
          spawnSync('ln', [near, path]);
          server.close(() => resolve());
        });
      });
  }
}

/** Paths of all that is in a folder, without what links in it lead to. */
function pathsIn(folder: string, within = ''): string[] {
  return readdirSync(join(folder, within))
    .sort()
    .flatMap((name) => {
      const path = join(within, name);
      return lstatSync(join(folder, path)).isDirectory() ? [path, ...pathsIn(folder, path)] : [path];
    });
}

/** Of files that differ in the name of their run or of a variable, the first: they are read in the same way. */
export function placesIn(folder: string): string[] {
  const seen = new Set<string>();
  return pathsIn(folder).filter((path) => {
    const alike = path.replace(/[0-9a-f]{20}/g, 'ID').replace(/^(dataset\.zarr\/)[^/]+($|\/.*)/, '$1*');
    return !seen.has(alike) && seen.add(alike);
  });
}

const contentOf = (folder: string): string[] =>
  pathsIn(folder).map((path) => {
    const isFile = lstatSync(join(folder, path)).isFile();
    return isFile ? `${path} ${readFileSync(join(folder, path), 'latin1')}` : path;
  });

/** Seconds for all commands on one strange file, on a machine that is busy with other things. */
const LIMIT = 60;

/** As `eigenflowMany`, with an end: undefined where a command does not come back. */
function outcomesOf(calls: readonly Invocation[], seconds: number): Promise<Outcome[] | undefined> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [manyScript], { stdio: ['pipe', 'pipe', 'ignore'], timeout: 1000 * seconds });
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (part: string) => {
      text += part;
    });
    child.on('close', (status) => resolve(status === 0 ? outcomesIn(text) : undefined));
    child.stdin.end(linesOf(calls));
  });
}

export interface Case {
  readonly place: string;
  readonly kind: Kind;
  readonly commands: Commands;
}

export interface Looked extends Case {
  /** How the commands ended. */
  readonly statuses: readonly (number | null)[];
  /** What went wrong, in words. */
  readonly faults: readonly string[];
}

async function prepare(filled: string, root: string, { place, kind }: Case): Promise<string[]> {
  cpSync(filled, root, { recursive: true });
  const outside = join(root, 'outside');
  mkdirSync(outside);
  writeFileSync(join(outside, 'secret'), `${SECRET}\n`);
  const path = join(root, 'results', place);
  await put(kind, path, root, lstatSync(path).isDirectory());
  return contentOf(outside);
}

function faultsOf(root: string, before: readonly string[], outcomes: readonly Outcome[], commands: Commands): string[] {
  const faults = outcomes.flatMap(({ status, stdout, stderr }, i) => {
    const said = stdout + stderr;
    const command = commands[i].join(' ');
    return [
      ...(said.includes(SECRET) ? [`${command} shows what a link leads to`] : []),
      ...(/\n {4}at /.test(said) ? [`${command} breaks: ${said.slice(0, 300)}`] : []),
      ...(status !== 0 && said.trim() === '' ? [`${command} ends with ${status} and says nothing`] : []),
    ];
  });
  if (String(contentOf(join(root, 'outside'))) !== String(before)) faults.push('something was written outside');
  const kept = contentOf(join(root, 'results')).some((content) => content.includes(SECRET));
  return kept ? [...faults, 'what a link leads to was stored'] : faults;
}

/**
 * The commands of every case, one after the other in one process.
 *
 * @param filled of `fillFolder`
 * @param base an empty folder
 */
export async function lookAt(filled: string, base: string, cases: readonly Case[]): Promise<Looked[]> {
  const roots = cases.map((_, i) => join(base, String(i)));
  const before: string[][] = [];
  for (const [i, each] of cases.entries()) before.push(await prepare(filled, roots[i], each));
  const calls = cases.flatMap(({ commands }, i) => commands.map((args) => ({ folder: roots[i], args })));
  const outcomes = await outcomesOf(calls, LIMIT * cases.length);
  const looked = cases.map((each, i): Looked => {
    if (outcomes === undefined) return { ...each, statuses: [], faults: ['a command does not come back'] };
    const own = outcomes.splice(0, each.commands.length);
    const statuses = own.map(({ status }) => status);
    return { ...each, statuses, faults: faultsOf(roots[i], before[i], own, each.commands) };
  });
  for (const root of roots) rmSync(root, { recursive: true, force: true });
  return looked;
}
