// Several parts make one map: what differs between them becomes an axis, and what cannot be one is refused. A map can be
// judged anew under other conventions from its columns alone.
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { definitionsOf } from '../../analysis/advice/map-definitions.js';
import { readMapFile } from '../../analysis/advice/map-file.js';
import { readMap } from '../../analysis/advice/read-map.js';
import { openMap } from '../../analysis/advice/reading.js';
import { exportDataset } from '../../analysis/export/index.js';
import { orderParameters } from '../../plugins/phases/order-parameters.js';
import { smallMap } from '../node/small-map.js';
import { compute, newFolder } from '../node/studies.js';

const ends = { at: [0, 'end'] } as const;
const judged = {
  ...smallMap,
  observers: {
    ...smallMap.observers,
    saturated: { use: 'saturated-fraction', when: ends },
    span: { use: 'span-growth', block: 'W', when: ends },
    alignment: { use: 'field-alignment', when: ends },
  },
  classifier: { use: 'order-parameters' },
  sweep: { axes: { 'model.initialWidth': [0.5, 4, 32], 'optimiser.learningRate': [0.25, 4, 64] }, seeds: 2 },
};

describe('parts of one map', () => {
  let [long, short, foreign, merged] = ['', '', '', ''];
  beforeAll(async () => {
    long = (await compute(judged)).out;
    const other = { epochs: 10, noise: { ...judged.noise, batchSize: 8 } };
    short = (await compute({ ...judged, ...other })).out;
    foreign = (await compute({ ...judged, ...other, seed: 4 })).out;
    merged = await exportDataset([long, short], 'map', join(newFolder(), 'merged'), 'Both');
  });

  test('have a row for every run, and what differs between them as axes', () => {
    const { file, rows } = readMapFile(merged);
    expect(file.title).toBe('Both');
    expect(file.axes.map(({ name }) => name)).toEqual([
      'model.initialWidth',
      'optimiser.learningRate',
      'noise.batchSize',
      'epochs',
    ]);
    expect(rows).toHaveLength(36);
    expect(new Set(rows.map((row) => `${row.cell('noise.batchSize')} ${row.cell('epochs')}`))).toEqual(
      new Set(['4 20', '8 10']),
    );
    expect(file.parts?.map(({ scenario }) => scenario.epochs)).toEqual([20, 10]);
    expect(file.smoothness['order-parameters'].lengths).toHaveLength(4);
    const map = openMap(readMap(merged), true);
    expect(map).toMatchObject({ batchSizes: [4, 8], lengths: [10, 20], instances: 2, runs: 36 });
  });

  test('may be maps themselves, and the same run is there once', async () => {
    const again = await exportDataset([merged, short], 'map', join(newFolder(), 'again'));
    expect(readMapFile(again).rows).toHaveLength(36);
  });

  test('have the same instances: another root seed is refused', async () => {
    await expect(exportDataset([long, foreign], 'map', join(newFolder(), 'no'))).rejects.toThrow(/another seed$/);
  });

  test('make no other data set', async () => {
    await expect(exportDataset([long, short], 'csv', join(newFolder(), 'no.csv'))).rejects.toThrow(/--format map only/);
  });

  test('are judged anew from their columns: by the same conventions to the same labels, by others to others', () => {
    const definitions = definitionsOf(openMap(readMap(merged), true), [merged], [orderParameters]);
    const labels = (name: string) =>
      definitions.find((one) => one.name === name)?.map.data.runs.map(({ label }) => label);
    const own = readMap(merged).runs.map(({ label }) => label);
    expect(labels('as it is')).toEqual(own);
    expect(labels('jammedFraction 0.3')).not.toEqual(own);
    expect(definitions.map(({ name }) => name)).toEqual([
      'as it is',
      'jammedFraction 0.3',
      'jammedFraction 0.7',
      'runawayGrowth 5',
      'runawayGrowth 20',
    ]);
  });
});
