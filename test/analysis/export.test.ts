// Exports, read back by the libraries' own readers. What real xarray and pandas see is tested under test/python.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FileSystemStore } from '@zarrita/storage';
import h5wasm, { type Dataset as Hdf5Dataset } from 'h5wasm/node';
import { beforeAll, describe, expect, test } from 'vitest';
import * as zarr from 'zarrita';
import { blockShape, blocks } from '../../analysis/export/blocks.js';
import { describeDataset } from '../../analysis/export/dataset.js';
import { exportDataset } from '../../analysis/export/index.js';
import { temporaryFolder } from '../node/files/temporary-folder.js';
import { levelAt, lossAt, writeSyntheticStudy } from './synthetic-study.js';

const folder = temporaryFolder();
const study = join(folder, 'study');
beforeAll(() => {
  writeSyntheticStudy(study);
});

describe('the description', () => {
  test('names dimensions after axes, observers and channels', () => {
    expect(Object.fromEntries(describeDataset(study).dimensions)).toEqual({
      initialWidth: 3,
      learningRate: 2,
      activation: 2,
      seed: 2,
      'spectrum.frame': 4,
      level: 3,
      'weights.frame': 4,
      unit: 2,
      unit_2: 3,
      'loss.frame': 4,
    });
  });

  test('gives zipped axes one dimension and keeps the second as a coordinate', () => {
    const { held } = describeDataset(study);
    const batch = held.find(({ name }) => name === 'batchSize');
    expect(batch).toMatchObject({ dimensions: ['learningRate'], attributes: { units: 'samples' }, isCoordinate: true });
  });

  test('keeps step and epoch over frames alone, and time, which differs with the learning rate, over all runs', () => {
    const { held, measured } = describeDataset(study);
    expect(held.find(({ name }) => name === 'spectrum.step')?.values).toEqual(BigInt64Array.of(0n, 1n, 10n, 100n));
    expect(measured.find(({ name }) => name === 'spectrum.time')?.dimensions).toEqual([
      'initialWidth',
      'learningRate',
      'activation',
      'seed',
      'spectrum.frame',
    ]);
  });
});

test('blocks tile the grid without gap or overlap, whatever their size', () => {
  for (const weights of [
    [2, 3],
    [150, 150],
  ] as const) {
    const path = join(folder, `tiles-${weights[0]}`);
    writeSyntheticStudy(path, { weights, widths: [1, 2, 3, 4, 5], status: () => 'completed' });
    const dataset = describeDataset(path);
    const seen: string[] = [];
    for (const { start, shape } of blocks(dataset)) {
      expect(shape.every((extent, axis) => extent <= blockShape(dataset)[axis])).toBe(true);
      for (let i = 0; i < shape[0]; i++)
        for (let j = 0; j < shape[1]; j++)
          for (let k = 0; k < shape[2]; k++)
            for (let l = 0; l < shape[3]; l++) seen.push(`${[start[0] + i, start[1] + j, start[2] + k, start[3] + l]}`);
    }
    expect(seen.length).toBe(5 * 2 * 2 * 2);
    expect(new Set(seen).size).toBe(seen.length);
  }
});

test('Zarr holds every number, and NaN where there is none', async () => {
  const path = await exportDataset(study, 'zarr');
  expect(path).toBe(join(study, 'dataset.zarr'));
  const root = await zarr.open(new FileSystemStore(path), { kind: 'group' });
  const levels = await zarr.get(await zarr.open(root.resolve('spectrum.levels'), { kind: 'array' }));
  expect(levels.shape).toEqual([3, 2, 2, 2, 4, 3]);
  const at = (cell: number, seed: number, frame: number, i: number) =>
    (levels.data as Float64Array)[((cell * 2 + seed) * 4 + frame) * 3 + i];
  expect(at(3, 1, 2, 1)).toBe(levelAt(3, 1, 2, 1));
  expect(at(1, 0, 2, 0)).toBe(levelAt(1, 0, 2, 0));
  expect(at(1, 0, 3, 0)).toBeNaN();
  expect(at(2, 1, 0, 0)).toBeNaN();
  const metadata = JSON.parse(readFileSync(join(path, 'zarr.json'), 'utf8'));
  expect(metadata.consolidated_metadata.metadata['spectrum.levels'].dimension_names[4]).toBe('spectrum.frame');
});

test('netCDF holds the same numbers with dimension scales', async () => {
  const path = await exportDataset(study, 'netcdf');
  await h5wasm.ready;
  const file = new h5wasm.File(path, 'r');
  try {
    const loss = file.get('loss.loss') as Hdf5Dataset;
    expect(loss.shape).toEqual([3, 2, 2, 2, 4]);
    expect((loss.value as Float64Array)[(5 * 2 + 1) * 4 + 3]).toBe(lossAt(5, 1, 3));
    expect(loss.get_attached_scales(1)).toEqual(['/learningRate']);
    expect((file.get('status') as Hdf5Dataset).value).toContain('missing');
  } finally {
    file.close();
  }
});

test('CSV has one row per element that was measured', async () => {
  const lines = readFileSync(await exportDataset(study, 'csv'), 'utf8')
    .trimEnd()
    .split('\n');
  expect(lines[0]).toBe(
    'run,model.initialWidth,optimiser.learningRate,noise.batchSize,model.activation,' +
      'seed,status,channel,frame,step,epoch,time,index,value',
  );
  // 21 whole runs of 4 frames and a diverged one of 3; 3 levels, 6 weights and a loss each.
  expect(lines.length).toBe(1 + (21 * 4 + 3) * 10);
  expect(lines).toContain(
    `synthetic-00003-1,0.5,0.5,2,erf,1,completed,weights.W,2,10,1.25,5,1;2,${levelAt(3, 1, 2, 105)}`,
  );
});

test('frames of different shapes are padded with NaN', async () => {
  const path = join(folder, 'ragged');
  writeSyntheticStudy(path, {
    widths: [1],
    rates: [1],
    activations: ['tanh'],
    seeds: 2,
    levels: 2,
    status: () => 'completed',
  });
  const wider = join(folder, 'wider');
  writeSyntheticStudy(wider, {
    widths: [1],
    rates: [1],
    activations: ['tanh'],
    seeds: 2,
    levels: 5,
    status: () => 'completed',
  });
  writeFileSync(
    join(path, 'runs', 'synthetic-00000-1.npz'),
    readFileSync(join(wider, 'runs', 'synthetic-00000-1.npz')),
  );
  const dataset = describeDataset(path);
  const levels = dataset.measured.find(({ name }) => name === 'spectrum.levels');
  expect(levels?.runShape).toEqual([4, 5]);
  const [block] = blocks(dataset);
  const values = levels && block.values(levels);
  expect([...(values?.subarray(0, 10) ?? [])]).toEqual([
    levelAt(0, 0, 0, 0),
    levelAt(0, 0, 0, 1),
    ...[Number.NaN, Number.NaN, Number.NaN],
    levelAt(0, 0, 1, 0),
    levelAt(0, 0, 1, 1),
    ...[Number.NaN, Number.NaN, Number.NaN],
  ]);
  expect(values?.[20 + 4]).toBe(levelAt(0, 1, 0, 4));
});

describe('the place of an export', () => {
  test.each(['zarr', 'netcdf', 'csv', 'parquet'] as const)('%s replaces its own older export', async (format) => {
    const out = join(folder, `again.${format}`);
    await exportDataset(study, format, out);
    expect(await exportDataset(study, format, out)).toBe(out);
    expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  test('what is not an export is left alone', async () => {
    const file = join(folder, 'thesis.csv');
    writeFileSync(file, 'my only copy\n');
    await expect(exportDataset(study, 'csv', file)).rejects.toThrow(/not an eigenflow export, so it is left alone/);
    expect(readFileSync(file, 'utf8')).toBe('my only copy\n');
    const directory = join(folder, 'photos.zarr');
    mkdirSync(directory);
    await expect(exportDataset(study, 'zarr', directory)).rejects.toThrow(/left alone/);
  });

  test('a damaged run is named and nothing is left behind', async () => {
    const path = join(folder, 'damaged');
    const [row] = writeSyntheticStudy(path);
    writeFileSync(join(path, 'runs', `${row.id}.npz`), 'not a zip');
    for (const format of ['zarr', 'netcdf', 'csv', 'parquet'] as const) {
      await expect(exportDataset(path, format)).rejects.toThrow(`${row.id}.npz`);
    }
    expect(readdirSync(path).sort()).toEqual(['manifest.json', 'runs', 'runs.csv']);
  });

  test('a run whose file is gone is missing', async () => {
    const path = join(folder, 'gone');
    const [row] = writeSyntheticStudy(path);
    rmSync(join(path, 'runs', `${row.id}.npz`));
    expect(existsSync(await exportDataset(path, 'csv'))).toBe(true);
    await expect(exportDataset(join(folder, 'nowhere'), 'zarr')).rejects.toThrow(/not a results folder/);
  });
});
