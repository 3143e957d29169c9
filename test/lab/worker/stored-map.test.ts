// An exported map in the page: its slices are drawn from its table, and a run of it is held to the digits that it has.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { lastValueFrom } from 'rxjs';
import { beforeAll, describe, expect, test } from 'vitest';
import { exportMap } from '../../../analysis/advice/export-map.js';
import { gather } from '../../../core/engine/gather.js';
import { run } from '../../../core/engine/run.js';
import { openMemory } from '../../../core/kernels/arena.js';
import { parseScenario } from '../../../core/scenario/parse.js';
import { type RunConfig, resolveScenario } from '../../../core/scenario/resolve.js';
import type { MapTable } from '../../../lab/protocol.js';
import { registryOf } from '../../../lab/worker/plugins.js';
import { type ExportedMap, openStoredMap } from '../../../lab/worker/stored-map.js';
import { smallMap } from '../../node/small-map.js';
import { compute, newFolder } from '../../node/studies.js';

const load = (path: string): never => {
  throw new Error(`no file ${path}`);
};
const registry = await registryOf(smallMap.plugins);
const open = (folder: string) =>
  openStoredMap(folder, (scenario) => resolveScenario(parseScenario(scenario), registry, load).runs);

const WIDTHS = [0.25, 1, 4];
let folder: string;
let map: ExportedMap;
beforeAll(async () => {
  const { out } = await compute({
    ...smallMap,
    sweep: { axes: { 'model.initialWidth': WIDTHS, 'optimiser.learningRate': [0.5, 4, 64] }, seeds: 2 },
  });
  folder = join(newFolder(), 'map');
  await exportMap([out], folder);
  map = open(folder);
});

const draw = (name: string) => {
  const view = map.maps.find((each) => each.name === name);
  if (!view) throw new Error(`no map ${name}: ${map.maps.map((each) => each.name).join(', ')}`);
  return map.draw(view, {});
};

test('there is a map of every classifier and of every number, phases first', () => {
  expect(map.maps.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['label.outcome', 'loss.loss last', 'spectrum.levels[0] last']),
  );
  expect(map.maps[0].name).toBe('label.outcome');
});

test('its axes are 1 / initial width and T, and every cell has the labels of its seeds', () => {
  const { table } = draw('label.outcome') as Extract<MapTable, { kind: 'phase-map' }>;
  expect(table.x.positions).toEqual(WIDTHS.map((width) => 1 / width).sort((a, b) => a - b));
  expect(table.y.positions).toEqual([0.125, 1, 16]);
  expect(table.y.label).toMatch(/^T = /);
  for (const { n, counts, leftOut } of table.cells) {
    expect(n + Object.values(leftOut).reduce((sum, count) => sum + count, 0)).toBe(2);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(n);
  }
});

test('a number that spans decades has logarithmic colours', () => {
  const { table } = draw('loss.loss last') as Extract<MapTable, { kind: 'heat-map' }>;
  const values = table.cells.map(({ value }) => value).filter(Number.isFinite);
  expect(table.color).toBe(Math.max(...values) > 100 * Math.min(...values) ? 'log' : 'linear');
});

describe('a run of it, computed again', () => {
  const again = (config: RunConfig) => lastValueFrom(gather(run(config, { registry, memory: openMemory(), load })));
  const first = () => map.at({ 'model.initialWidth': 1, 'optimiser.learningRate': 0.5 })[0];
  const configOf = (from: ExportedMap, id: string) => {
    const config = from.config(id);
    if (typeof config === 'string') throw new Error(config);
    return config;
  };

  test('agrees to eight digits, and it is said how many numbers that are', async () => {
    const { id, seed } = first();
    expect(seed).toBe(0);
    const replay = map.compare(id, await again(configOf(map, id)));
    expect(replay).toMatchObject({ verdict: 'same digits', digits: 8 });
    // Loss and overlap, the largest and the smallest level: first and last each.
    expect(replay).toMatchObject({ numbers: 8 });
  });

  test('is found where another version of eigenflow has given it another name', async () => {
    const renamed = join(newFolder(), 'map');
    const { id } = first();
    await copyMap(renamed, (text) => text.replaceAll(id, 'ffffffffffffffffffff'));
    const other = open(renamed);
    const config = configOf(other, 'ffffffffffffffffffff');
    expect(other.compare('ffffffffffffffffffff', await again(config))).toMatchObject({ verdict: 'same digits' });
  });

  test('a digit that somebody has changed is found out by the name of its column', async () => {
    const changed = join(newFolder(), 'map');
    const { id } = first();
    await copyMap(changed, (text) =>
      text
        .split('\n')
        .map((line) =>
          line.startsWith(id)
            ? line.replace(/(\d)(,[^,]*)$/, (_, digit, rest) => `${(Number(digit) + 1) % 10}${rest}`)
            : line,
        )
        .join('\n'),
    );
    const other = open(changed);
    const replay = other.compare(id, await again(configOf(other, id)));
    expect(replay).toMatchObject({ verdict: 'other bits', proof: 'digits' });
    expect(replay).toHaveProperty('message', expect.stringMatching(/overlap\.q first is .*, and the map has /));
  });

  async function copyMap(to: string, change: (runs: string) => string): Promise<void> {
    const { mkdirSync, copyFileSync } = await import('node:fs');
    mkdirSync(to);
    copyFileSync(join(folder, 'map.json'), join(to, 'map.json'));
    writeFileSync(join(to, 'runs.csv'), change(readFileSync(join(folder, 'runs.csv'), 'utf8')));
  }
});

test('a map of several parts has axes for what they do not share, and a slice says nothing of other parts', () => {
  const shipped = open('maps/tanh-teacher-student');
  expect(shipped.axes.map(({ name }) => name)).toEqual([
    'model.initialWidth',
    'optimiser.learningRate',
    'epochs',
    'noise.batchSize',
  ]);
  const view = shipped.maps.find(({ name }) => name === 'label.order-parameters');
  const tables = [1, 16].map((batch) => view && shipped.draw(view, { epochs: 1000, 'noise.batchSize': batch }).table);
  for (const table of tables) {
    expect(table?.runs).toBeGreaterThan(0);
    expect(Object.keys(table?.leftOut ?? {})).not.toContain('unlabelled');
  }
  // T is the learning rate over the batch size of the slice.
  const [one, sixteen] = tables.map((table) => table?.y);
  expect(one?.positions[0]).toBe(one?.values[0]);
  expect(sixteen?.positions[0]).toBe((sixteen?.values[0] as number) / 16);
});
