// Checkpoints as people have them: one of them, shards, nested folders, final weights beside the others, names of layers of
// all kinds, numbers that are none; and a second analysis in place of the first.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openCheckpoint } from '../../analysis/stored/checkpoint-arrays.js';
import { listCheckpoints } from '../../analysis/stored/checkpoint-files.js';
import { analyseCheckpoints, type CheckpointRequest } from '../../analysis/stored/checkpoints.js';
import { layerSentence, noiseDistance } from '../../analysis/stored/layer-sentence.js';
import { chooseLayers, observerName } from '../../analysis/stored/layers.js';
import { faultText } from '../../analysis/stored/weight-faults.js';
import { createRandomSource } from '../../core/statistics/random-source.js';
import { fitMarchenkoPastur } from '../../core/theory/random-matrix/marchenko-pastur-fit.js';
import { float64 } from '../../node/files/npy.js';
import { encodeNpz } from '../../node/files/npz.js';
import { builtinPlugins } from '../../plugins/builtin.js';
import { eigenflowMany } from '../cli/command.js';
import { wishartSpectra } from '../core/theory/random-matrix/ensembles.js';
import { newFolder } from './studies.js';

const [ROWS, COLS] = [12, 24];

function noise(seed: number, change: (data: Float64Array) => void = () => {}) {
  const random = createRandomSource(seed, 'checkpoint inputs');
  const data = Float64Array.from({ length: ROWS * COLS }, () => random.normal() / Math.sqrt(COLS));
  change(data);
  return float64(data, [ROWS, COLS]);
}

type Arrays = Readonly<Record<string, ReturnType<typeof noise>>>;

function folderOf(files: Readonly<Record<string, Arrays | string>>): string {
  const folder = newFolder();
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, typeof content === 'string' ? content : encodeNpz(new Map(Object.entries(content))));
  }
  return folder;
}

const analyse = (folder: string, changes: Partial<CheckpointRequest> = {}) =>
  analyseCheckpoints(
    folder,
    { layers: ['all'], stepsPerNumber: 1, out: join(newFolder(), 'out'), ...changes },
    builtinPlugins,
    () => {},
  );

describe('a layout', () => {
  it('of shards is read together by its index, or by the numbers in the names', () => {
    const index = JSON.stringify({ weight_map: { a: 'model-00001-of-00002.npz', b: 'model-00002-of-00002.npz' } });
    const parts = (step: number) => ({
      [`checkpoint-${step}/model-00001-of-00002.npz`]: { a: noise(1) },
      [`checkpoint-${step}/model-00002-of-00002.npz`]: { b: noise(2) },
    });
    const folder = folderOf({ ...parts(500), ...parts(1000), 'checkpoint-500/model.safetensors.index.json': index });
    const { found } = listCheckpoints(folder);
    expect(found.map(({ number, files }) => [number, files.length])).toEqual([
      [500, 2],
      [1000, 2],
    ]);
    const arrays = openCheckpoint(found[0]);
    expect(arrays.names).toEqual(['a', 'b']);
    expect([...arrays.get('b').data]).toEqual([...noise(2).data]);
    expect(listCheckpoints(join(folder, 'checkpoint-500')).found[0].files.length).toBe(2);
  });

  it('whose index names a shard that is not there is refused by the name of the shard', () => {
    const index = JSON.stringify({ weight_map: { a: 'model-00001-of-00002.npz', b: 'model-00002-of-00002.npz' } });
    const folder = folderOf({
      'step-1/model-00001-of-00002.npz': { a: noise(1) },
      'step-1/model.safetensors.index.json': index,
      'step-2.npz': { a: noise(1) },
    });
    expect(() => listCheckpoints(folder)).toThrow(
      'names model-00002-of-00002.npz, which is not there: a shard is missing',
    );
  });

  it('of nested folders is found, whatever the case of its endings', () => {
    const folder = folderOf({
      'checkpoint-500/unet/diffusion_pytorch_model.npz': { a: noise(1) },
      'checkpoint-1000/unet/diffusion_pytorch_model.npz': { a: noise(2) },
      'STEP-2000.NPZ': { a: noise(3) },
    });
    expect(listCheckpoints(folder).found.map(({ number }) => number)).toEqual([500, 1000, 2000]);
  });

  it('of several parts of a model gives each its folder as a name', () => {
    const folder = folderOf({ 'step-1/unet/w.npz': { a: noise(1) }, 'step-1/vae/w.npz': { a: noise(2) } });
    expect(openCheckpoint(listCheckpoints(folder).found[0]).names).toEqual(['unet/a', 'vae/a']);
  });

  it('with final weights at its root leaves them out, to be told', () => {
    const final = { a: noise(1) };
    const folder = folderOf({
      'checkpoint-5/model.npz': final,
      'checkpoint-10/model.npz': final,
      'model.npz': final,
      'last.npz': final,
    });
    const { found, left } = listCheckpoints(folder);
    expect(found.map(({ number }) => number)).toEqual([5, 10]);
    expect(left).toEqual(['last.npz', 'model.npz']);
  });

  it('holds results of another analysis that are not taken for a checkpoint', () => {
    const folder = folderOf({
      'step-1.npz': { a: noise(1) },
      'out2/manifest.json': '{}',
      'out2/runs/5.npz': { a: noise(1) },
    });
    expect(listCheckpoints(folder).found.length).toBe(1);
  });
});

describe('one checkpoint', () => {
  it.each([['step-7.npz'], ['model.npz']])('%s is enough for spectra', async (name) => {
    const folder = folderOf({ [name]: { 'fc.weight': noise(1) } });
    for (const target of [folder, join(folder, name)]) {
      const { evidence, result } = await analyse(target);
      expect(result.series.get('levels-fc_weight.levels')?.data.length).toBe(ROWS);
      expect(evidence[0].values['largest level growth']).toBeNaN();
      expect(layerSentence(evidence[0])).toMatch(/^fc\.weight \(12 x 24\): levels as of the law .+ above the bulk\.$/);
    }
  });

  it('needs neither learning rate nor batch size; T is said where both are, for the optimiser that is named', async () => {
    const folder = folderOf({ 'step-9.npz': { a: noise(2) } });
    const rates = ['--learning-rate', '.1', '--batch-size', '4'];
    const calls = [[], rates, [...rates, '--momentum', '0.9'], [...rates, '--optimiser', 'other']];
    const outcomes = eigenflowMany(calls.map((more) => ({ folder, args: ['analyse', '.', '--layers', 'a', ...more] })));
    expect(outcomes.map(({ status }) => status)).toEqual([0, 0, 0, 0]);
    const [plain, sgd, momentum, other] = outcomes.map(({ stdout }) => stdout);
    expect(plain).toContain('learning rate and batch size: not named; spectra need neither');
    expect(plain).not.toMatch(/^temperature|growth/m);
    expect(sgd).toMatch(/^temperature +0\.025$/m);
    expect(sgd).toContain('T and learning times are those of plain SGD; otherwise say --momentum');
    expect(momentum).toMatch(/^temperature +0\.25$/m);
    expect(other).not.toMatch(/^temperature/m);
    expect(other).toContain('not defined for an optimiser whose step has no one size');
  });
});

describe('layers', () => {
  const names = ['h.10.w', 'h.2.w', 'h.0.w', 'blocks[0,1].w', '/params/Dense_0/kernel', 'b'];
  const arrays = openCheckpoint({
    path: 'a',
    files: [
      join(
        folderOf({
          'a.npz': { ...Object.fromEntries(names.slice(0, 4).map((name) => [name, noise(1)])), b: float64([1, 2]) },
        }),
        'a.npz',
      ),
    ],
  });
  const known = {
    ...arrays,
    names,
    shapeOf: (name: string) => (name === 'b' ? [2] : [3, 4]),
    has: (name: string) => names.includes(name),
  };
  const choose = (...wanted: string[]) => chooseLayers(wanted, known);

  it('are named exactly, by patterns, or all, each once and in the order of their numbers', () => {
    expect(choose('h.10.w,h.2.w')).toEqual(['h.10.w', 'h.2.w']);
    expect(choose('h.*.w')).toEqual(['h.0.w', 'h.2.w', 'h.10.w']);
    expect(choose('h.?.w', 'h.10.w', 'h.*')).toEqual(['h.0.w', 'h.2.w', 'h.10.w']);
    expect(choose('all')).toEqual(['/params/Dense_0/kernel', 'blocks[0,1].w', 'h.0.w', 'h.2.w', 'h.10.w']);
  });

  it('may have commas and brackets in their names, and lack the slash that older numpy drops', () => {
    expect(choose('blocks[0,1].w')).toEqual(['blocks[0,1].w']);
    expect(choose('h.0.w, blocks[0,1].w ,h.2.w')).toEqual(['h.0.w', 'blocks[0,1].w', 'h.2.w']);
    expect(choose('blocks[0,*].w,h.0.w')).toEqual(['blocks[0,1].w', 'h.0.w']);
    expect(choose('params/Dense_0/kernel')).toEqual(['/params/Dense_0/kernel']);
  });

  it('are all listed, in the order of their numbers, where none is named', () => {
    expect(() => choose()).toThrow(
      'a.npz: name its layers with --layers; matrices in it: /params/Dense_0/kernel, blocks[0,1].w, h.0.w, h.2.w, h.10.w. ' +
        "A pattern such as '/params/Dense_*/kernel' or all names several",
    );
  });

  it('have observers of their own, whatever signs are in their names', () => {
    const signs = ['a', '.', '_', '-', '/', '[', '2', 'd', '\u{1f600}'];
    const all = signs.flatMap((a) => signs.flatMap((b) => signs.flatMap((c) => signs.map((d) => a + b + c + d))));
    const made = all.map((layer) => observerName('levels', layer));
    expect(new Set(made).size).toBe(all.length);
    expect(made.every((name) => /^[A-Za-z0-9_-]+$/.test(name))).toBe(true);
    expect(observerName('levels', 'h.0.attn.c_attn.weight')).toBe('levels-h_0_attn_c-attn_weight');
  });

  it('whose names differ in signs alone are both analysed', async () => {
    const folder = folderOf({
      '1.npz': { 'net.0.weight': noise(1), net_0_weight: noise(2) },
      '2.npz': { 'net.0.weight': noise(1), net_0_weight: noise(2) },
    });
    const { evidence } = await analyse(folder, { layers: ['net.0.weight,net_0_weight'] });
    expect(evidence.map(({ layer }) => layer)).toEqual(['net.0.weight', 'net_0_weight']);
    expect(evidence[0].values['largest level last']).not.toBe(evidence[1].values['largest level last']);
  });
});

describe('weights that are no numbers', () => {
  const folder = folderOf({
    'step-100.npz': { w: noise(1) },
    'step-200.npz': {
      w: noise(1, (data) => {
        data[COLS + 3] = Number.NaN;
        data[COLS + 5] = Number.NaN;
      }),
    },
    'step-300.npz': {
      w: noise(1, (data) => {
        data[2] = Number.NEGATIVE_INFINITY;
      }),
    },
  });

  it('are told with file, layer and place, on the screen and in the results', async () => {
    const { faults, out, evidence } = await analyse(folder);
    expect(faults.map(({ what, at, count }) => [what, at, count])).toEqual([
      ['NaN', [1, 3], 2],
      ['an infinite number', [0, 2], 1],
    ]);
    expect(readFileSync(join(out, 'manifest.json'), 'utf8')).toContain(
      'step-200.npz: w holds NaN at [1, 3] (2 of 288 numbers',
    );
    expect(layerSentence(evidence[0])).toBe('w (12 x 24): no bulk was fitted; growth is not known.');
    expect(faultText(faults[1])).toMatch(
      /step-300\.npz: w holds an infinite number at \[0, 2\] \(1 of 288 numbers are not finite\): no spectrum there$/,
    );
  });
});

describe('a second analysis', () => {
  const folder = folderOf({ 'step-1.npz': { a: noise(1), b: noise(2) }, 'step-2.npz': { a: noise(1), b: noise(3) } });

  it('takes the place of the first, with its run, figures, tables and report', () => {
    const call = (...args: string[]) => ({ folder, args });
    const outcomes = eigenflowMany([
      call('analyse', '.', '--layers', 'a'),
      call('report', 'analysis'),
      call('export', 'analysis'),
      call('analyse', '.', '--layers', 'b'),
      call('status', 'analysis'),
    ]);
    expect(outcomes.map(({ status, stderr }) => [status, stderr])).toEqual(Array(5).fill([0, '']));
    expect(readdirSync(join(folder, 'analysis')).sort()).toEqual([
      'dataset.csv',
      'evidence.csv',
      'figures',
      'manifest.json',
      'runs',
      'runs.csv',
    ]);
    expect(readdirSync(join(folder, 'analysis', 'runs')).length).toBe(1);
    const figures = readdirSync(join(folder, 'analysis', 'figures'));
    expect(figures.length).toBe(8);
    expect(figures.every((name) => /^(levels|bulk)-b\./.test(name))).toBe(true);
    expect(outcomes[4].stdout).toBe(
      `${JSON.parse(readFileSync(join(folder, 'analysis', 'manifest.json'), 'utf8')).title}\n  runs      1\n  completed 1\n  missing   0\n`,
    );
  });

  it('that fails leaves the first as it was', async () => {
    const { out } = await analyse(folder, { layers: ['a'] });
    const before = readFileSync(join(out, 'evidence.csv'), 'utf8');
    await expect(analyse(folder, { layers: ['c'], out })).rejects.toThrow('no array called "c"');
    expect(readFileSync(join(out, 'evidence.csv'), 'utf8')).toBe(before);
  });

  it('refuses a folder of something else', async () => {
    const own = folderOf({ 'notes/thesis.txt': 'years of work' });
    await expect(analyse(folder, { out: join(own, 'notes') })).rejects.toThrow('holds other files and no results');
    expect(readdirSync(join(own, 'notes'))).toEqual(['thesis.txt']);
    expect(existsSync(join(own, 'notes', 'runs'))).toBe(false);
  });
});

it('numbers of epochs with decimals become steps where they can', async () => {
  const folder = folderOf({ 'ckpt_0.5.npz': { a: noise(1) }, 'ckpt_1.5.npz': { a: noise(2) } });
  const { result } = await analyse(folder, { stepsPerNumber: 100 });
  expect([...(result.series.get('levels-a.levels')?.step ?? [])]).toEqual([50, 150]);
  await expect(analyse(folder)).rejects.toThrow('its number 1.5 x --steps-per-number 1 is no whole number of steps');
});

it.each([
  [8, 16],
  [32, 32],
])('the distance that noise exceeds once in a hundred is that of %d x %d matrices', (rows, cols) => {
  const count = 400;
  const n = Math.min(rows, cols);
  const beyond = wishartSpectra(rows, cols, count, 5).filter(
    (levels) => fitMarchenkoPastur(levels, rows, cols).distance > noiseDistance(n),
  ).length;
  // 1 % of 400 is 4: a bound that were met three times as often, or never, would fail.
  expect(beyond).toBeGreaterThan(0);
  expect(beyond).toBeLessThan(12);
});
