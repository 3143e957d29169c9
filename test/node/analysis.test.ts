// Analysis of stored runs: observers that look at stored weights again, classifiers on what was stored and what was found,
// and a table of where they disagree.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { exportDataset } from '../../analysis/export/index.js';
import { compareCells, disagreements } from '../../analysis/stored/agreement.js';
import { type Analysis, type AnalysisRequest, prepareAnalysis } from '../../analysis/stored/analysis.js';
import { judge } from '../../analysis/stored/classify-runs.js';
import { observeRuns } from '../../analysis/stored/observe-runs.js';
import { EigenflowError } from '../../core/errors.js';
import type { Scenario } from '../../core/scenario/scenario.js';
import { readNpz } from '../../node/files/npz.js';
import { runAdaptive } from '../../node/study/run-adaptive.js';
import { builtinPlugins } from '../../plugins/builtin.js';
import { eigenflow } from '../cli/command.js';
import { arraysOf, type Computed, compute, newFolder } from './studies.js';

const when = { at: [0, 30, 'end'] } as const;
const scenario: Scenario = {
  title: 'Analysed',
  plugins: ['teacher-student', 'sgd', 'training', 'spectrum', 'langevin', 'phases'],
  seed: 3,
  steps: 90,
  model: { use: 'teacher-student', hidden: 8, features: 4, samples: 60, testSamples: 20 },
  loss: { use: 'half-mean-square' },
  noise: { use: 'minibatch', batchSize: 4, order: 'cyclic' },
  optimiser: { use: 'sgd', learningRate: 0.5 },
  observers: { state: { use: 'weights', block: 'W', when }, loss: { use: 'full-loss', when } },
  sweep: { axes: { 'model.initialWidth': [0.5, 8], 'optimiser.learningRate': [2] }, seeds: 2 },
};
const looks = {
  levels: { use: 'gram-spectrum', block: 'W' },
  terms: { use: 'dyson-criterion', block: 'W' },
  q: { use: 'overlap' },
};
/** With what the classifier `outcome` needs. */
const measured: Scenario['observers'] = {
  ...scenario.observers,
  levels: { ...looks.levels, when },
  q: { ...looks.q, when },
};
const nothing: AnalysisRequest = { observers: {}, classifiers: [], frames: 'all' };

const prepare = (folder: string, request: Partial<AnalysisRequest>) =>
  prepareAnalysis({ folder, request: { ...nothing, ...request }, base: '.', plugins: [] }, builtinPlugins);

const workerModule = new URL('../../dist/cli/analysis-worker.js', import.meta.url);

async function analyse(folder: string, request: Partial<AnalysisRequest>, workers = 0) {
  const analysis = await prepare(folder, request);
  const computed = await observeRuns(analysis, { workers, workerModule });
  return { analysis, computed, judgements: await judge(analysis) };
}

let bare: Computed;
let whole: Computed;
let untouched: Computed;
beforeAll(async () => {
  bare = await compute(scenario);
  untouched = await compute(scenario);
  const observers = Object.fromEntries(Object.entries(looks).map(([name, use]) => [name, { ...use, when }]));
  whole = await compute({ ...scenario, observers: { ...scenario.observers, ...observers } });
});

describe('observers on stored runs', () => {
  it('find what they measure in the run, to the last bit', async () => {
    const { analysis, computed } = await analyse(bare.out, { observers: looks });
    expect(computed).toBe(4);
    for (const [i, row] of whole.rows.entries()) {
      const measured = arraysOf(whole.out, row.id);
      const found = readNpz(join(analysis.out, 'runs', `${bare.rows[i].id}.npz`));
      for (const name of Object.keys(measured).filter((key) => /^(levels|terms|q)\./.test(key))) {
        expect(found.get(name), name).toEqual(readNpz(join(whole.out, 'runs', `${row.id}.npz`)).get(name));
      }
    }
  });

  it('compute nothing twice, keep what other analyses found, and notice another setting', async () => {
    const files = (analysis: Analysis) => readNpz(join(analysis.out, 'runs', `${bare.rows[0].id}.npz`)).names;
    expect((await analyse(bare.out, { observers: looks })).computed).toBe(0);
    const more = await analyse(bare.out, { observers: { norm: { use: 'weight-norm' } } });
    expect(more.computed).toBe(4);
    expect(files(more.analysis)).toEqual(expect.arrayContaining(['levels.levels', 'norm.norm', 'q.q']));
    expect((await analyse(bare.out, { observers: looks })).computed).toBe(0);
    const other = { levels: { use: 'span-growth', block: 'W' } };
    const changed = await analyse(bare.out, { observers: other });
    expect(changed.computed).toBe(4);
    expect(files(changed.analysis)).not.toContain('levels.levels');
    expect((await analyse(bare.out, { observers: looks })).computed).toBe(4);
  });

  it('look at the first and the last frame, or at the last, when told so', async () => {
    const steps = async (frames: AnalysisRequest['frames']) => {
      const { analysis } = await analyse(bare.out, { observers: looks, frames });
      return [...readNpz(join(analysis.out, 'runs', `${bare.rows[0].id}.npz`)).get('q.q.step').data];
    };
    expect(await steps('all')).toEqual([0, 30, 90]);
    expect(await steps('ends')).toEqual([0, 90]);
    expect(await steps('last')).toEqual([90]);
  });

  it('replace a damaged file', async () => {
    const { analysis } = await analyse(bare.out, { observers: looks });
    writeFileSync(join(analysis.out, 'runs', `${bare.rows[2].id}.npz`), 'broken');
    expect((await analyse(bare.out, { observers: looks })).computed).toBe(1);
  });

  it('find the same bytes on worker threads, which tell of trouble as the main thread does', async () => {
    const bytes = (analysis: Analysis) =>
      bare.rows.map(({ id }) => readFileSync(join(analysis.out, 'runs', `${id}.npz`), 'base64'));
    const analyseAnew = async (workers: number) => {
      rmSync(join(bare.out, 'analysis'), { recursive: true });
      return analyse(bare.out, { observers: looks }, workers);
    };
    const expected = bytes((await analyseAnew(0)).analysis);
    const there = await analyseAnew(2);
    expect(there.computed).toBe(4);
    expect(bytes(there.analysis)).toEqual(expected);

    rmSync(there.analysis.out, { recursive: true });
    const path = join(bare.out, 'runs', `${bare.rows[1].id}.npz`);
    const stored = readFileSync(path);
    writeFileSync(path, stored.subarray(0, 100));
    const refusals = await Promise.all(
      [0, 2].map((workers) => analyse(bare.out, { observers: looks }, workers).catch((error: unknown) => error)),
    );
    writeFileSync(path, stored);
    for (const refusal of refusals) expect(refusal).toBeInstanceOf(EigenflowError);
    expect((refusals[1] as Error).message).toBe((refusals[0] as Error).message);
    expect((refusals[0] as Error).message).toContain(path);
  });

  it('leave results that can be exported', async () => {
    const { analysis } = await analyse(bare.out, { observers: looks });
    const csv = readFileSync(await exportDataset(analysis.out, 'csv'), 'utf8');
    expect(csv).toContain('terms.startRepulsion');
    expect(csv.split('\n').filter((line) => line.includes(',q.q,')).length).toBe(4 * 3);
  });
});

describe('classifiers on stored runs', () => {
  it('get the observers that they need, and write their tables', async () => {
    const { analysis, judgements } = await analyse(bare.out, {
      classifiers: [{ use: 'dyson-boundary' }, { use: 'order-parameters', runawayGrowth: 5 }],
    });
    expect(Object.values(analysis.observers).map(({ use }) => use)).toEqual(
      expect.arrayContaining(['dyson-criterion', 'preactivation-distribution', 'gram-spectrum', 'field-alignment']),
    );
    for (const { classifier, verdict } of judgements) {
      const files = readdirSync(join(analysis.out, classifier)).sort();
      expect(files).toEqual(['boundaries.csv', 'cells.csv', 'verdicts.csv']);
      expect(verdict.runs.every(({ label }) => label !== undefined)).toBe(true);
      expect(verdict.cells.map(({ n }) => n)).toEqual([2, 2]);
    }
    const table = readFileSync(join(analysis.out, 'classifiers.csv'), 'utf8').trim().split('\n');
    expect(table[0]).toBe(
      'model.initialWidth,optimiser.learningRate,agree,dyson-boundary,dyson-boundary probability,dyson-boundary n,' +
        'order-parameters,order-parameters probability,order-parameters n',
    );
    expect(table.length).toBe(3);
    for (const cell of compareCells(judgements)) {
      const [a, b] = cell.verdicts.map((verdict) => verdict?.label);
      expect(cell.agree).toBe(a === b);
    }
    const [pair] = disagreements(judgements);
    expect(pair.agree + pair.differences.reduce((sum, { cells }) => sum + cells, 0)).toBe(pair.cells);
  });

  it('judge an adaptive study, which has a classifier of its own', async () => {
    const axes = { 'model.initialWidth': [0.5, 1, 8], 'optimiser.learningRate': [0.5, 2, 8] };
    const { out, rows } = await compute(
      { ...scenario, classifier: { use: 'outcome' }, observers: measured, sweep: { axes, adaptive: { runs: 5 } } },
      { run: runAdaptive },
    );
    expect(rows).toHaveLength(5);
    const { judgements } = await analyse(out, { classifiers: [{ use: 'dyson-boundary' }] });
    expect(judgements[0].verdict.runs).toHaveLength(5);
  });

  it('need no weights when everything they need was stored', async () => {
    const { state: _weights, ...observers } = measured;
    const { out } = await compute({ ...scenario, observers });
    const { computed, judgements } = await analyse(out, { classifiers: [{ use: 'outcome' }] });
    expect(computed).toBe(0);
    expect(judgements[0].verdict.runs.map(({ label }) => label)).not.toContain(undefined);
  });
});

describe('mistakes, before anything is written', () => {
  it.each([
    [
      'an observer of a path',
      { observers: { path: { use: 'epoch-mean-loss' } } },
      'observers.path: measures along the path between two frames',
    ],
    [
      'an unknown observer',
      { observers: { x: { use: 'overlp' } } },
      'no observer called "overlp"; did you mean "overlap"?',
    ],
    ['an unknown classifier', { classifiers: [{ use: 'lyapnov' }] }, 'did you mean "lyapunov"?'],
    [
      'an unknown parameter of a classifier',
      { classifiers: [{ use: 'outcome', growth: 3 }] },
      'classifiers.outcome.growth',
    ],
    ['nothing to do', {}, 'nothing to analyse; name observers or classifiers'],
  ])('%s', async (_what, request, message) => {
    const { out } = untouched;
    await expect(prepare(out, request as Partial<AnalysisRequest>)).rejects.toThrow(message);
    expect(existsSync(join(out, 'analysis'))).toBe(false);
  });

  it('results without weights, whether a block was named, or is asked for by what a classifier needs', async () => {
    const { out } = await compute({ ...scenario, observers: { loss: { use: 'full-loss', when } } });
    const message = `${out}: holds no weights of block W, at which observers could look again; run the scenario with an observer such`;
    for (const request of [{ observers: looks }, { classifiers: [{ use: 'dyson-boundary-published' }] }]) {
      await expect(prepare(out, request)).rejects.toThrow(message);
    }
  });
});

describe('the command', () => {
  it('prints what the classifiers say and where they differ', async () => {
    const { status, stdout } = await eigenflow('.', [
      'analyse',
      bare.out,
      '--classifiers',
      'dyson-boundary,order-parameters',
      '--set',
      'classifiers.order-parameters.runawayGrowth=5',
    ]);
    expect(status).toBe(0);
    expect(stdout).toContain('cells by their most probable label');
    expect(stdout).toMatch(/dyson-boundary, order-parameters: \d of 2 cells/);
  });

  it('looks with an observer of a plugin that is named, in worker threads too', async () => {
    const folder = newFolder();
    writeFileSync(
      join(folder, 'mine.ts'),
      `import { defineObserver, definePlugin } from 'eigenflow';
       const largest = defineObserver({
         name: 'largest', summary: 'Largest weight', params: {}, cite: [],
         create: (_params, { run }) => ({
           channels: { weight: { unit: '1', doc: 'largest weight' } },
           observe(out) { out.weight[0] = Math.max(...run.theta); },
         }),
       });
       export default definePlugin({ name: 'mine', version: '1.0.0', components: [largest] });`,
    );
    const args = ['analyse', bare.out, '--observers', 'largest', '--plugins', './mine.ts', '--workers', '2'];
    const { status, stdout } = await eigenflow(folder, args);
    expect(stdout).toContain(`largest: ${bare.rows.length} runs computed, 0 were there`);
    expect(status).toBe(0);
    const [{ id }] = bare.rows;
    const read = (out: string, channel: string) => readNpz(join(out, 'runs', `${id}.npz`)).get(channel).data;
    const weights = read(bare.out, 'state.weights');
    const found = read(join(bare.out, 'analysis'), 'largest.weight');
    // Frame by frame: 4 x 8 weights each.
    expect(found.length).toBe(weights.length / 32);
    for (const [frame, value] of found.entries()) {
      expect(value).toBe(Math.max(...weights.slice(32 * frame, 32 * (frame + 1))));
    }
  });

  it('leaves nothing to compute, and says so', async () => {
    const { analysis } = await analyse(bare.out, { observers: looks });
    const { status, stderr } = await eigenflow('.', ['run', analysis.out]);
    expect(stderr).toBe(
      `eigenflow: ${analysis.out}: is an analysis of stored runs: there is nothing to compute; "eigenflow run ` +
        `${bare.out}" goes on with the runs, "eigenflow analyse" looks at them again\n`,
    );
    expect(status).toBe(2);
  });

  it('refuses what is no results folder, parameters of stored runs, and words that belong to nothing', async () => {
    const empty = newFolder();
    mkdirSync(join(empty, 'here'));
    const say = async (...args: string[]) => {
      const { status, stderr } = await eigenflow(empty, ['analyse', ...args]);
      return `${status} ${stderr}`;
    };
    expect(await say('here')).toMatch(/^2 eigenflow: here: /);
    expect(await say(bare.out, '--set', 'optimiser.learningRate=2')).toContain(
      '2 eigenflow: --set optimiser.learningRate',
    );
    for (const [option, value] of [
      ['--layers', 'W'],
      ['--learning-rate', '0.1'],
      ['--batch-size', '4'],
      ['--out', 'elsewhere'],
    ]) {
      expect(await say(bare.out, option, value)).toContain(
        `2 eigenflow: ${option}: ${bare.out} is a results folder, which knows how its runs were made; leave this out`,
      );
    }
    expect(await say(bare.out, '--set', 'observers.spectrum.block=W')).toContain('no observer "spectrum" is asked for');
  });
});
