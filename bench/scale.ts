/**
 * Many runs in one folder: seconds of `run`, of reading the rows (`status`) and of `export` at doubling numbers of runs,
 * and what a second worker gives on runs of about a second. `npx tsx bench/scale.ts [most runs]`; writes
 * bench/results/scale.json. Times per run should not grow with the number of runs.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { lastValueFrom } from 'rxjs';
import { exportDataset } from '../analysis/export/index.js';
import type { Scenario } from '../core/scenario/scenario.js';
import { readRows } from '../node/results/stored-rows.js';
import { runStudy } from '../node/study/run-study.js';
import { prepareStudy } from '../node/study/study.js';
import { builtinPlugins } from '../plugins/builtin.js';

const workerModule = new URL('../dist/cli/worker.js', import.meta.url);
const most = Number(process.argv[2] ?? 20_000);
if (!(most >= 8)) throw new Error('the most runs must be a number from 8 up');

const tiny = (steps: number, sweep: Scenario['sweep']): Scenario => ({
  title: 'Tiny runs',
  plugins: ['teacher-student', 'sgd', 'training'],
  steps,
  model: { use: 'teacher-student', hidden: 4, features: 2, samples: 8 },
  loss: { use: 'half-mean-square' },
  noise: { use: 'minibatch', batchSize: 4, order: 'cyclic' },
  optimiser: { use: 'sgd', learningRate: 0.1 },
  observers: { loss: { use: 'full-loss', when: 'end' } },
  sweep,
});

const seconds = async (work: () => unknown) => {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
};

async function compute(scenario: Scenario, folder: string, out: string, workers: number): Promise<void> {
  const study = await prepareStudy({ scenario, folder }, builtinPlugins);
  const options = { out, workers, workerModule, builtin: builtinPlugins };
  await lastValueFrom(runStudy(study, options, new AbortController().signal));
}

const folder = mkdtempSync(join(tmpdir(), 'eigenflow-scale-'));
try {
  const scale = [];
  for (const runs of [most / 8, most / 4, most / 2, most].map(Math.floor)) {
    const out = join(folder, `runs-${runs}`);
    // As an axis of many values and as seeds: both grow.
    const rates = Array.from({ length: Math.ceil(runs / 4) }, (_, i) => 0.1 + i / runs);
    const scenario = tiny(20, { axes: { 'optimiser.learningRate': rates }, seeds: 4 });
    const row = {
      runs: 4 * rates.length,
      run: await seconds(() => compute(scenario, folder, out, 2)),
      again: await seconds(() => compute(scenario, folder, out, 2)),
      status: await seconds(() => readRows(out, ['optimiser.learningRate'])),
      export: await seconds(() => exportDataset(out, 'zarr')),
    };
    scale.push(row);
    const each = (time: number) => `${((1000 * time) / row.runs).toFixed(3)} ms`;
    console.log(
      `${row.runs} runs, each: run ${each(row.run)}, again ${each(row.again)}, status ${each(row.status)}, export ${each(row.export)}`,
    );
    rmSync(out, { recursive: true });
  }
  const long = tiny(8_000_000, { seeds: 30 });
  const times: [number, number] = [0, 0];
  for (const workers of [1, 2] as const) {
    times[workers - 1] = await seconds(() => compute(long, folder, join(folder, `workers-${workers}`), workers));
  }
  const gain = times[0] / times[1];
  console.log(`30 runs of ${(times[0] / 30).toFixed(2)} s: two workers give ${gain.toFixed(2)} times one`);
  const results = fileURLToPath(new URL('./results', import.meta.url));
  mkdirSync(results, { recursive: true });
  writeFileSync(join(results, 'scale.json'), `${JSON.stringify({ scale, workers: { times, gain } }, null, 2)}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
