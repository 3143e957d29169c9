// Runs that fail: each is told with its reason, the others go on, and the same command tries only them again.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Scenario } from '../../core/scenario/scenario.js';
import { readNpz } from '../../node/files/npz.js';
import { readFailure } from '../../node/results/failure-records.js';
import { compute, digestsOf, eightRuns, newFolder } from './studies.js';

/** A plugin file with one observer, whose `observe` is the given code. */
function writePlugin(folder: string, observe: string, version = '1.0.0'): void {
  writeFileSync(
    join(folder, 'fragile.ts'),
    `import { defineObserver, definePlugin, number } from 'eigenflow';
     const fragile = defineObserver({
       name: 'fragile',
       summary: 'An observer that can break',
       params: { value: number({ doc: 'what it measures', unit: '1' }) },
       cite: [],
       create: (params, { run }) => ({
         channels: { x: { unit: '1', doc: 'a number' } },
         observe: (out) => { out.x[0] = params.value; ${observe} },
       }),
     });
     export default definePlugin({ name: 'fragile', version: '${version}', components: [fragile] });`,
  );
}

const scenario: Scenario = {
  ...eightRuns,
  title: 'Fragile',
  plugins: [...eightRuns.plugins, './fragile.ts'],
  steps: 50,
  observers: { fragile: { use: 'fragile', value: 0, when: { at: [0, 20, 'end'] } } },
  sweep: { axes: { 'observers.fragile.value': [1, 2, 3] }, seeds: 4 },
};

const brokenBy = (rows: readonly { status: string; axes: Readonly<Record<string, unknown>> }[]) =>
  rows.map(({ status, axes }) => (status === 'failed' ? axes['observers.fragile.value'] : status));
const afterValue = (value: number, ended: unknown) =>
  [1, 2, 3].flatMap((axis) => new Array(4).fill(axis === value ? value : ended));

describe.each([0, 2])('an observer that throws in some runs, %d workers', (workers) => {
  it('fails those with its message; the others are stored', async () => {
    const folder = newFolder();
    writePlugin(folder, `if (params.value === 2 && run.clock.step === 20) throw new Error('no fit, "never"');`);
    const { out, rows, missing } = await compute(scenario, { folder, workers });
    expect(brokenBy(rows)).toEqual(afterValue(2, 'completed'));
    expect(rows[4]).toMatchObject({
      status: 'failed',
      steps: 0,
      label: '',
      message: 'observers.fragile: no fit, "never"',
    });
    expect(missing).toBe(0);
    expect(Object.keys(digestsOf(out))).toHaveLength(8);
    const { stack } = JSON.parse(readFileSync(join(out, 'failures', `${rows[4].id}.json`), 'utf8'));
    expect(stack).toMatch(/^Error: no fit, "never"\n +at Object\.observe /);
  });
});

it('a message without measure, with orders for a terminal, is plain and cut wherever it is kept', async () => {
  const folder = newFolder();
  writePlugin(folder, `throw new Error('no\\u001b[31m fit\\u0007\\u009b2J: ' + '"'.repeat(3e6));`);
  const { out, rows } = await compute({ ...scenario, sweep: {} }, { folder });
  const [{ id, message }] = rows;
  expect(message).toMatch(/^observers\.fragile: no fit\\u0007\\u009b2J: "+\.\.\.$/);
  expect(message).toHaveLength(2000);
  expect(readFileSync(join(out, 'runs.csv'), 'utf8').length).toBeLessThan(5000);
  // What other processes read, who leave the run alone then, and whoever looks for the line.
  const record = readFailure(out, id);
  expect(record).toMatchObject({ id, message });
  expect(record?.stack).toMatch(/^Error: no fit\\u0007\\u009b2J: "+\.\.\.\n +at Object\.observe /);
});

it('the same command tries only the failed runs again; a version without the mistake computes all of its own', async () => {
  const folder = newFolder();
  writePlugin(folder, `if (params.value === 3) throw new Error('a bug');`);
  const first = await compute(scenario, { folder });
  const again = await compute(scenario, { folder, out: first.out });
  expect(again.stored).toBe(8);
  expect(brokenBy(again.ended)).toEqual([3, 3, 3, 3]);

  writePlugin(folder, '', '1.0.1');
  const repaired = await compute(scenario, { folder, out: first.out });
  expect(repaired.ended.map(({ status }) => status)).toEqual(new Array(12).fill('completed'));
  expect(brokenBy(repaired.rows)).toEqual(afterValue(0, 'completed'));
  expect(repaired.rows.map(({ message }) => message)).toEqual(new Array(12).fill(''));
  expect(Object.keys(digestsOf(first.out))).toHaveLength(8 + 12);
});

it('a plugin that fails in every run may be mended under its version: nothing was computed with it', async () => {
  const folder = newFolder();
  writePlugin(folder, `throw new Error('a bug');`);
  const { out } = await compute(scenario, { folder });
  writePlugin(folder, '');
  const repaired = await compute(scenario, { folder, out });
  expect(brokenBy(repaired.rows)).toEqual(afterValue(0, 'completed'));
  expect(Object.keys(digestsOf(out))).toHaveLength(12);
});

it('a worker thread that dies takes only its own run with it, however the runs were dealt out', async () => {
  const folder = newFolder();
  writePlugin(folder, `if (params.value === 2 && run.clock.step === 20) process.exit(3);`);
  // One thread is dealt several runs at a time.
  const { out, rows, missing } = await compute(scenario, { folder, workers: 1 });
  expect(brokenBy(rows)).toEqual(afterValue(2, 'completed'));
  expect(rows[4].message).not.toBe('');
  expect(missing).toBe(0);
  expect(Object.keys(digestsOf(out))).toHaveLength(8);
});

it('a run that diverges has ended: it is stored, with its step, and not tried again', async () => {
  const diverging: Scenario = {
    ...eightRuns,
    observers: { state: { use: 'weights', block: 'W', when: { every: 100 } } },
    optimiser: { use: 'sgd', learningRate: 1 },
    model: { ...eightRuns.model, activation: 'identity' },
    sweep: { axes: { 'optimiser.learningRate': [0.01, 1e6] } },
  };
  const { out, rows } = await compute(diverging);
  expect(rows.map(({ status }) => status)).toEqual(['completed', 'diverged']);
  expect(rows[1].steps).toBeLessThan(400);
  const arrays = readNpz(join(out, 'runs', `${rows[1].id}.npz`));
  expect(arrays.text('run.status')).toBe('diverged');
  expect([...arrays.get('run.steps').data]).toEqual([rows[1].steps]);
  expect([...arrays.get('state.weights.step').data]).toEqual([0]);
  expect((await compute(diverging, { out })).ended).toEqual([]);
});

/** A folder with a plugin whose classifier `judge` has the labels a and b. */
function folderWithJudge(classify: string): string {
  const folder = newFolder();
  writeFileSync(
    join(folder, 'judge.ts'),
    `import { defineClassifier, definePlugin } from 'eigenflow';
     const judge = defineClassifier({
       name: 'judge', summary: 'Judges', params: {}, cite: [],
       create: () => ({
         scope: 'run', labels: ['a', 'b'], needs: [],
         classify: () => { ${classify} },
       }),
     });
     export default definePlugin({ name: 'judge', version: '1.0.0', components: [judge] });`,
  );
  return folder;
}

it.each([
  ['fails', "throw new Error('no verdict')", 'no verdict'],
  [
    'misspells a label',
    "return { label: 'A', probabilities: { a: 1, b: 0 }, evidence: {} }",
    'classifier: the verdict of the classifier "judge" of plugin judge of run ',
  ],
  [
    'gives probabilities that do not sum to 1',
    "return { label: 'a', probabilities: { a: 1, b: 1 }, evidence: {} }",
    'its probabilities sum to 2; expected 1',
  ],
])('a classifier that %s loses no run, and none is counted', async (_, classify, message) => {
  const folder = folderWithJudge(classify);
  const judged = { ...eightRuns, plugins: [...eightRuns.plugins, './judge.ts'], classifier: { use: 'judge' } };
  await expect(compute(judged, { folder })).rejects.toThrow(message);
  expect(existsSync(join(folder, 'out', 'cells.csv'))).toBe(false);
  expect(existsSync(join(folder, 'out', 'verdicts.csv'))).toBe(false);
  const without = await compute({ ...judged, classifier: undefined }, { folder });
  expect(without.stored).toBe(8);
  expect(without.ended).toEqual([]);
});
