// An adaptive map on disk: the runs of the dense grid, the same choice with any number of workers, interrupted or not.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { readRunGrid } from '../../analysis/export/run-grid.js';
import { writeReport } from '../../analysis/report/report.js';
import type { Scenario } from '../../core/scenario/scenario.js';
import { readManifest } from '../../node/results/results-folder.js';
import { runAdaptive } from '../../node/study/run-adaptive.js';
import type { StudyEvent } from '../../node/study/run-study.js';
import { smallMap } from './small-map.js';
import { type Computed, compute, digestsOf, leaveWhen, newFolder } from './studies.js';

const dense: Scenario = {
  ...smallMap,
  title: 'Adaptive map',
  epochs: 10,
  sweep: {
    axes: {
      'model.initialWidth': { geometric: [0.125, 64], count: 10 },
      'optimiser.learningRate': { geometric: [0.125, 1024], count: 14 },
    },
    seeds: 3,
  },
};
const adaptive: Scenario = { ...dense, sweep: { ...dense.sweep, adaptive: { every: 4, runs: 60, batch: 20 } } };

const ids = ({ rows }: Computed) => rows.map(({ id }) => id).sort();

let alone: Computed;
beforeAll(async () => {
  alone = await compute(adaptive, { run: runAdaptive });
});

test('as many runs as were asked for, with labels, each a run of the dense grid', async () => {
  expect(alone.rows).toHaveLength(60);
  expect(alone.missing).toBe(0);
  expect(new Set(alone.rows.map(({ label }) => label)).size).toBeGreaterThan(1);
  expect(alone.rows.every(({ label }) => label !== '')).toBe(true);
  const folder = newFolder();
  // The dense grid of the same values, of which only the first cells are computed here.
  const first = await compute(
    { ...dense, sweep: { ...dense.sweep, adaptive: { every: 4, runs: 20 } } },
    { run: runAdaptive, folder },
  );
  const digests = digestsOf(alone.out);
  for (const [file, digest] of Object.entries(digestsOf(first.out))) expect(digests[file]).toBe(digest);
  const axes = first.rows[0].axes as { [axis: string]: number };
  const single = await compute({
    ...dense,
    sweep: { axes: Object.fromEntries(Object.entries(axes).map(([axis, value]) => [axis, [value]])) },
  });
  expect(digests[`${single.rows[0].id}.npz`]).toBe(Object.values(digestsOf(single.out))[0]);
});

test('a report counts the runs of the grid that were left out', async () => {
  const page = readFileSync(await writeReport(alone.out), 'utf8');
  expect(page).toMatch(/<td>no label: missing<\/td>\s*<td class="number">360<\/td>/);
});

test('the same runs with two worker threads', async () => {
  const threads = await compute(adaptive, { run: runAdaptive, workers: 2 });
  expect(ids(threads)).toEqual(ids(alone));
  expect(digestsOf(threads.out)).toEqual(digestsOf(alone.out));
});

test('stopped and started again, it makes the choice that it would have made', async () => {
  const folder = newFolder();
  const stop = new AbortController();
  let ended = 0;
  const broken = await compute(adaptive, {
    run: runAdaptive,
    folder,
    stop: stop.signal,
    onEvent: (event) => {
      if (event.type === 'ended') ended += 1;
      if (ended === 37) stop.abort();
    },
  });
  expect(broken.rows.length).toBeLessThan(60);
  expect(broken.missing).toBe(60 - broken.rows.length);
  const whole = await compute(adaptive, { run: runAdaptive, folder });
  expect(whole.missing).toBe(0);
  expect(digestsOf(whole.out)).toEqual(digestsOf(alone.out));
  expect(whole.ended.length + broken.rows.length).toBe(60);
});

test('left by who listened to it, it stops, and goes on to the same map', async () => {
  let ended = 0;
  const isEnough = ({ type }: StudyEvent) => {
    if (type === 'ended') ended += 1;
    return ended === 37;
  };
  const { out, after } = await leaveWhen(adaptive, isEnough, { run: runAdaptive });
  expect(after).toBe(0);
  const stored = Object.keys(digestsOf(out)).length;
  expect(stored).toBeLessThan(60);
  const whole = await compute(adaptive, { run: runAdaptive, out });
  expect(whole.ended).toHaveLength(60 - stored);
  expect(digestsOf(out)).toEqual(digestsOf(alone.out));
});

test('runs of a larger budget go on from those of a smaller one, if batches are the same', async () => {
  const folder = newFolder();
  const small = { ...dense, sweep: { ...dense.sweep, adaptive: { every: 4, runs: 40, batch: 20 } } };
  await compute(small, { run: runAdaptive, folder });
  const files = readdirSync(join(folder, 'out', 'runs'));
  const large = await compute(adaptive, { run: runAdaptive, folder });
  expect(large.ended).toHaveLength(60 - files.length);
  expect(digestsOf(large.out)).toEqual(digestsOf(alone.out));
});

test('a map on the grid of a dense study leaves that study as it is', async () => {
  const folder = newFolder();
  const sweep = { axes: { 'model.initialWidth': [0.25, 1, 4], 'optimiser.learningRate': [0.5, 8] }, seeds: 2 };
  const whole = await compute({ ...dense, sweep }, { folder });
  const map = await compute(
    { ...dense, sweep: { ...sweep, adaptive: { every: 2, runs: 6 } } },
    { run: runAdaptive, folder },
  );
  expect(map.events[0]).toMatchObject({ type: 'started', kept: 12 });
  expect(map.rows).toHaveLength(6);
  expect(readManifest(whole.out).scenario.sweep).toEqual(sweep);
  expect(readRunGrid(whole.out).runs.every((row) => row !== undefined && row.label !== '')).toBe(true);
});
