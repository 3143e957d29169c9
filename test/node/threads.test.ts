// What a script that calls core may forget is said before anything is written.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import * as builtin from '../../cli/builtin.js';
import { packageFile } from '../../node/scenario/load-module.js';
import { runAdaptive } from '../../node/study/run-adaptive.js';
import { runStudy } from '../../node/study/run-study.js';
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

it('the modules that "eigenflow/builtin" names are there, from the source and from the build', async () => {
  const built = await import(/* @vite-ignore */ pathToFileURL(packageFile('dist', 'cli', 'builtin.js')).href);
  for (const { workerModule, analysisWorkerModule } of [builtin, built]) {
    for (const module of [workerModule, analysisWorkerModule]) expect(existsSync(fileURLToPath(module))).toBe(true);
  }
});

it('only the command and its threads ask Node to heed source maps', () => {
  const script = `
    import { loadScenario } from 'eigenflow/node';
    import 'eigenflow/builtin';
    import 'eigenflow/testing';
    await loadScenario(process.argv[1], []);
    process.stdout.write(String(process.sourceMapsEnabled));
  `;
  const scenario = packageFile('scenarios', 'phase-diagram-preview.ts');
  const options = { cwd: packageFile(), encoding: 'utf8' } as const;
  const said = execFileSync(process.execPath, ['--input-type=module', '-e', script, scenario], options);
  expect(said).toBe('false');
});
