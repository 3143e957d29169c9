// Every wrong input is answered with the path, the mistake and a remedy; the exit status is 2 and nothing is written.
import { cpSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { unzipSync, zipSync } from 'fflate';
import { beforeAll, describe, expect, it } from 'vitest';
import { float64, type NpyArray, text } from '../../node/files/npy.js';
import { encodeNpz, readNpz } from '../../node/files/npz.js';
import { newFolder } from '../node/studies.js';
import { eigenflowMany, type Outcome } from './command.js';

const given = {
  title: 'Right',
  plugins: ['teacher-student', 'sgd', 'spectrum', 'phases'],
  seed: 1,
  steps: 100,
  model: { use: 'teacher-student', arrays: 'a.npz' } as object,
  loss: { use: 'half-mean-square' },
  noise: { use: 'minibatch', batchSize: 7, order: 'cyclic' },
  optimiser: { use: 'sgd', learningRate: 0.25 },
  observers: { state: { use: 'weights', block: 'W', when: { at: [0, 100] } } } as object,
};
const drawn = { use: 'teacher-student', samples: 40 };

/** A .npy of version 1 whose header says that it holds pickled objects. */
function pickled(): Uint8Array {
  const header = `${"{'descr': '|O', 'fortran_order': False, 'shape': (1,), }".padEnd(117)}\n`;
  const bytes = Buffer.concat([Buffer.from('\x93NUMPY\x01\x00', 'latin1'), Buffer.from([118, 0]), Buffer.from(header)]);
  return new Uint8Array(Buffer.concat([bytes, Buffer.from('\x80\x04K\x01.', 'latin1')]));
}

/** The arrays of a reference trajectory, some of them replaced. */
function arraysWith(changes: Record<string, NpyArray | undefined>): Uint8Array {
  const file = readNpz(fileURLToPath(new URL('../reference/trajectories/ordered.npz', import.meta.url)));
  const entries = file.names.map((name): [string, NpyArray] => [name, file.array(name)]);
  const all = new Map<string, NpyArray | undefined>([...entries, ...Object.entries(changes)]);
  return encodeNpz(new Map([...all].flatMap(([name, array]) => (array ? [[name, array]] : []))));
}

/** A command that would run. */
const RUN = ['run', 'right.json', '--out', 'out'];

const scenarios: [string, object, string][] = [
  [
    'an unknown component',
    { optimiser: { use: 'sdg', learningRate: 1 } },
    'optimiser.use: no optimiser called "sdg"; did you mean "sgd"? Loaded: sgd, momentum, nesterov',
  ],
  [
    'a component whose plugin is not listed',
    { observers: { loss: { use: 'full-loss' } } },
    'observers.loss.use: no observer called "full-loss". Loaded: weights, weight-norm, gram-spectrum',
  ],
  [
    'the same: the plugin to list is named',
    { plugins: ['teacher-student', 'sgd'], observers: { loss: { use: 'full-loss' } } },
    'observers.loss.use: no observer called "full-loss". No loaded plugin brings one. The plugin "training" has it: ' +
      'add "training" to plugins',
  ],
  [
    'a component that no plugin has: nobody is asked whether it is listed',
    { optimiser: { use: 'adamant', learningRate: 1 } },
    'optimiser.use: no optimiser called "adamant". Loaded: sgd, momentum, nesterov. No plugin that comes with eigenflow ' +
      'has it; a plugin from elsewhere is listed by its path or package',
  ],
  [
    'a misspelt parameter',
    { optimiser: { use: 'sgd', learningrate: 1 } },
    'optimiser.learningrate: no such parameter; did you mean "learningRate"? Its parameters: learningRate, weightDecay',
  ],
  [
    'a parameter that is missing',
    { noise: { use: 'minibatch', batchSize: 4 } },
    'noise.order: is required (one of cyclic, reshuffled, fresh-subset, iid): how batches go through the data',
  ],
  [
    'a value of the wrong type',
    { optimiser: { use: 'sgd', learningRate: '1' } },
    'optimiser.learningRate: expected a number, found "1"',
  ],
  [
    'a value out of range',
    { optimiser: { use: 'sgd', learningRate: -1 } },
    'optimiser.learningRate: -1 is out of range; it must be greater than 0',
  ],
  [
    'a misspelt choice',
    { noise: { use: 'minibatch', batchSize: 4, order: 'cylic' } },
    'noise.order: expected one of cyclic, reshuffled, fresh-subset, iid, found "cylic"; did you mean "cyclic"?',
  ],
  [
    'a plugin that does not exist',
    { plugins: ['teacher-student', 'sgd', 'spektrum'] },
    'plugins[2]: no plugin called "spektrum"; did you mean "spectrum"? Built in: ',
  ],
  ['a plugin file that does not exist', { plugins: ['sgd', './own.ts'] }, 'own.ts: there is no such file'],
  [
    'an array file that does not exist',
    { model: { use: 'teacher-student', arrays: 'b.npz' } },
    'b.npz: cannot read it: there is no such file or folder; check the path',
  ],
  ['an array of the wrong shape', { model: { use: 'teacher-student', arrays: 'shape.npz' } }, 'W_initial'],
  ['an array of the wrong dtype', { model: { use: 'teacher-student', arrays: 'dtype.npz' } }, 'W_initial'],
  [
    'an array that is missing',
    { model: { use: 'teacher-student', arrays: 'missing.npz' } },
    'missing.npz: array x is missing. It holds M, W_teacher,',
  ],
  ['a pickled array', { model: { use: 'teacher-student', arrays: 'pickled.npz' } }, 'pickle'],
  ['an array file that is cut off', { model: { use: 'teacher-student', arrays: 'broken.npz' } }, 'broken.npz'],
  ['no seeds', { sweep: { seeds: 0 } }, 'sweep.seeds: expected a whole number of at least 1, found 0'],
  [
    'an empty axis',
    { sweep: { axes: { 'optimiser.learningRate': [] } } },
    'sweep.axes.optimiser.learningRate: the axis is empty; give at least one value',
  ],
  [
    'axes of different lengths zipped',
    {
      sweep: {
        axes: { 'optimiser.learningRate': [1, 2], 'noise.batchSize': [1, 2, 4] },
        zip: ['optimiser.learningRate', 'noise.batchSize'],
      },
    },
    'sweep.zip[0]: zipped axes need the same number of values: optimiser.learningRate has 2, noise.batchSize has 3',
  ],
  [
    'the root seed as an axis',
    { sweep: { axes: { seed: [1, 2] } } },
    'sweep.axes.seed: the root seed is no axis: tables and datasets count realisations by the name "seed". Ask for ' +
      'realisations with sweep.seeds, let every cell draw its own with sweep.independent, or run the scenario again with',
  ],
  [
    'a mistake in the last cell of a sweep',
    { model: drawn, sweep: { axes: { 'noise.batchSize': [1, 2, 4, 0] } } },
    'noise.batchSize: 0 is out of range; it must be at least 1',
  ],
  [
    'a block that the model does not have',
    { observers: { state: { use: 'weights', block: 'V' } } },
    'no block called "V"',
  ],
  [
    'a frame after the end',
    { observers: { state: { use: 'weights', block: 'W', when: { at: [101] } } } },
    'observers.state.when.at[0]: 101 is after the end of the run, which has 100 steps; use "end" for its last state',
  ],
  [
    'a classifier whose channels are not measured',
    { classifier: { use: 'outcome' } },
    'classifier: "outcome" needs the channel full-loss.loss; add an observer such as "full-loss": { "use": "full-loss" }',
  ],
  ['two lengths', { epochs: 3 }, 'steps: a scenario has one of steps, epochs or time; this one has steps and epochs'],
  ['a misspelt field', { optimizer: {} }, 'optimizer: no such field; did you mean "optimiser"?'],
];
const commands: [string, readonly string[], string][] = [
  ['NaN', [...RUN, '--set', 'optimiser.learningRate=NaN'], 'optimiser.learningRate: expected a number, found "NaN"'],
  ['a value without path', [...RUN, '--set', '3'], '--set 3: write path=value, for example optimiser.learningRate=0.5'],
  [
    'a misspelt path',
    [...RUN, '--set', 'optimizer.learningRate=1'],
    'optimizer: no such field; did you mean "optimiser"?',
  ],
  [
    'an override of what is swept',
    ['run', 'swept.json', '--out', 'out', '--set', 'optimiser.learningRate=3'],
    '--set optimiser.learningRate: the sweep varies optimiser.learningRate, so no run would use this; give the axis ' +
      "other values: --set 'sweep.axes.optimiser.learningRate=[...]'",
  ],
  [
    'an override below what is swept',
    ['run', 'swept.json', '--out', 'out', '--set', 'noise.batchSize=4'],
    '--set noise.batchSize: the sweep varies noise, so no run would use this; give the axis other values: --set',
  ],
  [
    'an override of what is zipped',
    ['run', 'swept.json', '--out', 'out', '--set', 'model.samples=4'],
    '--set model.samples: the sweep varies model.samples, so no run would use this; change its values under sweep.zip',
  ],
  ['a dangerous path', [...RUN, '--set', '__proto__.polluted=1'], '__proto__.polluted: is not a path; write for'],
  ['half a seed', [...RUN, '--seed', '1.5'], "option '-s, --seed <n>' argument '1.5' is invalid. expected a whole"],
  [
    'a seed of 64 bits',
    [...RUN, '--seed', '18446744073709551615'],
    'is invalid. expected a whole number of at least 0 and at most 9007199254740991 (2^53 - 1).',
  ],
  ['no number of workers', [...RUN, '--workers', 'all'], "'all' is invalid. expected a whole number of at least 0"],
  ['an unknown format', [...RUN, '--export', 'hdf'], "argument 'hdf' is invalid. Allowed choices are zarr"],
  [
    'NaN in TypeScript, which JSON cannot say',
    ['run', 'nan.ts'],
    'eigenflow: optimiser.learningRate: expected a finite number, found NaN',
  ],
  ['an unknown option', [...RUN, '--gpu'], "unknown option '--gpu'"],
  ['an unknown command', ['rum', 'x.json'], "unknown command 'rum'"],
  ['no scenario', ['run'], "missing required argument 'scenario'"],
  ['a scenario that does not exist', ['run', 'x.json'], 'x.json: there is no such scenario file'],
  ['a scenario in another language', ['run', 'scenario.yaml'], 'ends in .ts, .js or .json'],
  ['a scenario that is not JSON', ['run', 'not-json.json'], 'not-json.json: is not valid JSON: '],
  [
    'a scenario that is not JSON in its third line',
    ['run', 'comma.json'],
    'comma.json: is not valid JSON: line 3, column 1: Expected double-quoted property name in JSON',
  ],
  ['a scenario that is a list', ['run', 'list.json'], 'a scenario is an object with a title'],
  ['a scenario that does not compile', ['run', 'broken.ts'], 'broken.ts: does not compile: line 1'],
  ['a scenario that throws', ['run', 'throws.ts'], 'could not be loaded: out of luck'],
  ['a folder without results', ['run', '.'], 'is not a results folder: it has no manifest.json'],
  ['other files in the results folder', [...RUN, '--out', 'taken'], 'taken: holds other files and no results; choose'],
  ['a file as results folder', [...RUN, '--out', 'a.npz'], 'a.npz: is a file, not a folder; choose another --out'],
  ['no results to look at', ['status', 'taken'], 'taken: is not a results folder: it has no'],
  [
    'no results to export',
    ['export', 'nowhere'],
    'nowhere: is not a results folder: there is no such folder; check the path',
  ],
  [
    'a scenario in place of results',
    ['status', 'right.json'],
    'right.json: is not a results folder: it is a file; name the folder',
  ],
  ['a name that is none', ['new', 'plugin', 'My Plugin'], 'a name is lower-case words joined by'],
  [
    'a kind that is none',
    ['new', 'theory', 'x'],
    "'theory' is invalid for argument 'what'. Allowed choices are plugin",
  ],
];

let folder: string;
const outcomes = new Map<string, Outcome>();
beforeAll(() => {
  folder = newFolder();
  const matrix = (rows: number, cols: number) => float64(new Float64Array(rows * cols).fill(0.5), [rows, cols]);
  const bent = new Float64Array(matrix(16, 32).data as Float64Array);
  bent[7] = Number.NaN;
  const files: Record<string, string | Uint8Array> = {
    'a.npz': arraysWith({}),
    'shape.npz': arraysWith({ W_initial: matrix(16, 31) }),
    'dtype.npz': arraysWith({ W_initial: text('not numbers') }),
    'nan.npz': arraysWith({ W_initial: float64(bent, [16, 32]) }),
    'missing.npz': arraysWith({ x: undefined }),
    'pickled.npz': zipSync({ ...unzipSync(arraysWith({})), 'M.npy': pickled() }),
    'broken.npz': arraysWith({}).subarray(0, 1000),
    'right.json': JSON.stringify(given),
    'swept.json': JSON.stringify({
      ...given,
      model: drawn,
      sweep: {
        axes: { 'optimiser.learningRate': [1, 2], noise: [given.noise] },
        zip: [{ 'model.samples': [40, 50], 'model.hidden': [4, 8] }],
      },
    }),
    'not-json.json': '{ "title": ',
    'comma.json': '\uFEFF{\n  "title": "x",\n}\n',
    'list.json': '[]',
    'scenario.yaml': 'title: yaml',
    'broken.ts': 'export default {',
    'throws.ts': "throw new Error('out of luck');",
    'nan.ts':
      "import { defineScenario } from 'eigenflow';\n" +
      `export default defineScenario({ ...${JSON.stringify({ ...given, model: drawn })}, optimiser: { use: 'sgd', learningRate: NaN } });`,
  };
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  mkdirSync(join(folder, 'taken'));
  writeFileSync(join(folder, 'taken', 'thesis.tex'), 'years of work');
  const invocations = [
    ...scenarios.map(([what, changes], i): [string, string[]] => {
      const name = `scenario-${i}.json`;
      writeFileSync(join(folder, name), JSON.stringify({ ...given, ...changes }));
      return [what, ['run', name, '--out', `out-${i}`]];
    }),
    ...commands.map(([what, args]): [string, string[]] => [what, [...args]]),
  ];
  const found = eigenflowMany(invocations.map(([, args]) => ({ folder, args })));
  invocations.forEach(([what], i) => {
    outcomes.set(what, found[i]);
  });
});

describe('a scenario with', () => {
  it.each(scenarios)('%s', (what, _changes, message) => {
    const { status, stdout, stderr } = outcomes.get(what)!;
    expect(stderr).toContain(message);
    expect(stderr).toMatch(/^eigenflow: [^\n]+\n$/);
    expect(stdout).toBe('');
    expect(status).toBe(2);
  });
});

describe('a command line with', () => {
  it.each(commands)('%s', (what, _args, message) => {
    const { status, stdout, stderr } = outcomes.get(what)!;
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/^ +at /m);
    expect(stdout).toBe('');
    expect(status).toBe(2);
  });
});

it('another study in the results folder', () => {
  const other = newFolder();
  cpSync(join(folder, 'a.npz'), join(other, 'a.npz'));
  writeFileSync(join(other, 'a.json'), JSON.stringify(given));
  writeFileSync(join(other, 'b.json'), JSON.stringify({ ...given, optimiser: { use: 'sgd', learningRate: 0.5 } }));
  const args = (file: string) => ['run', file, '--out', 'out', '--export', 'none'];
  const [first, { status, stderr }] = eigenflowMany(
    ['a.json', 'b.json'].map((f) => ({ folder: other, args: args(f) })),
  );
  expect(first.status).toBe(0);
  expect(stderr).toBe(
    'eigenflow: out: holds results of another scenario ("Right"; they differ in optimiser.learningRate). ' +
      'Choose another --out folder, or delete this one\n',
  );
  expect(status).toBe(2);
});

it('none of all this has written a folder', () => {
  const folders = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  expect(folders.map(({ name }) => name)).toEqual(['taken']);
  expect(readdirSync(join(folder, 'taken'))).toEqual(['thesis.tex']);
});
