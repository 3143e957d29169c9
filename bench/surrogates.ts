/** Section 4: the surrogates. Langevin noise against the full-batch gradient and the gemm bound; levels against numpy. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createRegistry } from '../core/container.js';
import { createSimulation, type Simulation } from '../core/engine/simulation.js';
import { openWorkspace } from '../core/kernels/arena.js';
import type { TapePlayer } from '../core/kernels/tape-player.js';
import { resolveScenario } from '../core/scenario/resolve.js';
import type { Scenario } from '../core/scenario/scenario.js';
import dyson from '../plugins/dyson/index.js';
import langevin from '../plugins/langevin/index.js';
import sgd from '../plugins/sgd/index.js';
import teacherStudent from '../plugins/teacher-student/index.js';
import { type Contender, clock, takeTurns } from './measure.js';
import { peerPython } from './peers.js';

const [ROWS, COLS, SAMPLES] = [16, 32, 4000];
/** Of the square product that the bound is taken from; small enough for a turn to be left alone on a busy machine. */
const BOUND = 192;
const LEVELS = 16;
/** Short turns: on a busy machine some of many are left alone. */
const LEVEL_STEPS = 200;

export interface Surrogates {
  /** Microseconds a step, fastest turn. */
  readonly fullBatch: number;
  readonly exactNoise: number;
  /** Cost of the exact noise over the full-batch gradient alone. */
  readonly noiseFactor: number;
  /** Products of the step with the exact noise, in percent of the rate of one large product. */
  readonly percentOfBound: number;
  /** Microseconds a step of matrix-step with LEVELS levels, fastest turn. */
  readonly matrixStep: number;
  /** Time of the same scheme in numpy over this, measured right after it; null when it was skipped. */
  readonly ratioToNumpy: number | null;
  readonly note: string;
}

const plugins = [teacherStudent, sgd, langevin, dyson];
const registry = createRegistry(plugins);
const noFiles = (path: string): never => {
  throw new Error(`no file ${path} in this bench`);
};

function open(scenario: Omit<Scenario, 'title' | 'plugins' | 'steps'>, bytes: number, player?: TapePlayer): Simulation {
  const complete = { ...scenario, title: 'bench', plugins: plugins.map(({ name }) => name), steps: 1e9 };
  const { runs } = resolveScenario(complete, registry, noFiles);
  return createSimulation(runs[0], registry, openWorkspace(bytes, 'strict', player), noFiles);
}

/** A run of the published network. */
export const openNetwork = (noise: Scenario['noise'], player?: TapePlayer): Simulation =>
  open(
    {
      model: { use: 'teacher-student', initialWidth: 0.5, samples: SAMPLES },
      loss: { use: 'half-mean-square' },
      noise,
      optimiser: { use: 'sgd', learningRate: 1 / 1024 },
    },
    2 ** 24,
    player,
  );

export const contender = (name: string, run: Simulation, steps: number): Contender => ({
  name,
  measure: () => clock(steps, (n) => run.advance(run.clock.step + n)),
});

function boundContender() {
  const { arena, kernels } = openWorkspace(2 ** 23);
  const [a, b, c] = Array.from({ length: 3 }, () => arena.vector(BOUND * BOUND));
  kernels.normals(1, 0, 0, 0, 0, a.length, a);
  kernels.normals(2, 0, 0, 0, 0, b.length, b);
  return { name: 'bound', measure: () => clock(1, () => kernels.dense(a, BOUND, BOUND, b, null, BOUND, c)) };
}

/** Microseconds a step of the same scheme in numpy. @throws Error with the reason when Python or numpy is missing */
function numpyMatrixStep(): number {
  const script = fileURLToPath(new URL('./peers/matrix_step.py', import.meta.url));
  const python = peerPython();
  if (!existsSync(python)) throw new Error('run with --peers first: it installs numpy');
  const out = execFileSync(python, [script, String(LEVELS), String(LEVEL_STEPS)], { encoding: 'utf8', stdio: 'pipe' });
  return Number(out) / 1000;
}

export async function measureSurrogates(turns: number): Promise<Surrogates> {
  const levels = open(
    {
      model: { use: 'dyson-brownian-motion', levels: LEVELS, temperature: 0.5 },
      loss: { use: 'mean-output' },
      noise: { use: 'full-batch' },
      optimiser: { use: 'matrix-step', stepSize: 0.01 },
    },
    2 ** 21,
  );
  const timings = await takeTurns(
    [
      contender('full-batch', openNetwork({ use: 'full-batch' }), 2),
      contender('exact', openNetwork({ use: 'langevin', temperature: 1 / 32 }), 2),
      boundContender(),
      contender('matrix-step', levels, LEVEL_STEPS),
    ],
    turns,
  );
  const [fullBatch, exactNoise, bound, matrixStep] = timings.map(({ fastest }) => fastest / 1000);
  // Forward and backward of W, and of the read-out with its transpose.
  const flops = 2 * 2 * SAMPLES * ROWS * COLS + 2 * 2 * SAMPLES * ROWS;
  const rate = (amount: number, time: number) => amount / time;
  let ratioToNumpy: number | null = null;
  let note = '';
  try {
    ratioToNumpy = numpyMatrixStep() / matrixStep;
  } catch (error) {
    note = `numpy skipped: ${(error as Error).message.split('\n')[0]}`;
  }
  return {
    fullBatch,
    exactNoise,
    noiseFactor: exactNoise / fullBatch,
    percentOfBound: (100 * rate(flops, exactNoise)) / rate(2 * BOUND ** 3, bound),
    matrixStep,
    ratioToNumpy,
    note,
  };
}
