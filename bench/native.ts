/**
 * Section 2: the native player beside WebAssembly, strict and relaxed, and C with fast-math, at two sizes; and what the
 * multiplications and additions alone would take. All contenders take turns in one run.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openWorkspace, type Workspace } from '../core/kernels/arena.js';
import type { KernelBuildName } from '../core/kernels/kernels.js';
import type { TapePlayer } from '../core/kernels/tape-player.js';
import { choosePlayer } from '../node/native/choose-player.js';
import { loadPlayer } from '../node/native/load-player.js';
import { createFramework } from './framework.js';
import { type Contender, clock, clockAsync, type Timing, takeTurns } from './measure.js';
import { checksum, createProblem, PUBLISHED, type Size } from './problem.js';
import { compileC, type Program, tapeStepper } from './steps.js';
import { contender, openNetwork } from './surrogates.js';

const RATE = 1e-3;
const CHECK_STEPS = 2000;
/** Products and sums of a turn: a few milliseconds. */
const WORK = 1e7;
const BYTES = 2 ** 25;
const SIZES: readonly Size[] = [PUBLISHED, { rows: 64, cols: 128, batch: 16 }];
const VARIATES = 4000;
const FRAMEWORK_STEPS = 1_000_000;

export interface NativeTimings {
  readonly size: string;
  readonly timings: readonly Timing[];
  /** Nanoseconds that the products and sums of the step take alone, in vectors as wide as the player's. Null without gcc. */
  readonly limit: number | null;
}

/** What else the player makes, nanoseconds each in the fastest turns. */
export interface OtherTiming {
  readonly name: string;
  readonly native: number;
  readonly wasm: number;
}

export interface NativeBench {
  readonly player: string;
  readonly sizes: readonly NativeTimings[];
  readonly others: readonly OtherTiming[];
  /** Of the fastest turns: the whole framework with the player, over the player's steps. */
  readonly frameworkToPlayer: number;
  /** Why contenders are missing. */
  readonly notes: readonly string[];
}

/** Nanoseconds of one product and one sum, fastest of many turns. */
function nanosecondsAPair(): number | null {
  const folder = mkdtempSync(join(tmpdir(), 'eigenflow-bench-'));
  try {
    const program = join(folder, 'limit');
    const source = fileURLToPath(new URL('./c/limit.c', import.meta.url));
    execFileSync('gcc', ['-O2', '-march=native', '-ffp-contract=off', '-o', program, source], { stdio: 'pipe' });
    return Number(execFileSync(program, { encoding: 'utf8' }));
  } catch {
    return null;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function played(name: string, size: Size, build: KernelBuildName, player?: TapePlayer): Contender & { sum: number } {
  const problem = createProblem(openWorkspace(BYTES, build, player), size);
  const step = tapeStepper(problem);
  const steps = Math.ceil(WORK / (size.rows * size.cols * size.batch));
  step(CHECK_STEPS, RATE);
  const [sum] = checksum(problem.weights);
  const measure = () => {
    problem.reset();
    return clock(steps, () => step(steps, RATE));
  };
  return { name, measure, sum };
}

async function measureSize(size: Size, player: TapePlayer, turns: number, notes: string[]): Promise<NativeTimings> {
  const [native, strict] = [played('native', size, 'strict', player), played('strict', size, 'strict')];
  if (native.sum !== strict.sum) throw new Error('the native player has other bits than WebAssembly');
  const contenders: Contender[] = [native, strict];
  try {
    contenders.push(played('relaxed', size, 'relaxed'));
  } catch (error) {
    notes.push((error as Error).message);
  }
  const programs: Program[] = [];
  const problem = createProblem(openWorkspace(BYTES), size);
  const steps = Math.ceil(WORK / (size.rows * size.cols * size.batch));
  for (const [name, flags] of [
    ['C, fast-math', []],
    ['C, 512 bits', ['-mprefer-vector-width=512']],
  ] as const) {
    const program = compileC(problem, flags);
    if (typeof program === 'string') {
      notes.push(program);
      continue;
    }
    const { sum } = program.run(CHECK_STEPS, RATE);
    if (!(Math.abs(sum / strict.sum - 1) < 1e-6)) throw new Error(`${name} does other work: ${sum}, not ${strict.sum}`);
    programs.push(program);
    contenders.push({ name, measure: () => program.run(steps, RATE).nanoseconds });
  }
  const timings = await takeTurns(contenders, turns);
  for (const program of programs) program.remove();
  const pair = nanosecondsAPair();
  const { rows, cols, batch } = size;
  // Forward and gradient of W, and the step on it.
  const pairs = rows * cols * (2 * batch + 1);
  return { size: `W ${rows} x ${cols}, batch ${batch}`, timings, limit: pair === null ? null : pairs * pair };
}

async function measureFramework(player: TapePlayer, turns: number): Promise<number> {
  const workspace: Workspace = openWorkspace(2 ** 27, 'strict', player);
  const problem = createProblem(workspace);
  const step = tapeStepper(problem);
  const framework = createFramework(problem, workspace);
  const [bare, whole] = await takeTurns(
    [
      {
        name: 'player',
        measure() {
          problem.reset();
          return clock(FRAMEWORK_STEPS, (n) => step(n, RATE));
        },
      },
      { name: 'whole framework', measure: () => clockAsync(FRAMEWORK_STEPS, (n) => framework(n, RATE)) },
    ],
    turns,
  );
  return whole.fastest / bare.fastest;
}

/** A variate; a step of the published network on all samples at once, without and with the exact Langevin noise. */
async function measureOthers(player: TapePlayer, turns: number): Promise<OtherTiming[]> {
  const players = [player, undefined];
  const variates = (kind: 'normals' | 'uniforms', made?: TapePlayer): Contender => {
    const { arena, kernels } = openWorkspace(2 ** 21, 'strict', made);
    const x = arena.vector(VARIATES);
    return { name: kind, measure: () => clock(VARIATES, () => kernels[kind](1, 2, 3, 4, 5, VARIATES, x)) };
  };
  const timings = await takeTurns(
    players.flatMap((made) => [
      variates('normals', made),
      variates('uniforms', made),
      contender('full batch', openNetwork({ use: 'full-batch' }, made), 2),
      contender('exact Langevin noise', openNetwork({ use: 'langevin', temperature: 1 / 32 }, made), 2),
    ]),
    turns,
  );
  const half = timings.length / 2;
  return timings
    .slice(0, half)
    .map(({ name, fastest }, i) => ({ name, native: fastest, wasm: timings[half + i].fastest }));
}

/** A reason in words where there is no native player. */
export async function measureNative(turns: number): Promise<NativeBench | string> {
  const { name, path, reason } = choosePlayer('native');
  if (path === undefined) return reason ?? name;
  const player = loadPlayer(path);
  const notes: string[] = [];
  const sizes: NativeTimings[] = [];
  for (const size of SIZES) sizes.push(await measureSize(size, player, 4 * turns, notes));
  const frameworkToPlayer = await measureFramework(player, Math.min(turns, 9));
  const others = await measureOthers(player, 2 * turns);
  return { player: name, sizes, others, frameworkToPlayer, notes: [...new Set(notes)] };
}
