// A sweep over the length of the run: its axis has the name of something that tables say of every run or frame.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { describeDataset } from '../../analysis/export/dataset.js';
import { exportDataset } from '../../analysis/export/index.js';
import { readRunGrid } from '../../analysis/export/run-grid.js';
import type { Scenario } from '../../core/scenario/scenario.js';
import { smallMap } from './small-map.js';
import { compute } from './studies.js';

const { classifier: _classifier, observers: _observers, epochs: _epochs, ...rest } = smallMap;
const sweptLength = (length: 'steps' | 'epochs' | 'time'): Scenario => ({
  ...rest,
  observers: { loss: { use: 'full-loss', when: { at: [0, 'end'] } } },
  sweep: { axes: { [length]: [2, 3], 'noise.batchSize': [4, 8] }, seeds: 2 },
});

const header = (file: string) => readFileSync(file, 'utf8').split('\n')[0].split(',');

describe.each(['steps', 'epochs', 'time'] as const)('%s', (length) => {
  it('has a dimension of its own, beside what is said of runs and frames', async () => {
    const { out, rows } = await compute(sweptLength(length));
    const { held, dimensions } = describeDataset(out);
    expect([...dimensions.keys()].slice(0, 3)).toEqual([`sweep.${length}`, 'batchSize', 'seed']);
    expect(new Set(held.map(({ name }) => name)).size).toBe(held.length);
    const axis = held.find(({ name }) => name === `sweep.${length}`);
    expect(axis).toMatchObject({ shape: [2], attributes: { long_name: length } });
    const made = held.find(({ name }) => name === 'steps');
    expect(made?.shape).toEqual([2, 2, 2]);
    expect([...(made?.values ?? [])]).toEqual(rows.map(({ steps }) => steps));
    for (const file of [join(out, 'runs.csv'), await exportDataset(out, 'csv')]) {
      const names = header(file);
      expect(names).toContain(`sweep.${length}`);
      expect(new Set(names).size, file).toBe(names.length);
    }
    for (const format of ['zarr', 'netcdf', 'parquet'] as const) await exportDataset(out, format);
  });

  it('is read from tables that name it by its path', async () => {
    const { out } = await compute(sweptLength(length));
    const { runs } = readRunGrid(out);
    expect(runs).not.toContain(undefined);
    const table = join(out, 'runs.csv');
    writeFileSync(table, readFileSync(table, 'utf8').replace(`sweep.${length}`, length));
    expect(readRunGrid(out).runs).toEqual(runs);
  });
});
