/** Section 5: many short runs. What a run costs beyond its steps, and the memory of a large sweep over two workers. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { lastValueFrom } from 'rxjs';
import type { Scenario } from '../core/scenario/scenario.js';
import { runStudy } from '../node/study/run-study.js';
import { prepareStudy } from '../node/study/study.js';
import { builtinPlugins } from '../plugins/builtin.js';

export interface Sweeps {
  readonly runs: number;
  readonly steps: number;
  /** Milliseconds a run beyond its steps, stored results and all, on the main thread. */
  readonly overhead: number;
  readonly memory: Memory | string;
}

export interface Memory {
  readonly runs: number;
  readonly workers: number;
  readonly seconds: number;
  /** Largest resident set of the whole process; unit: 2^20 bytes. */
  readonly peak: number;
}

const STEPS = 100;
const CELL_WIDTHS = [0.1, 0.2, 0.4, 0.6, 0.8, 1, 1.5, 2, 3, 4, 6, 8];
const CELL_RATES = [0.01, 0.02, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1, 1.5, 2, 3];

/** The published network at its full size, for a moment. */
function shortRuns(axes: Readonly<Record<string, readonly number[]>>, seeds: number): Scenario {
  const end = { when: { at: [STEPS] } };
  return {
    title: 'Short runs',
    plugins: ['teacher-student', 'sgd', 'training', 'spectrum', 'phases'],
    seed: 1,
    steps: STEPS,
    model: { use: 'teacher-student' },
    loss: { use: 'half-mean-square' },
    noise: { use: 'minibatch', batchSize: 4, order: 'cyclic' },
    optimiser: { use: 'sgd', learningRate: 0.1 },
    observers: {
      loss: { use: 'test-loss', ...end },
      spectrum: { use: 'gram-spectrum', block: 'W', ...end },
      overlap: { use: 'overlap', ...end },
    },
    sweep: { axes, seeds },
  };
}

/** @param nanosecondsAStep what the steps alone take */
async function measureOverhead(folder: string, runs: number, nanosecondsAStep: number): Promise<number> {
  const study = await prepareStudy({ scenario: shortRuns({}, runs), folder }, builtinPlugins);
  const options = { out: join(folder, 'short'), workers: 0, builtin: builtinPlugins, player: 'wasm' as const };
  const start = performance.now();
  await lastValueFrom(runStudy(study, options, new AbortController().signal));
  return (performance.now() - start) / runs - (STEPS * nanosecondsAStep) / 1e6;
}

/** Loaded into the command before it starts; its last act is to write down the largest memory that it had. */
const witness = (file: string) =>
  `import { isMainThread } from 'node:worker_threads';
  import { writeFileSync } from 'node:fs';
  if (isMainThread) process.on('exit', () => writeFileSync(${JSON.stringify(file)}, String(process.resourceUsage().maxRSS)));`;

function measureMemory(folder: string): Memory | string {
  const command = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
  if (!existsSync(command)) return 'skipped: there is no dist/cli/main.js; npm run build makes it';
  const scenario = join(folder, 'sweep.json');
  const peak = join(folder, 'peak');
  const workers = 2;
  const seeds = 10;
  const axes = { 'model.initialWidth': CELL_WIDTHS, 'optimiser.learningRate': CELL_RATES };
  writeFileSync(scenario, JSON.stringify(shortRuns(axes, seeds)));
  const preload = `data:text/javascript,${encodeURIComponent(witness(peak))}`;
  const start = performance.now();
  const options = ['run', scenario, '--out', join(folder, 'sweep'), '--workers', String(workers), '--no-figures'];
  execFileSync(process.execPath, ['--import', preload, command, ...options], { stdio: 'pipe' });
  return {
    runs: CELL_WIDTHS.length * CELL_RATES.length * seeds,
    workers,
    seconds: (performance.now() - start) / 1000,
    peak: Number(readFileSync(peak, 'utf8')) / 1024,
  };
}

export async function measureSweeps(nanosecondsAStep: number): Promise<Sweeps> {
  const folder = mkdtempSync(join(tmpdir(), 'eigenflow-bench-'));
  const runs = 1000;
  try {
    const overhead = await measureOverhead(folder, runs, nanosecondsAStep);
    return { runs, steps: STEPS, overhead, memory: measureMemory(folder) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
