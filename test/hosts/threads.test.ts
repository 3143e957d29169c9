// What a script that calls core may forget is said before anything is written.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { workerModule } from '../../cli/builtin.js';
import { runAdaptive } from '../../core/node/study/run-adaptive.js';
import { runStudy } from '../../core/node/study/run-study.js';
import { smallMap } from './small-map.js';
import { compute, eightRuns, newFolder } from './studies.js';

const axes = { 'optimiser.learningRate': { geometric: [0.125, 256] as const, count: 12 } };

it.each([
  ['workers without a module', { workers: 2, workerModule: undefined }, /^workerModule: .*"eigenflow\/builtin"/],
  ['a number of workers that is none', { workers: 1.5 }, /^workers: expected a whole number of threads.* got 1\.5$/],
])('%s', async (_what, threads, message) => {
  for (const [run, scenario] of [
    [runStudy, eightRuns],
    [runAdaptive, { ...smallMap, sweep: { axes, adaptive: {} } }],
  ] as const) {
    const out = join(newFolder(), 'out');
    await expect(compute(scenario, { out, run, ...threads })).rejects.toMatchObject({
      code: 'contract',
      message: expect.stringMatching(message),
    });
    expect(existsSync(out)).toBe(false);
  }
});

it('the module that "eigenflow/builtin" names is there', () => {
  expect(existsSync(fileURLToPath(workerModule))).toBe(true);
});
