// Checkpoints that another program has written: their order, what is refused, and spectra, outliers and level flow from
// them. Real files of Python's `safetensors` and numpy where Python is there.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { writeReport } from '../../analysis/report/report.js';
import { listCheckpoints } from '../../analysis/stored/checkpoint-files.js';
import { analyseCheckpoints, type CheckpointRequest } from '../../analysis/stored/checkpoints.js';
import { createRandomSource } from '../../core/statistics/random-source.js';
import { float64, type NpyArray } from '../../node/files/npy.js';
import { encodeNpz } from '../../node/files/npz.js';
import { readSafetensors } from '../../node/files/safetensors.js';
import { readManifest } from '../../node/results/results-folder.js';
import { builtinPlugins } from '../../plugins/builtin.js';
import builtinFigures from '../../plugins/phase-diagram-figures/index.js';
import { eigenflow } from '../cli/command.js';
import { newFolder } from './studies.js';

const request = { layers: ['fc.weight'], learningRate: 0.1, batchSize: 4, stepsPerNumber: 1 };

const analyse = (folder: string, changes: Partial<CheckpointRequest> = {}) =>
  analyseCheckpoints(folder, { ...request, out: join(folder, 'analysis'), ...changes }, builtinPlugins, () => {});

function writeNpz(path: string, arrays: Readonly<Record<string, NpyArray>>): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, encodeNpz(new Map(Object.entries(arrays))));
}

/** Noise of unit variance over cols, 24 x 48, and a level of its own that grows with the checkpoint. */
function noiseAndSpike(spike: number): NpyArray {
  const random = createRandomSource(3, 'checkpoint');
  const [rows, cols] = [24, 48];
  const data = Float64Array.from({ length: rows * cols }, () => random.normal() / Math.sqrt(cols));
  const [u, v] = [rows, cols].map((n) => Float64Array.from({ length: n }, () => 1 / Math.sqrt(n)));
  for (let i = 0; i < rows; i++) for (let j = 0; j < cols; j++) data[i * cols + j] += spike * u[i] * v[j];
  return float64(data, [rows, cols]);
}

function threeCheckpoints(): string {
  const folder = newFolder();
  [0, 90, 1000].forEach((step, k) => {
    writeNpz(join(folder, `step-${step}.npz`), { 'fc.weight': noiseAndSpike(3 * k), bias: float64([1, 2]) });
  });
  return folder;
}

describe('the order of checkpoints', () => {
  it('is that of the last number in their names, read as a number; other files do not count', () => {
    const folder = newFolder();
    for (const name of ['run2-step-1000.npz', 'run2-step-900.npz', 'run2-step-00.npz', 'notes.txt', '.hidden-3.npz']) {
      writeFileSync(join(folder, name), '');
    }
    mkdirSync(join(folder, 'checkpoint-20000'));
    writeFileSync(join(folder, 'checkpoint-20000', 'model.safetensors'), '');
    writeFileSync(join(folder, 'checkpoint-20000', 'optimizer.pt'), '');
    mkdirSync(join(folder, 'analysis'));
    expect(listCheckpoints(folder).found.map(({ number }) => number)).toEqual([0, 900, 1000, 20000]);
  });

  it.each([
    ['no checkpoints', [], 'holds no checkpoints (and no results: there is no manifest.json)'],
    ['names without a number', ['first.npz', 'final.npz'], 'has no step number in its name; rename it'],
    ['a number twice', ['a1.npz', 'b01.npz'], 'a1.npz and b01.npz both have the number 1; move one of them away'],
    [
      'a step twice',
      ['step=2000.npz', 'step=2000-v1.npz', 'step=1.npz'],
      'step=2000-v1.npz and step=2000.npz both have step 2000',
    ],
    [
      'two numbers that vary',
      ['a1-b2.npz', 'a2-b3.npz'],
      'several numbers differ between a1-b2.npz and a2-b3.npz, and none is called a step',
    ],
    [
      'files that are no parts of one',
      ['1/a.npz', '1/b.npz', '2/a.npz'],
      'holds a.npz, b.npz: a checkpoint is one file, or shards',
    ],
    ['a shard that is missing', ['1/model-00001-of-00002.npz', '2/m.npz'], 'holds 1 of 2 shards of model'],
    [
      'checkpoints of PyTorch',
      ['a-1.pt', 'a-2.pt'],
      'a-1.pt and 1 more: files of PyTorch, which are pickles and can run code, are not read; this line of Python',
    ],
    [
      'checkpoints of PyTorch in folders',
      ['checkpoint-1/pytorch_model.bin'],
      'checkpoint-1/pytorch_model.bin: files of PyTorch, which',
    ],
    [
      'checkpoints of Keras',
      ['w.01.h5', 'w.02.h5'],
      'w.01.h5 and 1 more: files of HDF5, such as Keras writes, are not read',
    ],
  ])('%s', (_what, names, message) => {
    const folder = newFolder();
    for (const name of names) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), '');
    }
    expect(() => listCheckpoints(folder)).toThrow(message);
  });

  it('a folder that is not there', () => {
    expect(() => listCheckpoints('/nowhere/at/all')).toThrow('is no folder; name one with checkpoints');
  });
});

describe('a trajectory of checkpoints', async () => {
  const folder = threeCheckpoints();
  const { result, evidence } = await analyse(folder);
  const series = (channel: string) => {
    const found = result.series.get(channel);
    if (!found) throw new Error(`no channel ${channel}; there are ${[...result.series.keys()]}`);
    return found;
  };

  it('has its true steps, and learning times of the learning rate that was named', () => {
    expect([...series('levels-fc_weight.levels').step]).toEqual([0, 90, 1000]);
    expect([...series('levels-fc_weight.levels').time]).toEqual([0, expect.closeTo(9, 12), expect.closeTo(100, 12)]);
  });

  it('shows the level that has left the bulk', () => {
    const outliers = [...series('bulk-fc_weight.outliers').data];
    expect(outliers[0]).toBe(0);
    expect(outliers.slice(1)).toEqual([1, 1]);
    const [{ layer, values }] = evidence;
    expect(layer).toBe('fc.weight');
    // A spike of strength s over noise of unit variance / cols: (1 + s^2)(1 + r/s^2), r = rows/cols (Baik and others).
    expect(values['largest level last']).toBeCloseTo((1 + 36) * (1 + 0.5 / 36), -1);
    expect(values['outliers last']).toBe(1);
    expect(values['entry variance growth']).toBeCloseTo(1, 1);
    expect(values.temperature).toBe(0.025);
  });

  it('is left as a results folder, with evidence', () => {
    const out = join(folder, 'analysis');
    const table = readFileSync(join(out, 'evidence.csv'), 'utf8').trim().split('\n');
    expect(table.length).toBe(2);
    expect(table[0]).toContain('largest level growth');
    expect(existsSync(join(out, 'manifest.json'))).toBe(true);
    expect(readFileSync(join(out, 'manifest.json'), 'utf8')).not.toContain(folder);
  });

  it('counts epochs as steps where told how many they are', async () => {
    const { result: epochs } = await analyse(folder, { stepsPerNumber: 1000, out: join(newFolder(), 'out') });
    expect([...(epochs.series.get('span-fc_weight.logarithm')?.step ?? [])]).toEqual([0, 90_000, 1_000_000]);
  });
});

describe('mistakes', () => {
  it.each([
    ['no layer', [], 'step-0.npz: name its layers with --layers; matrices in it: fc.weight'],
    ['a layer that is not there', ['fc.weigth'], 'no array called "fc.weigth"; did you mean "fc.weight"?'],
    ['a layer that is no matrix', ['bias'], '"bias" is no matrix; matrices in it: fc.weight'],
    ['a pattern of nothing', ['conv*'], 'no matrix has a name like conv*; matrices in it: fc.weight'],
  ])('%s', async (_what, layers, message) => {
    const folder = threeCheckpoints();
    await expect(analyse(folder, { layers })).rejects.toThrow(message);
    expect(existsSync(join(folder, 'analysis'))).toBe(false);
  });

  it('a layer that changes its shape', async () => {
    const folder = threeCheckpoints();
    writeNpz(join(folder, 'step-2000.npz'), { 'fc.weight': float64(new Float64Array(6), [2, 3]) });
    await expect(analyse(folder)).rejects.toThrow(
      'step-2000.npz: "fc.weight" has shape (2, 3), in the first checkpoint it is 24 x 48',
    );
    expect(existsSync(join(folder, 'analysis'))).toBe(false);
  });

  it('the command says what can be named, and what does not belong', async () => {
    const folder = threeCheckpoints();
    const say = async (...args: string[]) => {
      const { status, stderr } = await eigenflow(folder, ['analyse', '.', ...args]);
      return `${status} ${stderr}`;
    };
    expect(await say()).toMatch(/^2 .*name its layers with --layers; matrices in it: fc\.weight/s);
    expect(await say('--learning-rate', '-1')).toMatch(/^2 .*expected a positive number/s);
    expect(await say('--momentum', '1')).toMatch(/^2 .*expected a number from 0 to below 1/s);
    expect(await say('--layers', 'all', '--optimiser', 'momentum')).toMatch(/^2 .*--momentum: is missing/s);
    expect(await say('--layers', 'all', '--observers', 'sharpness')).toMatch(
      /^2 .*--observers: \. is no results folder/s,
    );
  });
});

it('the command draws the flow of levels and writes tables', async () => {
  const folder = threeCheckpoints();
  const args = ['--layers', ' fc.weight, fc.weight', '--learning-rate', '.1', '--batch-size', '4', '--out', 'found'];
  const { status, stdout, stderr } = await eigenflow(folder, ['analyse', '.', ...args]);
  expect(`${status} ${stderr}`).toMatch(/^0 /);
  expect(stdout).toContain('3 checkpoints');
  expect(stdout).toMatch(/outliers last +1\n/);
  for (const file of ['evidence.csv', 'dataset.csv', 'figures/levels-fc_weight.svg', 'figures/levels-fc_weight.csv']) {
    expect(existsSync(join(folder, 'found', file)), file).toBe(true);
  }
  const again = await eigenflow(folder, ['run', 'found']);
  expect(again.status).toBe(2);
  const twice = await eigenflow(folder, ['analyse', 'found']);
  expect(twice.stderr).toContain('found: is an analysis of checkpoints: there is nothing to compute');
  expect(again.stderr).toContain(
    'found: is an analysis of checkpoints: there is nothing to compute; "eigenflow analyse"',
  );
});

const here = dirname(fileURLToPath(import.meta.url));
const python = resolve(here, '../../.venv/bin/python');
const isReady = existsSync(python);
const inCi = !['', 'false', undefined].includes(process.env.CI);
if (!isReady && !inCi) {
  console.warn('Skipped: Python is not installed. Run "sh test/python/setup.sh" once, then test again.');
}

describe.skipIf(!isReady && !inCi)('files that Python has written', async () => {
  const folder = newFolder();
  if (isReady) execFileSync(python, [join(here, '../python/write_checkpoints.py'), folder]);
  const expected = isReady ? JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')) : {};
  const layers = ['net.0.weight', 'net.2.weight'];

  it.each(['.', 'npz'])('checkpoints in %s have the levels that numpy finds', async (where) => {
    const { result } = await analyse(join(folder, where), { layers });
    for (const layer of layers) {
      const series = result.series.get(`levels-${layer.replace(/\W+/g, '_')}.levels`);
      expect([...(series?.step ?? [])]).toEqual([0, 900, 1000, 20000]);
      [0, 900, 1000, 20000].forEach((step, k) => {
        const levels: number[] = expected[step][layer];
        const rows = series?.shape[0] ?? 0;
        levels.forEach((level, i) => {
          expect((series?.data[k * rows + i] ?? Number.NaN) / level).toBeCloseTo(1, 9);
        });
      });
    }
  });

  it('numbers of the real package come out as they went in', () => {
    const arrays = readSafetensors(join(folder, 'numbers.data'));
    expect([...arrays.get('half').data]).toEqual([...expected.half, Number.POSITIVE_INFINITY, -0]);
    expect([...arrays.get('double').data]).toEqual([1e-300, Math.PI]);
  });
});

describe('what is kept of checkpoints', async () => {
  const folder = threeCheckpoints();
  const out = join(folder, 'analysis');
  await analyse(folder);

  it('is what is known: files, steps, layers, what was told, and no protocol', () => {
    const { checkpoints, scenario, versions } = readManifest(out);
    expect(checkpoints).toEqual({
      files: [0, 90, 1000].map((step) => ({ name: `step-${step}.npz`, step })),
      layers: [{ name: 'fc.weight', shape: [24, 48], dtype: '<f8' }],
      told: { learningRate: 0.1, batchSize: 4, stepsPerNumber: 1 },
    });
    expect(Object.keys(scenario).sort()).toEqual(['figures', 'observers', 'plugins', 'title']);
    expect(Object.keys(versions.plugins).sort()).toEqual(['spectral-statistics', 'spectrum']);
  });

  it('is what the report says, with nothing made up and a command that runs', async () => {
    const page = readFileSync(await writeReport(out, builtinFigures.figures), 'utf8').replaceAll('\u00a0', ' ');
    for (const invented of [
      'half-mean-square',
      'iid',
      'minibatch',
      'root seed',
      'seed 0',
      'recorded-weights',
      'scenario.json',
      'tanh',
      'not stored',
    ])
      expect(page).not.toContain(invented);
    for (const known of ['step-90.npz (step 90)', '24 × 48, stored as &lt;f8', 'learningRate = 0.1, batchSize = 4'])
      expect(page).toContain(known);
    expect(page).toContain('3 checkpoints of another program');
    const [, command] = /<pre>eigenflow analyse CHECKPOINTS([^\n]*)/.exec(page) ?? [];
    const again = await eigenflow(folder, ['analyse', '.', ...command.trim().split(' ')]);
    expect(`${again.status} ${again.stderr}`).toMatch(/^0 /);
  });

  it('a manifest with a record that is not as written is refused', () => {
    const copy = newFolder();
    const manifest = JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8'));
    manifest.checkpoints.files[0].step = 'zero';
    writeFileSync(join(copy, 'manifest.json'), JSON.stringify(manifest));
    expect(() => readManifest(copy)).toThrow(
      'is not as eigenflow writes it (checkpoints.files[0].step: expected a whole number',
    );
  });
});
