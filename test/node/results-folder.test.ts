// A results folder: what it holds, what it refuses, how it grows, and how it recovers from what was lost.
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { exportDataset } from '../../analysis/export/index.js';
import { readRunGrid } from '../../analysis/export/run-grid.js';
import type { Scenario } from '../../core/scenario/scenario.js';
import { readNpz } from '../../node/files/npz.js';
import { openResults } from '../../node/results/open-results.js';
import { readManifest, scenarioOfRuns } from '../../node/results/results-folder.js';
import { formatRunsTable, parseRunsTable, type RunRow } from '../../node/results/runs-table.js';
import { type Computed, compute, digestsOf, eightRuns, newFolder } from './studies.js';

const fourRuns: Scenario = {
  ...eightRuns,
  plugins: [...eightRuns.plugins, 'phases'],
  steps: 100,
  observers: {
    state: { use: 'weights', block: 'W', when: { at: [0, 'end'] } },
    loss: { use: 'full-loss', when: { at: [0, 'end'] } },
    spectrum: { use: 'gram-spectrum', block: 'W', when: { at: [0, 'end'] } },
    overlap: { use: 'overlap', when: { at: [0, 'end'] } },
  },
  sweep: { axes: { 'model.initialWidth': [0.5, 2] }, seeds: 2 },
};

const tableOf = (out: string) => readFileSync(join(out, 'runs.csv'), 'utf8');
/** What the manifest says of the grid. */
const extentOf = (out: string) => {
  const { scenario, axes, seeds, channels } = readManifest(out);
  return { scenario, axes, seeds, channels };
};
const withoutSeconds = (rows: readonly RunRow[]) => rows.map(({ seconds: _seconds, ...row }) => row);

describe('what is stored', () => {
  it('a run: every channel with its true steps, epochs and times, the status, the steps, the seed', async () => {
    const { out, rows } = await compute({ ...fourRuns, optimiser: { use: 'sgd', learningRate: 0.25 } });
    const arrays = readNpz(join(out, 'runs', `${rows[1].id}.npz`));
    const channels = ['state.weights', 'loss.loss', 'spectrum.levels', 'overlap.q'];
    expect(arrays.names).toEqual([
      ...channels.flatMap((name) => [name, `${name}.step`, `${name}.epoch`, `${name}.time`]),
      'run.id',
      'run.status',
      'run.steps',
      'run.seed',
      'run.trajectory',
    ]);
    expect(arrays.get('state.weights').shape).toEqual([2, 4, 8]);
    expect(arrays.get('loss.loss').shape).toEqual([2]);
    expect([...arrays.get('loss.loss.step').data]).toEqual([0, 100]);
    expect([...arrays.get('loss.loss.epoch').data]).toEqual([0, 17.5]);
    expect([...arrays.get('loss.loss.time').data]).toEqual([0, 25]);
    expect(arrays.text('run.status')).toBe('completed');
    expect(arrays.get('run.steps')).toMatchObject({ shape: [], data: Float64Array.of(100) });
    expect([...arrays.get('run.seed').data]).toEqual([1]);
  });

  it('a manifest: the scenario, versions, citations, kernels, axes with units, channels with units', async () => {
    const scenario = { ...fourRuns, classifier: { use: 'outcome' } };
    const { out } = await compute(scenario);
    const manifest = readManifest(out);
    expect(manifest.scenario).toEqual(scenario);
    expect(manifest).toMatchObject({
      format: 'eigenflow-results',
      title: 'Eight runs',
      versions: { node: process.version, eigenflow: expect.stringMatching(/^\d+\.\d+\.\d+/) },
      kernels: { name: 'strict', portable: true, hash: expect.stringMatching(/^[0-9a-f]{16}$/) },
      axes: [{ name: 'model.initialWidth', values: [0.5, 2], unit: '1', group: 0 }],
      seeds: 2,
    });
    expect(Object.keys(manifest.versions.plugins)).toEqual(scenario.plugins);
    expect(manifest.citations).toContain('arXiv:2509.01349');
    expect(manifest.channels['state.weights']).toMatchObject({ shape: [4, 8], dims: ['row', 'col'], unit: '1' });
    expect(manifest.labels.length).toBeGreaterThan(1);
  });

  it('a row per run with its label, and the evidence of every label', async () => {
    const { out, rows } = await compute({ ...fourRuns, classifier: { use: 'outcome' } });
    const { labels } = readManifest(out);
    expect(rows.every(({ label }) => labels.includes(label))).toBe(true);
    expect(parseRunsTable(tableOf(out), ['model.initialWidth'])).toEqual(
      rows.map((row) => ({ ...row, seconds: Number(row.seconds.toFixed(3)) })),
    );
    const [header, ...verdicts] = readFileSync(join(out, 'verdicts.csv'), 'utf8').trim().split('\n');
    expect(header).toMatch(/^id,model.initialWidth,seed,label,probability /);
    expect(verdicts.map((line) => line.split(',')[0])).toEqual(rows.map(({ id }) => id));
    const [cellHeader, ...cells] = readFileSync(join(out, 'cells.csv'), 'utf8').trim().split('\n');
    expect(cellHeader).toMatch(
      /^model.initialWidth,n,unlabelled,failed,copies,label,probability learned,probability learned low,/,
    );
    expect(cells.length).toBe(new Set(rows.map(({ axes }) => JSON.stringify(axes))).size);
    expect(readFileSync(join(out, 'boundaries.csv'), 'utf8')).toMatch(
      /^label,other label,along,model.initialWidth,position,/,
    );
  });

  it('the unit of an axis that has none of its own is 1', async () => {
    const axes = { 'limits.weightGrowth': [1e3, 1e4], 'observers.state.when.at': [[0], [5]], 'limits.loss': [1e3] };
    const { out } = await compute({ ...fourRuns, sweep: { axes } });
    expect(readManifest(out).axes.map(({ name, unit }) => [name, unit])).toEqual([
      ['limits.weightGrowth', '1'],
      ['observers.state.when.at', '1'],
      ['limits.loss', '1'],
    ]);
  });
});

describe('the same command again', () => {
  it('computes nothing, and says that all is stored', async () => {
    const first = await compute(fourRuns);
    const digests = digestsOf(first.out);
    const again = await compute(fourRuns, { out: first.out });
    expect(again.stored).toBe(4);
    expect(again.ended).toEqual([]);
    expect(withoutSeconds(again.rows)).toEqual(withoutSeconds(first.rows));
    expect(digestsOf(first.out)).toEqual(digests);
  });

  it('computes only what is new when the grid has grown', async () => {
    const { out, rows } = await compute(fourRuns);
    const before = rows.map(({ id }) => statSync(join(out, 'runs', `${id}.npz`)).mtimeMs);
    const grown = { ...fourRuns, sweep: { axes: { 'model.initialWidth': [0.25, 0.5, 2] }, seeds: 3 } };
    const again = await compute(grown, { out });
    expect(again.stored).toBe(4);
    expect(again.ended).toHaveLength(5);
    expect(again.rows).toHaveLength(9);
    expect(rows.map(({ id }) => statSync(join(out, 'runs', `${id}.npz`)).mtimeMs)).toEqual(before);
    expect(readManifest(out)).toMatchObject({ seeds: 3, axes: [{ values: [0.25, 0.5, 2] }] });
  });

  it('computes nothing for a part of the grid, and the folder goes on to hold all of it', async () => {
    const { out } = await compute({ ...fourRuns, classifier: { use: 'outcome' } });
    const before = [tableOf(out), readFileSync(join(out, 'verdicts.csv'), 'utf8'), extentOf(out)];
    const part = { ...fourRuns, classifier: { use: 'outcome' }, sweep: { axes: { 'model.initialWidth': [2] } } };
    const again = await compute(part, { out });
    expect(again.events[0]).toMatchObject({ type: 'started', runs: 1, stored: 1, kept: 4 });
    expect([again.rows.length, again.missing]).toEqual([1, 0]);
    expect([tableOf(out), readFileSync(join(out, 'verdicts.csv'), 'utf8'), extentOf(out)]).toEqual(before);
    expect(readRunGrid(out).runs.every((row) => row !== undefined)).toBe(true);
  });

  it('computes of a part what is missing, and says so of no other run', async () => {
    const { out, rows } = await compute(fourRuns);
    for (const { id } of [rows[0], rows[1]]) rmSync(join(out, 'runs', `${id}.npz`));
    const part = await compute({ ...fourRuns, sweep: { ...fourRuns.sweep, seeds: 1 } }, { out });
    expect(part.ended.map(({ id }) => id)).toEqual([rows[0].id]);
    expect([part.rows.length, part.missing]).toEqual([2, 0]);
    const whole = await compute(scenarioOfRuns(out, readManifest(out)), { out });
    expect(whole.ended.map(({ id }) => id)).toEqual([rows[1].id]);
  });

  it('is refused where neither grid is a part of the other, with what to add', async () => {
    const { out } = await compute(fourRuns);
    const sweep = { axes: { 'model.initialWidth': [2, 4] }, seeds: 1 };
    const text = readFileSync(join(out, 'manifest.json'), 'utf8');
    await expect(compute({ ...fourRuns, sweep }, { out })).rejects.toThrow(
      'neither grid is a part of the other. Add to the scenario what only the folder has ' +
        '(["model.initialWidth"]: [0.5]; 2 seeds), or choose another --out folder',
    );
    expect(readFileSync(join(out, 'manifest.json'), 'utf8')).toBe(text);
  });

  it('may say something else where the sweep varies it: no run uses that', async () => {
    const { out } = await compute(fourRuns);
    const changed = { ...fourRuns, model: { ...fourRuns.model, initialWidth: 3 } };
    expect((await compute(changed, { out })).ended).toEqual([]);
    expect((await compute(fourRuns, { out })).ended).toEqual([]);
  });

  it('may have another title, other figures and another classifier, which labels what is stored', async () => {
    const { out } = await compute(fourRuns);
    const changed: Scenario = { ...fourRuns, title: 'Another', description: 'text', classifier: { use: 'outcome' } };
    const again = await compute(changed, { out });
    expect(again.ended).toEqual([]);
    expect(again.rows.every(({ label }) => label !== '')).toBe(true);
    expect(readManifest(out).title).toBe('Another');
  });
});

describe('two processes with grids of their own', () => {
  const labelled: Scenario = { ...fourRuns, classifier: { use: 'outcome' } };
  const smaller: Scenario = { ...labelled, sweep: { ...fourRuns.sweep, seeds: 1 } };

  it.each([
    ['the larger one first', labelled, smaller],
    ['the smaller one first', smaller, labelled],
  ])('%s: the folder ends with the larger grid, all its rows and labels', async (_what, first, second) => {
    const out = join(newFolder(), 'out');
    let other: Promise<Computed> | undefined;
    await compute(first, {
      out,
      onEvent: ({ type }) => {
        if (type === 'ended') other ??= compute(second, { out });
      },
    });
    await other;
    // What the other process held was left to it: whoever comes last finds all of it there.
    await compute(scenarioOfRuns(out, readManifest(out)), { out });
    expect(readManifest(out)).toMatchObject({ seeds: 2, scenario: labelled });
    const grid = readRunGrid(out).runs;
    expect(grid).toHaveLength(4);
    expect(grid.every((row) => row !== undefined && row.label !== '')).toBe(true);
    expect(tableOf(out).trim().split('\n')).toHaveLength(5);
    expect(readFileSync(join(out, 'verdicts.csv'), 'utf8').trim().split('\n')).toHaveLength(5);
  });

  it('one that began with the smaller grid concludes with the larger one, which another has opened since', async () => {
    const out = join(newFolder(), 'out');
    const opened = await compute(labelled);
    let extended = false;
    const study = await compute(smaller, {
      out,
      onEvent: ({ type }) => {
        if (type !== 'ended' || extended) return;
        extended = true;
        cpSync(join(opened.out, 'manifest.json'), join(out, 'manifest.json'));
        cpSync(join(opened.out, 'runs'), join(out, 'runs'), { recursive: true });
      },
    });
    expect(study.rows).toHaveLength(2);
    expect(readRunGrid(out).runs.filter((row) => row?.label)).toHaveLength(4);
  });
});

describe('refused, and left as it is', () => {
  it.each<[string, Partial<Scenario>, string]>([
    ['another parameter', { model: { use: 'teacher-student', hidden: 9 } }, 'model'],
    ['another length', { steps: 101 }, 'steps'],
    ['another seed', { seed: 12 }, 'seed'],
    ['another observer', { observers: { loss: { use: 'full-loss' } } }, 'observers'],
    ['another axis', { sweep: { axes: { 'optimiser.momentum': [0.1] } } }, 'sweep.axes'],
    ['independent cells', { sweep: { ...fourRuns.sweep, independent: true } }, 'sweep.independent'],
  ])('a folder with results of another study: %s', async (_what, changes, difference) => {
    const { out } = await compute(fourRuns);
    const before = [tableOf(out), readFileSync(join(out, 'manifest.json'), 'utf8')];
    await expect(compute({ ...fourRuns, ...changes }, { out })).rejects.toThrow(
      new RegExp(
        `^${out}: holds results of another scenario \\("Eight runs"; they differ in .*${difference}.*\\). ` +
          'Choose another --out folder, or delete this one',
      ),
    );
    expect([tableOf(out), readFileSync(join(out, 'manifest.json'), 'utf8')]).toEqual(before);
  });

  it('a folder with other files', async () => {
    const out = newFolder();
    writeFileSync(join(out, 'thesis.tex'), 'years of work');
    await expect(compute(fourRuns, { out })).rejects.toThrow('holds other files and no results; choose another --out');
  });

  it('a folder with files that have names as those of results, and no runs', async () => {
    const out = newFolder();
    mkdirSync(join(out, 'figures'));
    await expect(compute(fourRuns, { out })).rejects.toThrow('holds other files and no results');
  });

  it('a folder with runs that has lost its manifest, and holds other files', async () => {
    const { out } = await compute(fourRuns);
    rmSync(join(out, 'manifest.json'));
    writeFileSync(join(out, 'thesis.tex'), 'years of work');
    await expect(compute(fourRuns, { out })).rejects.toThrow('move what is not of eigenflow elsewhere');
  });

  it('a file', async () => {
    const out = join(newFolder(), 'out');
    writeFileSync(out, '');
    await expect(compute(fourRuns, { out })).rejects.toThrow(`${out}: is a file, not a folder; choose another --out`);
  });

  it('a folder below a file', async () => {
    const file = join(newFolder(), 'file');
    writeFileSync(file, '');
    const out = join(file, 'out');
    await expect(compute(fourRuns, { out })).rejects.toThrow(/out: cannot write it: a part of this path is a file/);
  });

  it.each([
    ['not JSON', '{', 'is not valid JSON; restore it, or use another --out folder'],
    ['of something else', '{}', 'is not a manifest of eigenflow results'],
    [
      'of another version',
      '{"format": "eigenflow-results", "schema": 999}',
      "has version 999 of the results' format; this eigenflow reads version",
    ],
  ])('a manifest that is %s', async (_what, text, message) => {
    const { out } = await compute(fourRuns);
    writeFileSync(join(out, 'manifest.json'), text);
    await expect(compute(fourRuns, { out })).rejects.toThrow(message);
  });

  it('but not a folder that is empty', async () => {
    const out = newFolder();
    expect((await compute(fourRuns, { out })).missing).toBe(0);
  });
});

describe('recovers from a table that', () => {
  let first: Computed;
  beforeEach(async () => {
    first = await compute({ ...fourRuns, classifier: { use: 'outcome' } });
  });

  it.each<[string, (table: string) => string | undefined]>([
    ['is missing', () => undefined],
    ['is empty', () => ''],
    ['lost its last line', (table) => table.split('\n').slice(0, -2).join('\n').concat('\n')],
    ['lost the end of its last line', (table) => table.slice(0, -9)],
    ['lost its header', (table) => table.split('\n').slice(1).join('\n')],
    ['holds a row twice', (table) => table + table.split('\n')[1].concat('\n')],
    [
      'holds runs that were never stored',
      (table) => table + table.split('\n')[1].replace(/^\w+/, 'a'.repeat(20)).concat('\n'),
    ],
  ])('%s: nothing is computed again', async (_what, damage) => {
    const damaged = damage(tableOf(first.out));
    if (damaged === undefined) rmSync(join(first.out, 'runs.csv'));
    else writeFileSync(join(first.out, 'runs.csv'), damaged);
    const again = await compute({ ...fourRuns, classifier: { use: 'outcome' } }, { out: first.out });
    expect(again.stored).toBe(4);
    expect(again.ended).toEqual([]);
    expect(withoutSeconds(again.rows)).toEqual(withoutSeconds(first.rows));
    expect(tableOf(first.out).trim().split('\n')).toHaveLength(5);
  });

  it.each<[string, (table: string) => string | undefined]>([
    ['is missing', () => undefined],
    ['is empty', () => ''],
    ['lost its header', (table) => table.split('\n').slice(1).join('\n')],
  ])('%s, and until then nothing is read or exported', async (_what, damage) => {
    const { out } = first;
    const exported = await exportDataset(out, 'csv');
    const before = readFileSync(exported, 'utf8');
    const damaged = damage(tableOf(out));
    if (damaged === undefined) rmSync(join(out, 'runs.csv'));
    else writeFileSync(join(out, 'runs.csv'), damaged);
    const message =
      `${join(out, 'runs.csv')}: is missing, or has lost its header, while 4 runs are stored in runs/; run the ` +
      `scenario again to rebuild it, which computes no stored run: "eigenflow run ${out}"`;
    for (const format of ['csv', 'zarr'] as const) await expect(exportDataset(out, format)).rejects.toThrow(message);
    expect(readFileSync(exported, 'utf8')).toBe(before);
    // A process at work may have stored its first runs and noted none yet.
    const results = await openResults(out, readManifest(out));
    rmSync(join(out, 'runs.csv'), { force: true });
    expect(readRunGrid(out).runs).toEqual([undefined, undefined, undefined, undefined]);
    results.close();
    await compute({ ...fourRuns, classifier: { use: 'outcome' } }, { out });
    await exportDataset(out, 'csv');
    expect(readFileSync(exported, 'utf8')).toBe(before);
  });

  it('stands in a folder that has lost its manifest', async () => {
    await exportDataset(first.out, 'csv');
    await exportDataset(first.out, 'zarr');
    for (const name of ['figures', 'analysis', 'quarantine']) mkdirSync(join(first.out, name));
    for (const name of ['report.html', 'map.json']) writeFileSync(join(first.out, name), '');
    const before = extentOf(first.out);
    rmSync(join(first.out, 'manifest.json'));
    const again = await compute({ ...fourRuns, classifier: { use: 'outcome' } }, { out: first.out });
    expect(again.ended).toEqual([]);
    expect(extentOf(first.out)).toEqual(before);
  });

  it('lists a run whose file has gone: only that one is computed', async () => {
    const digests = digestsOf(first.out);
    rmSync(join(first.out, 'runs', `${first.rows[2].id}.npz`));
    const again = await compute({ ...fourRuns, classifier: { use: 'outcome' } }, { out: first.out });
    expect(again.ended.map(({ id }) => id)).toEqual([first.rows[2].id]);
    expect(digestsOf(first.out)).toEqual(digests);
  });

  it('stands beside unfinished files of a killed process, which are no runs', async () => {
    const { id } = first.rows[0];
    writeFileSync(join(first.out, 'runs', `.${id}.npz.0123456789ab.tmp`), 'half a file');
    mkdirSync(join(first.out, 'checkpoints'), { recursive: true });
    writeFileSync(join(first.out, 'checkpoints', `.${id}.npz.0123456789ab.tmp`), 'half a file');
    const again = await compute({ ...fourRuns, classifier: { use: 'outcome' } }, { out: first.out });
    expect(again.stored).toBe(4);
    expect(again.rows).toHaveLength(4);
  });
});

it('keeps the checkpoint of a run that failed, for the next attempt, and removes that of a run that has ended', async () => {
  const { out, rows } = await compute(fourRuns);
  const results = await openResults(out, readManifest(out));
  const [row] = rows;
  const checkpoint = join(out, 'checkpoints', `${row.id}.npz`);
  writeFileSync(checkpoint, '');
  results.record({ ...row, status: 'failed' });
  expect(existsSync(checkpoint)).toBe(true);
  results.record({ ...row, status: 'diverged' });
  expect(existsSync(checkpoint)).toBe(false);
  results.close();
});

describe('the table of runs', () => {
  const axes = ['a', 'b'];
  const row = (a: RunRow['axes'][string], message = ''): RunRow => ({
    id: '0123456789abcdef0123',
    axes: { a, b: 1 },
    seed: 3,
    status: 'failed',
    steps: 7,
    seconds: 1.5,
    label: '',
    message,
  });

  it.each([
    [0.1 + 0.2],
    [-1e-300],
    [true],
    [null],
    ['cyclic'],
    ['12'],
    ['true'],
    ['null'],
    [''],
    ['a,b'],
    ['say "no"'],
    [[1, 2]],
    [{ ramp: [1, 0.1], over: 10 }],
  ])('gives back the value %j of an axis as it was', (value) => {
    const [read] = parseRunsTable(formatRunsTable(axes, [row(value)]), axes);
    expect(read).toEqual(row(value));
  });

  it('gives back a message with commas, quotes and line breaks', () => {
    const message = 'observers.a: expected "x", found\n"y",\r\nor nothing';
    expect(parseRunsTable(formatRunsTable(axes, [row(1, message), row(2)]), axes)).toEqual([row(1, message), row(2)]);
  });

  it('leaves the time out where it was not recorded', () => {
    const [read] = parseRunsTable(formatRunsTable(axes, [{ ...row(1), seconds: Number.NaN }]), axes);
    expect(read.seconds).toBeNaN();
  });
});
