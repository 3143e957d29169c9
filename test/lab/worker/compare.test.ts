// SGD beside a surrogate, computed by the modules of a tab: what `eigenflow compare` says of the same realisations.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { lastValueFrom } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { comparisonCsv, verdictJson } from '../../../analysis/comparison/comparison-tables.js';
import { gather } from '../../../core/engine/gather.js';
import { run } from '../../../core/engine/run.js';
import { openMemory } from '../../../core/kernels/arena.js';
import type { ArrayLoader } from '../../../core/scenario/resolve.js';
import type { Scenario } from '../../../core/scenario/scenario.js';
import type { ComparisonRequest, Side } from '../../../lab/comparison-protocol.js';
import { openComparison } from '../../../lab/worker/compare.js';
import { shownVerdict } from '../../../lab/worker/compare-shown.js';
import { createComparisonEngine } from '../../../lab/worker/comparison-engine.js';
import { runAt } from '../../../lab/worker/place.js';
import { registryOf } from '../../../lab/worker/plugins.js';
import { eigenflow } from '../../cli/command.js';
import { newFolder } from '../../node/studies.js';

const noFiles: ArrayLoader = (path) => {
  throw new Error(`no file ${path}`);
};

const network: Scenario = {
  title: 'Small network',
  plugins: ['teacher-student', 'sgd'],
  seed: 3,
  epochs: 2,
  model: { use: 'teacher-student', hidden: 6, features: 4, samples: 60 },
  loss: { use: 'half-mean-square' },
  noise: { use: 'minibatch', batchSize: 2, order: 'iid' },
  optimiser: { use: 'sgd', learningRate: 1 / 16 },
  sweep: { axes: { 'optimiser.learningRate': [1 / 16, 1 / 8] }, seeds: 3 },
};
const temperature = 1 / 16;
const declared: Scenario = {
  ...network,
  plugins: ['teacher-student', 'sgd', 'spectrum', 'langevin', 'dyson', 'stability'],
  epochs: undefined,
  time: 2,
  noise: { use: 'minibatch', batchSize: 1, order: 'iid' },
  observers: {
    spectrum: { use: 'gram-spectrum', block: 'W', when: { points: 5 } },
    stability: { use: 'sharpness', when: { points: 3 } },
    coefficients: { use: 'dyson-coefficients', block: 'W', when: { points: 9 } },
    step: { use: 'one-step', block: 'W', when: { points: 3 } },
  },
  sweep: undefined,
  compare: {
    levels: 'spectrum.levels',
    top: 2,
    replicas: 64,
    windows: [1, 2],
    surrogates: {
      langevin: { noise: { use: 'langevin', temperature }, optimiser: { use: 'sgd', learningRate: 1 / 32 } },
      linearised: {
        coefficients: { from: 'coefficients', drift: 'linearised' },
        model: { use: 'general-levels', temperature, floor: 0 },
        loss: { use: 'mean-output' },
        noise: { use: 'full-batch' },
        optimiser: { use: 'matrix-step', stepSize: 1 / 32 },
        observers: { spectrum: { use: 'levels', when: { points: 5 } } },
      },
    },
  },
};
const REALISATIONS = 8;
const request = (changes: Partial<ComparisonRequest>): ComparisonRequest => ({
  scenario: network,
  place: { at: { 'optimiser.learningRate': 1 / 16 }, seed: 0 },
  surrogate: 'langevin',
  realisations: REALISATIONS,
  part: 1,
  ...changes,
});
const outlineOf = (changes: Partial<ComparisonRequest>) =>
  createComparisonEngine(noFiles).outlineComparison(request(changes));

/** Realisations of one side, computed and kept. */
async function realise(comparison: Awaited<ReturnType<typeof openComparison>>, side: Side, from: number, to: number) {
  for (let replica = from; replica < to; replica++) comparison.keep(await comparison.realise(side, replica));
}

async function computeAll(scenario: Scenario) {
  const comparison = await openComparison(scenario, 0, noFiles);
  await realise(comparison, 'reference', 0, REALISATIONS);
  if (comparison.plan.fitted[comparison.surrogate]) comparison.takeCoefficients(comparison.measureCoefficients());
  await realise(comparison, 'surrogate', 0, REALISATIONS);
  return comparison;
}

/** The tables that the command writes of the same scenario. */
async function byCommand(scenario: Scenario) {
  const folder = newFolder();
  writeFileSync(join(folder, 'same.json'), JSON.stringify(scenario));
  const { status, stderr } = await eigenflow(folder, ['compare', 'same.json', '--out', 'out']);
  expect([status, status === 0 ? '' : stderr]).toEqual([0, '']);
  const read = (...path: string[]) => readFileSync(join(folder, 'out', ...path), 'utf8');
  return { verdicts: read('verdicts.json'), contrasts: read('figures', 'comparison.csv') };
}

describe('realisations that a tab computes', () => {
  it.each([
    [
      'a surrogate that the scenario declares',
      { scenario: declared, surrogate: 'langevin', place: { at: {}, seed: 0 } },
    ],
    ['one with measured coefficients', { scenario: declared, surrogate: 'linearised', place: { at: {}, seed: 0 } }],
    ['a preset at a place of a sweep', { substeps: 2 }],
  ] as const)('give the tables of the command, to the byte: %s', async (_what, changes) => {
    const { scenario } = await outlineOf(changes);
    const comparison = await computeAll(scenario);
    const report = comparison.judge();
    if (!report) throw new Error('no verdict');
    const instances = [{ reports: [report] }];
    const expected = await byCommand(scenario);
    expect(verdictJson({ instances: instances as never, overall: [] })).toBe(expected.verdicts);
    expect(comparisonCsv(instances)).toBe(expected.contrasts);
  });

  it('grow into a verdict from two of each side on, in whatever order they come', async () => {
    const { scenario } = await outlineOf({ scenario: declared, place: { at: {}, seed: 0 } });
    const comparison = await openComparison(scenario, 0, noFiles);
    const there: number[][] = [];
    for (const [side, replica] of [
      ['reference', 3],
      ['surrogate', 5],
      ['reference', 0],
      ['surrogate', 1],
      ['reference', 1],
    ] as const) {
      comparison.keep(await comparison.realise(side, replica));
      const report = comparison.judge();
      there.push(report ? [report.realisations.reference.used, report.realisations.surrogate.used] : []);
    }
    expect(there).toEqual([[], [], [], [2, 2], [3, 2]]);
  });

  it('begin at the weights of the run that is watched, for every seed', async () => {
    const place = { at: { 'optimiser.learningRate': 1 / 16 }, seed: 2 };
    const { scenario } = await outlineOf({ place });
    const comparison = await openComparison(scenario, 2, noFiles);
    const [a, b] = [await comparison.realise('reference', 0), await comparison.realise('surrogate', 1)];
    const plugins = ['teacher-student', 'sgd', 'spectrum'];
    const watched = {
      ...network,
      plugins,
      observers: { levels: { use: 'gram-spectrum', block: 'W', when: { at: [0] } } },
    };
    const registry = await registryOf(plugins);
    const config = runAt(watched as Scenario, place, registry, noFiles);
    const { series } = await lastValueFrom(gather(run(config, { registry, memory: openMemory(), load: noFiles })));
    const start = [...(series.get('levels.levels')?.data ?? [])];
    expect(start).toHaveLength(4);
    for (const { series } of [a, b]) expect([...(series.get('levels.levels')?.data.slice(0, 4) ?? [])]).toEqual(start);
    const first = await (await openComparison((await outlineOf({})).scenario, 0, noFiles)).realise('reference', 0);
    expect([...(first.series.get('levels.levels')?.data.slice(0, 4) ?? [])]).not.toEqual(start);
  });

  it('are told as numbers: nothing of the exchanges goes to the page', async () => {
    const { scenario } = await outlineOf({});
    const comparison = await openComparison(scenario, 0, noFiles);
    await realise(comparison, 'reference', 0, 3);
    await realise(comparison, 'surrogate', 0, 3);
    const report = comparison.judge();
    const shown = shownVerdict(report as NonNullable<typeof report>);
    expect(shown.windows.map(({ outcome }) => outcome)).toHaveLength(4);
    expect(shown.levels.reference.mean).toHaveLength(shown.levels.reference.time.length);
    expect(shown.contrasts[0].difference).toBeNaN();
    expect(JSON.stringify(shown).length).toBeLessThan(40_000);
  });
});

describe('a preset', () => {
  it('has the temperature of the run and a step that resolves the curvature', async () => {
    const outline = await outlineOf({});
    expect(outline.temperature).toEqual({ reference: 1 / 32, surrogate: 1 / 32 });
    expect(outline.differences).toEqual([]);
    expect(outline.stepTimesSharpness).toBeLessThanOrEqual(0.05);
    expect(outline.steps.surrogate).toBe(outline.steps.reference * (outline.substeps as number));
    expect(outline.time).toBe(outline.steps.reference / 16);
  });

  it('compares a part of the run, whose frames divide the steps', async () => {
    const [whole, part] = [await outlineOf({}), await outlineOf({ part: 0.3, substeps: 3 })];
    expect([whole.steps.reference, part.steps.reference]).toEqual([60, 32]);
    expect(part.steps.surrogate).toBe(96);
  });

  it('compares the levels of the weight matrix that is seen, the largest one where none is said', async () => {
    const scenario = {
      ...network,
      sweep: undefined,
      plugins: ['network', 'sgd'],
      model: { use: 'network', data: 'digits', samples: 64, hidden: [12, 6], activation: 'tanh' },
    } as unknown as Scenario;
    const place = { at: {}, seed: 0 };
    const blockOf = async (block?: string) =>
      (await outlineOf({ scenario, place, ...(block && { block }) })).scenario.observers?.levels.block;
    expect([await blockOf(), await blockOf('W2'), await blockOf('no such')]).toEqual(['W1', 'W2', 'W1']);
  });

  it('draws batches afresh where the run has the same in every epoch, and says so', async () => {
    const scenario = { ...network, noise: { use: 'minibatch', batchSize: 2, order: 'cyclic' } };
    const outline = await outlineOf({ scenario });
    expect(outline.notes.join()).toContain('"cyclic"');
    expect(outline.scenario.noise.order).toBe('iid');
  });

  it.each([
    ['full batch', { noise: { use: 'full-batch' } }, 'T is 0'],
    [
      'the Langevin equation',
      { noise: { use: 'langevin', temperature: 1 }, plugins: ['teacher-student', 'sgd', 'langevin'] },
      'already',
    ],
    [
      'a scheduled step',
      { optimiser: { use: 'sgd', learningRate: { cosine: [1, 0] } }, sweep: undefined },
      'constant learning rate',
    ],
  ])('is refused where there is none, with the reason: %s', async (_what, changes, reason) => {
    const place = { at: {}, seed: 0 };
    const scenario = { ...network, sweep: undefined, ...changes } as unknown as Scenario;
    await expect(outlineOf({ scenario, place })).rejects.toThrow(reason);
  });

  it('is watched alone, with the observers of the page', async () => {
    const { live } = await outlineOf({});
    expect([live?.noise.use, live?.observers, live?.compare, live?.sweep]).toEqual([
      'langevin',
      {},
      undefined,
      undefined,
    ]);
  });
});
