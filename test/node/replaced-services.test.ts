// Services that are replaced, as docs/replacing-parts.md does it: its examples are run here.
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { lastValueFrom } from 'rxjs';
import { describe, expect, test } from 'vitest';
import type { RunResult } from '../../core/engine/gather.js';
import type { Scenario } from '../../core/scenario/scenario.js';
import type { HostBindings } from '../../node/host.js';
import { importDefault } from '../../node/scenario/load-module.js';
import { runStudy } from '../../node/study/run-study.js';
import { prepareStudy } from '../../node/study/study.js';
import { builtinPlugins as builtin } from '../../plugins/builtin.js';
import { blocks, documentAt } from '../documents/documents.js';
import { newFolder, workerModule } from './studies.js';

const [strict, memory] = blocks(documentAt('docs/replacing-parts.md'), 'ts');

const scenario: Scenario = {
  title: 'Weights that grow',
  plugins: ['teacher-student', 'sgd', 'training'],
  steps: 300,
  model: { use: 'teacher-student', hidden: 4, features: 3, samples: 12, testSamples: 1, initialWidth: 1 },
  loss: { use: 'half-mean-square' },
  noise: { use: 'minibatch', batchSize: 3, order: 'cyclic' },
  optimiser: { use: 'sgd', learningRate: 0.1 },
  observers: { loss: { use: 'full-loss', when: { at: [0, 'end'] } } },
};

type KeepInMemory = (results: Map<string, RunResult>) => HostBindings;

/** A study of that scenario, and a map in which its results are. */
async function study(changes: Partial<Scenario> = {}) {
  const folder = newFolder();
  writeFileSync(join(folder, 'strict-divergence.ts'), strict);
  writeFileSync(join(folder, 'memory.ts'), `${memory}\nexport default keepInMemory;\n`);
  const keepInMemory = (await importDefault(join(folder, 'memory.ts'))) as KeepInMemory;
  const results = new Map<string, RunResult>();
  return {
    folder,
    results,
    services: keepInMemory(results),
    study: await prepareStudy({ scenario: { ...scenario, ...changes }, folder }, builtin),
  };
}

/** Statuses of the runs of a scenario with a plugin or without. */
async function statusWith(changes: Partial<Scenario>) {
  const { study: prepared, services, results, folder } = await study(changes);
  const out = join(folder, 'nowhere');
  await lastValueFrom(runStudy(prepared, { out, workers: 0, builtin, services }));
  const [result] = results.values();
  return { id: prepared.sweep.runs[0].id, status: result.status, steps: result.steps };
}

describe('a divergence check of a plugin', () => {
  const plugins = [...scenario.plugins, './strict-divergence.ts'];
  const wide = { model: { ...scenario.model, initialWidth: 20 } };

  test('ends a run that the usual one lets go on, at the first check', async () => {
    expect(await statusWith(wide)).toMatchObject({ status: 'completed', steps: 300 });
    expect(await statusWith({ ...wide, plugins })).toMatchObject({ status: 'diverged', steps: 100 });
  });

  test('leaves other runs alone, and is part of their identity', async () => {
    const [usual, replaced] = [await statusWith({}), await statusWith({ plugins })];
    expect(replaced).toMatchObject({ status: 'completed', steps: 300 });
    expect(replaced.id).not.toBe(usual.id);
  });
});

describe('a store in memory', () => {
  test('holds the numbers of a results folder, and no file is written', async () => {
    const sweep = { axes: { 'optimiser.learningRate': [0.1, 0.2] }, seeds: 2 };
    const { study: prepared, services, results, folder } = await study({ sweep });
    const before = readdirSync(folder);
    const finished = await lastValueFrom(
      runStudy(prepared, { out: join(folder, 'nowhere'), workers: 0, builtin, services }),
    );
    expect(finished).toMatchObject({ type: 'finished', missing: 0 });
    expect(readdirSync(folder)).toEqual(before);
    expect([...results.keys()].sort()).toEqual(prepared.sweep.runs.map(({ id }) => id).sort());
    for (const { series } of results.values()) {
      const [first, last] = series.get('loss.loss')?.data ?? [];
      expect(last).toBeLessThan(first);
    }
  });

  test('is refused with worker threads, which would write files', async () => {
    const { study: prepared, services, folder } = await study();
    const out = join(folder, 'nowhere');
    await expect(
      lastValueFrom(runStudy(prepared, { out, workers: 1, workerModule, builtin, services })),
    ).rejects.toThrow('services: store cannot be had in worker threads, which load their own; use workers: 0');
    expect(existsSync(out)).toBe(false);
  });
});

test('a clock of one’s own is the one that runs are timed with', async () => {
  const { study: prepared, services, folder } = await study();
  let time = 0;
  const now = () => () => {
    time += 1500;
    return time;
  };
  const finished = await lastValueFrom(
    runStudy(prepared, { out: join(folder, 'nowhere'), workers: 0, builtin, services: { ...services, now } }),
  );
  expect(finished.type === 'finished' && finished.rows[0].seconds % 1.5).toBe(0);
});

test('a replacement that is no such service is told, with who made it', async () => {
  const { study: prepared, folder } = await study();
  const now = () => 3 as never;
  await expect(
    lastValueFrom(runStudy(prepared, { out: join(folder, 'out'), workers: 0, builtin, services: { now } })),
  ).rejects.toThrow('services: its service "now" is a number; expected a function, as the usual one');
});
