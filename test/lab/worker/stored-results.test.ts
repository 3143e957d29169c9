// Results folders in the page: what a replay proves, and what it finds out.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { lastValueFrom } from 'rxjs';
import { beforeAll, describe, expect, test } from 'vitest';
import { gather, type RunResult } from '../../../core/engine/gather.js';
import { run } from '../../../core/engine/run.js';
import { openMemory } from '../../../core/kernels/arena.js';
import { parseScenario } from '../../../core/scenario/parse.js';
import { type RunConfig, resolveScenario } from '../../../core/scenario/resolve.js';
import { judgeAgain } from '../../../lab/worker/judged-again.js';
import { registryOf } from '../../../lab/worker/plugins.js';
import { openStoredResults } from '../../../lab/worker/stored-results.js';
import { digestOfSeries } from '../../../node/results/run-digest.js';
import { smallMap } from '../../node/small-map.js';
import { compute } from '../../node/studies.js';

const load = (path: string): never => {
  throw new Error(`no file ${path}`);
};
const scenario = parseScenario({
  ...smallMap,
  sweep: { axes: { 'model.initialWidth': [0.5, 1], 'optimiser.learningRate': [0.5, 4] }, seeds: 2 },
});
const registry = await registryOf(smallMap.plugins);
const { runs } = resolveScenario(scenario, registry, load);
const fileOf = ({ id }: RunConfig) => `runs/${id}.npz`;

let folder: string;
let result: RunResult;
const [config] = runs;
beforeAll(async () => {
  folder = (await compute(scenario)).out;
  result = await lastValueFrom(gather(run(config, { registry, memory: openMemory(), load })));
});

const open = (files: readonly string[], digests: ReadonlyMap<string, string> = new Map()) =>
  openStoredResults(folder, new Set(files), () => runs, digests);

/** The result with one number of a channel changed in its last bit. */
function changed(channel: string): RunResult {
  const series = new Map(result.series);
  const one = series.get(channel);
  if (!one) throw new Error(channel);
  const data = Float64Array.from(one.data);
  const bits = new BigInt64Array(data.buffer);
  bits[data.length - 1] += 1n;
  return { ...result, series: series.set(channel, { ...one, data }) };
}

describe('a run computed again', () => {
  test('has the bits of the stored run, and it is said how many numbers that are', () => {
    const stored = open(runs.map(fileOf));
    const numbers = [...result.series.values()].reduce((sum, { data, step }) => sum + data.length + 3 * step.length, 0);
    expect(stored.compare(config.id, result)).toEqual({ verdict: 'same bits', proof: 'arrays', numbers });
  });

  test('that differs in one bit is told by channel, frame, step and element', () => {
    const replay = open(runs.map(fileOf)).compare(config.id, changed('spectrum.levels'));
    expect(replay).toMatchObject({ verdict: 'other bits', proof: 'arrays' });
    expect(replay).toMatchObject({ first: { channel: 'spectrum.levels', frame: 1, step: 200, element: 3 } });
  });

  test('is proved by the digest where the file is left out, and found out by it', () => {
    const stored = open([], new Map([[config.id, digestOfSeries(result.series)]]));
    expect(stored.at(config.axes)[0].proof).toBe('digest');
    expect(stored.compare(config.id, result)).toMatchObject({ verdict: 'same bits', proof: 'digest' });
    expect(stored.compare(config.id, changed('loss.loss'))).toMatchObject({ verdict: 'other bits', proof: 'digest' });
  });

  test('is proved by the name of its trajectory where there is nothing else', () => {
    const stored = open([]);
    expect(stored.compare(config.id, result)).toMatchObject({ verdict: 'same bits', proof: 'trajectory' });
    const other = { ...result, trajectory: 'another' };
    expect(stored.compare(config.id, other)).toMatchObject({ verdict: 'other bits', proof: 'trajectory' });
  });

  test('that ended otherwise is none of the stored ones', () => {
    const replay = open([]).compare(config.id, { ...result, status: 'diverged' });
    expect(replay).toMatchObject({ verdict: 'other bits', message: 'it diverged; the table says completed' });
  });

  test('is judged again by the classifier of the scenario: every label is that of the table', async () => {
    const stored = open(runs.map(fileOf));
    for (const each of runs) {
      const again = await lastValueFrom(gather(run(each, { registry, memory: openMemory(), load })));
      const label = judgeAgain(each, again, { registry, load }, openMemory());
      expect(label).toBe(stored.label(each.id, 'outcome'));
      expect(label).not.toBe('');
    }
  });
});

describe('what is stored', () => {
  test('is listed by place, seeds ascending, with labels and what can be proved', () => {
    const here = open([fileOf(runs[0])]).at({ 'model.initialWidth': 0.5, 'optimiser.learningRate': 0.5 });
    expect(here.map(({ seed, proof }) => [seed, proof])).toEqual([
      [0, 'arrays'],
      [1, 'trajectory'],
    ]);
    expect(here[0].labels.outcome).toBeTruthy();
  });

  test('can be drawn: the map that is declared, or one of each classifier and each number', () => {
    const stored = open(runs.map(fileOf));
    expect(stored.maps.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['label.outcome', 'loss.loss', 'overlap.q']),
    );
    for (const view of stored.maps) expect(stored.draw(view, {}).table.cells).toHaveLength(4);
  });

  test('a run that the scenario does not have cannot be compared, with the reason', () => {
    expect(open([]).config('0123456789abcdef0123')).toMatch(/not one of the scenario/);
  });

  test('a damaged file is told by its path', () => {
    const last = runs[runs.length - 1];
    rmSync(join(folder, fileOf(last)));
    expect(() => open(runs.map(fileOf)).compare(last.id, result)).toThrow(fileOf(last));
  });
});
